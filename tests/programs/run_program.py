#!/usr/bin/env python3
"""Runs one program of examples/ in every way and compares what it prints and what is found with what programs.txt says.

Ways: without a trace (the report on stderr), with a trace (the view `leak`, read by SQLite itself, not by the
inspector), under `leash run` (the exit code); all on the virtual clock, the first two on the real clock as well where
the program is quick; or all on the one clock that the table tells. What `leash check` says of it is kept whole in reports/.

UPDATE_GOLDEN=1 writes that anew; read the difference before it is committed.
"""
import argparse
import concurrent.futures
import os
import re
import sqlite3
import subprocess
import sys
import tempfile

ERRORS = {"never-awaited", "unreferenced", "pending-at-exit", "never-retrieved", "deadlock", "lock-held"}
WITHOUT_TRACE = ERRORS | {"never-joined", "blocked-loop"}  # what the report at exit knows
QUICK = 4  # seconds on the real clock
HERE = os.path.dirname(os.path.abspath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))


class Expected:
    def __init__(self, table, name, scan):
        with open(table, encoding="utf-8") as file:
            rows = [line.split() for line in file if line.strip() and not line.startswith("#")]
        row = next((row for row in rows if row[0] == name), None)
        if row is None:
            sys.exit(f"{name} is not in {table}")
        self.findings = {}
        for item in [] if row[1] == "-" else row[1].split(","):
            cls, count = item.split("=")
            if cls == "blocked-loop" and not scan:
                continue  # no watchdog either
            if cls == "unreferenced" and not scan:
                cls = "pending-at-exit"
            self.findings[cls] = self.findings.get(cls, 0) + int(count)
        self.may_also = set() if row[2] == "-" else set(row[2].split(","))
        self.seconds = float(row[3])
        self.clock = row[4] if len(row) > 4 else None

    def clocks(self, virtual_only):
        """True for the virtual one."""
        if self.clock:
            return [self.clock == "virtual"]
        return [True, False] if self.seconds < QUICK and not virtual_only else [True]

    def environment(self, virtual, trace=None):
        """Only who is told to block is watched: on a busy machine others may, too."""
        env = {key: value for key, value in os.environ.items() if not key.startswith("LEASH_")}
        env["LEASH_OPTIONS"] = f"virtual_time={int(virtual)}"
        if "blocked-loop" not in self.findings:
            env["LEASH_OPTIONS"] += ":blocked_ms=0"
        if trace:
            env["LEASH_TRACE"] = trace
        return env

    def exit_code(self):
        return 1 if ERRORS & set(self.findings) else 0


def run(command, env):
    return subprocess.run(command, env=env, capture_output=True, text=True, timeout=60, check=False)


DURATION = re.compile(r"\d+\.\d\d(?= s)")


def same_lines(printed, golden, virtual):
    """On the virtual clock byte for byte; on the real one a duration may be late, never early."""
    if virtual:
        return printed == golden
    if DURATION.sub("T", printed) != DURATION.sub("T", golden):
        return False
    pairs = zip(DURATION.findall(printed), DURATION.findall(golden))
    return all(-0.015 < float(got) - float(told) < 1 for got, told in pairs)


def found_in_trace(trace):
    db = sqlite3.connect(f"file:{trace}?mode=ro", uri=True)
    try:
        return dict(db.execute("SELECT class, count(*) FROM leak GROUP BY class"))
    finally:
        db.close()


HEADLINE = re.compile(r"^leash: (?:error|warning)\[([a-z-]+)\]: (.*)$", re.MULTILINE)
COUNT = re.compile(r"^(\d+) |(\d+) times")


def found_in_report(stderr):
    """The report groups what has one site: "5 tasks ...", "coroutine `f` was created 3 times"."""
    found = {}
    for cls, text in HEADLINE.findall(stderr):
        count = COUNT.search(text)
        found[cls] = found.get(cls, 0) + (int(count[1] or count[2]) if count else 1)
    return found


# What libc's frames are called depends on whether its debug information is installed.
LIBC_FRAME, LIBC_SLEEP = re.compile(r"\S+ \.\./\S+ < |\S*libc\.so\S* < "), re.compile(r"\w*nanosleep")
STOOD_IN = re.compile(r"(  stood in +\S+ \S+) < .*")  # a compiler that optimises leaves out callers
SECONDS, COUNT_OF_TASKS = re.compile(r"\d+\.\d+s"), re.compile(r"\d+ tasks?")


def report_of(options, trace, virtual):
    """On the real clock times are any, and so is how many tasks a server needed."""
    folder, name = os.path.split(trace)
    env = {"XDG_CONFIG_HOME": "/nonexistent", "PATH": os.environ["PATH"]}
    command = [os.path.abspath(options.leash), "check", "--source", SOURCE, "--color", "never", name]
    result = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=60, check=False)
    if result.returncode not in (0, 1):
        return result.stderr
    text = result.stdout.replace(name, os.path.basename(options.program) + ".db")
    text = STOOD_IN.sub(r"\1", LIBC_SLEEP.sub("nanosleep", LIBC_FRAME.sub("", text)))
    return text if virtual else COUNT_OF_TASKS.sub("N tasks", SECONDS.sub("T", text))


class Checker:
    def __init__(self, expected):
        self.expected = expected
        self.failures = 0

    def fail(self, way, text):
        self.failures += 1
        print(f"FAILED {way}: {text}")

    def lines(self, way, result, golden, virtual):
        if not same_lines(result.stdout, golden, virtual):
            self.fail(way, f"printed\n{result.stdout}instead of\n{golden}")
        if result.returncode != 0:
            self.fail(way, f"exit code {result.returncode}; stderr:\n{result.stderr}")

    def report(self, options, trace, virtual):
        """The one that a user reads, word by word."""
        path = os.path.join(HERE, "reports", os.path.basename(options.program) + ".txt")
        text = report_of(options, trace, virtual)
        if os.environ.get("UPDATE_GOLDEN"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        with open(path, encoding="utf-8") as file:
            wanted = file.read()
        if text != wanted:
            self.fail("leash check", f"said\n{text}instead of\n{wanted}")

    def findings(self, way, found, detail, classes=None):
        wanted = {cls: count for cls, count in self.expected.findings.items() if classes is None or cls in classes}
        left = {cls: count for cls, count in found.items() if cls not in self.expected.may_also}
        if left != wanted:
            self.fail(way, f"found {found}, not {wanted}\n{detail}")


def run_in_time(expected, options, golden, virtual, trace=None):
    """On the real clock again if the lines are others: a machine that stands still for longer than two timers lie apart
    has both due at once. Returns the result and the trace's path."""
    for attempt in range(1 if virtual else 3):
        path = trace and f"{trace}-{attempt}.db"
        result = run([options.program], expected.environment(virtual, path))
        if same_lines(result.stdout, golden, virtual):
            break
    return result, path


def plain(checker, options, golden, virtual):
    way = f"no trace, {'virtual' if virtual else 'real'} clock"
    result, _ = run_in_time(checker.expected, options, golden, virtual)
    checker.lines(way, result, golden, virtual)
    checker.findings(way, found_in_report(result.stderr), result.stderr, WITHOUT_TRACE)


def traced(checker, options, golden, virtual, folder):
    clock = "virtual" if virtual else "real"
    result, trace = run_in_time(checker.expected, options, golden, virtual, os.path.join(folder, clock))
    checker.lines(f"trace, {clock} clock", result, golden, virtual)
    checker.findings(f"trace, {clock} clock", found_in_trace(trace), result.stderr)
    if options.leash and not options.no_scan and virtual == checker.expected.clocks(options.virtual_only)[0]:
        checker.report(options, trace, virtual)


def under_leash_run(checker, options, folder):
    virtual = checker.expected.clock != "real"
    command = [options.leash, "run", "-o", os.path.join(folder, "run.db"), "--", options.program]
    result = run(command, checker.expected.environment(virtual))
    wanted = checker.expected.exit_code()
    if result.returncode != wanted:
        checker.fail("leash run", f"exit code {result.returncode}, not {wanted}\n{result.stdout}{result.stderr}")


def check(options, expected, golden, folder):
    """All ways at the same time: on the real clock the programs mostly sleep."""
    checker = Checker(expected)
    ways = []
    for virtual in expected.clocks(options.virtual_only):
        ways.append((plain, golden, virtual))
        ways.append((traced, golden, virtual, folder))
    if options.leash:
        ways.append((under_leash_run, folder))
    with concurrent.futures.ThreadPoolExecutor(len(ways)) as pool:
        for running in [pool.submit(way, checker, options, *arguments) for way, *arguments in ways]:
            running.result()
    return checker.failures


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--program", required=True)
    parser.add_argument("--leash", help="the inspector; without it `leash run` is not tried")
    parser.add_argument("--no-scan", action="store_true", help="a build in which no scan can run")
    parser.add_argument("--virtual-only", action="store_true")
    options = parser.parse_args()
    name = os.path.basename(options.program)
    expected = Expected(os.path.join(HERE, "programs.txt"), name, not options.no_scan)
    with open(os.path.join(HERE, "golden", f"{name}.txt"), encoding="utf-8") as file:
        golden = file.read()
    with tempfile.TemporaryDirectory(prefix="leash-programs-") as folder:
        sys.exit(1 if check(options, expected, golden, folder) else 0)


if __name__ == "__main__":
    main()
