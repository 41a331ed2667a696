"""planted.py [--no-scan] --leash LEASH PLANTED CLEAN SOURCE: the checker of leaks fails when it must.

PLANTED fails exactly the tests that comments in SOURCE name, each at the line of its comment and with the class that it
tells; CLEAN, its twin, passes. Both with a trace and without; and a trace tells which test each leak belongs to.
"""
import argparse
import os
import re
import subprocess
import sys
import tempfile

MARK = re.compile(r"/\* leaks: (\S+) (\S+) \*/")
LISTED = re.compile(r"leash_cmocka_unit_test\w*\((\w+)")


def expected(source, no_scan):
    """{test: (class, line)}"""
    marks = {}
    with open(source, encoding="utf-8") as text:
        for number, line in enumerate(text, 1):
            for leak, test in MARK.findall(line):
                if no_scan and leak == "unreferenced":
                    leak = "pending-at-exit"
                marks[test] = (leak, number)
    return marks


def run(program, **environment):
    env = {**os.environ, "LEASH_OPTIONS": "", "LC_ALL": "C", **environment}
    done = subprocess.run([program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=env, check=False)
    return done.returncode, done.stdout


def failures(output):
    """{test: (class, line)}, and how many tests there were."""
    found, runs = {}, 0
    test = leak = line = None
    for text in output.splitlines():
        if match := re.match(r"\[ RUN      \] (\w+)", text):
            test, leak, line = match[1], None, None
            runs += 1
        elif match := re.search(r"leash: (?:error|warning)\[([\w-]+)\]", text):
            leak = leak or match[1]
        elif match := re.search(r"planted\.c:(\d+): error: Failure!", text):
            line = int(match[1])
        elif re.match(r"\[  (FAILED|ERROR)\s+\] " + re.escape(test or "?") + r"\b", text):
            found[test] = (leak, line)
    return found, runs


def check(what, condition, *details):
    if condition:
        return
    print("FAILED:", what)
    for detail in details:
        print(detail)
    sys.exit(1)


def check_planted(program, marks, **environment):
    code, output = run(program, **environment)
    found, runs = failures(output)
    check("not the tests that leak fail, or not at their lines", found == marks,
          *(f"{test}: {found.get(test)}, not {marks.get(test)}" for test in sorted({*found, *marks})
            if found.get(test) != marks.get(test)), output)
    check("the exit code does not tell how many fail", code == len(marks), code)
    return runs


def check_trace(leash, trace, marks):
    done = subprocess.run([leash, "list", "leaks", "--format", "csv", "--columns", "test,class,line", trace],
                          stdout=subprocess.PIPE, text=True, check=True)
    found = {}
    for row in done.stdout.splitlines()[1:]:
        test, leak, line = row.split(",")
        found[test] = (leak, int(line))
    named = {("inner" if test == "in_a_loop" else test): mark for test, mark in marks.items()}
    check("the trace does not tell whose the leaks are", found == named, found, named)
    done = subprocess.run([leash, "list", "leaks", "--format", "csv", "--columns", "class", "--where", "test=pending", trace],
                          stdout=subprocess.PIPE, text=True, check=True)
    check("--where test= does not choose", done.stdout.splitlines() == ["class", "pending-at-exit"], done.stdout)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--no-scan", action="store_true")
    parser.add_argument("--leash", required=True)
    parser.add_argument("planted")
    parser.add_argument("clean")
    parser.add_argument("source")
    arguments = parser.parse_args()
    marks = expected(arguments.source, arguments.no_scan)
    check("nothing is marked", len(marks) > 10)
    runs = check_planted(arguments.planted, marks)
    code, output = run(arguments.clean)
    check("the clean twin fails", code == 0 and failures(output) == ({}, runs), output)
    with tempfile.TemporaryDirectory() as folder:
        trace = os.path.join(folder, "planted.db")
        check_planted(arguments.planted, marks, LEASH_TRACE=trace)
        check_trace(arguments.leash, trace, marks)
    print(f"{len(marks)} of {runs} tests leak and fail")


main()
