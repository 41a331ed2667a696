#!/usr/bin/env python3
"""Runs async scripts on leash and on CPython's asyncio, and compares the logs line for line.

    compare.py --leash-script PROGRAM --work DIR fixed N      the seeds 1 to N
    compare.py --leash-script PROGRAM --work DIR fresh N      N seeds that nobody has seen, from one that is printed
    compare.py --leash-script PROGRAM --work DIR seed FROM N  the seeds from FROM
    compare.py --leash-script PROGRAM --work DIR files SCRIPT...
    compare.py --leash-script PROGRAM recorded DIR            with the logs in DIR, beside the scripts: needs no CPython 3.11
    compare.py record SCRIPT...                               writes those logs

Exit status: 0 all equal; 1 not; 77 there is no CPython 3.11 here. Failing scripts are kept in DIR/failed; with --minimise
the first is cut down to what still fails.
"""
import argparse
import concurrent.futures
import itertools
import os
import pathlib
import random
import shutil
import subprocess
import sys

import generate

HERE = pathlib.Path(__file__).resolve().parent
SKIPPED = 77
LEFT = 3                      # exit status of a script that left the format
RUN_SECONDS_MAX = 60


def find_python():
    candidates = [sys.executable, shutil.which("python3.11"), shutil.which("python3")]
    for python in filter(None, candidates):
        command = [python, "-c", "import sys; sys.exit(sys.version_info[:2] != (3, 11))"]
        if subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0:
            return python
    return None


class Oracle:
    """One process that answers for every script."""

    def __init__(self, python):
        self.process = subprocess.Popen([python, "-B", str(HERE / "oracle.py"), "--many"], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def log(self, path):
        """-> (status, lines)"""
        self.process.stdin.write("%s\n" % path)
        self.process.stdin.flush()
        mark, status, count, _ = self.process.stdout.readline().split(" ", 3)
        assert mark == "%%"
        return int(status), [self.process.stdout.readline().rstrip("\n") for _ in range(int(count))]


def run_leash(program, path, status=0):
    """-> (complaint or None, lines)"""
    try:
        done = subprocess.run([*program, str(path)], capture_output=True, text=True, timeout=RUN_SECONDS_MAX, errors="replace")
    except subprocess.TimeoutExpired:
        return "does not end", []
    complaint = None
    if done.returncode != status or (done.stderr and status == 0):
        complaint = "exit status %d\n%s" % (done.returncode, done.stderr[-4000:])
    return complaint, done.stdout.splitlines()


class Difference:
    def __init__(self, path, expected, complaint, got):
        self.path, self.expected, self.complaint, self.got = path, expected, complaint, got

    def show(self):
        print("---- %s" % self.path)
        print(pathlib.Path(self.path).read_text(), end="")
        if self.complaint:
            print("---- leash-script: %s" % self.complaint.rstrip())
        print("---- %-50s   %s" % ("expected", "leash"))
        same = 0
        rows = list(itertools.zip_longest(self.expected, self.got, fillvalue="(no line)"))
        while same < len(rows) and rows[same][0] == rows[same][1]:
            same += 1
        for index, (left, right) in enumerate(rows[:same + 6]):
            if index > same - 12:
                print("%s %-53s   %s" % (" " if left == right else ">", left, right))


def compare(program, path, expected):
    """-> Difference or None"""
    complaint, got = run_leash(program, path)
    return Difference(path, expected, complaint, got) if complaint or got != expected else None


def notice(program, path):
    """A script that left the format, which leash-script has to notice too. -> Difference or None"""
    complaint, got = run_leash(program, path, LEFT)
    return Difference(path, [], complaint, got) if complaint else None


def compare_all(program, expected, left):
    """expected: {path: lines}, left: paths of scripts without a reference -> differences"""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        results = [*pool.map(lambda item: compare(program, *item), expected.items()),
                   *pool.map(lambda path: notice(program, path), left)]
        return [difference for difference in results if difference]


# ---------------------------------------------------------------- cutting a script down

def pieces(lines):
    """What may be taken out of a script: runs of lines, from long to single ones; a block, or only its first line and `end`."""
    size = len(lines) // 2
    while size:
        for start in range(0, len(lines), size):
            yield set(range(start, min(start + size, len(lines))))
        size //= 2
    opened = []
    for number, line in enumerate(lines):
        word = line.strip().lstrip("?").split(" ")[0]
        if word in generate.BLOCKS:
            opened.append(number)
        elif word == "end" and opened:
            start = opened.pop()
            yield {start, number}
            yield set(range(start, number + 1))
        if "?" in line:
            yield number


def without(lines, piece):
    if isinstance(piece, int):
        return [line.replace("?", "", 1) if index == piece else line for index, line in enumerate(lines)]
    return [line for index, line in enumerate(lines) if index not in piece]


def minimise(program, oracle, path, work):
    lines = pathlib.Path(path).read_text().splitlines()
    small = work / "minimal.script"

    def fails(candidate):
        small.write_text("\n".join(candidate) + "\n")
        status, expected = oracle.log(small)
        return compare(program, small, expected) if status == 0 else None

    best, shrunk = None, True
    while shrunk:
        shrunk = False
        for piece in pieces(lines):
            difference = fails(without(lines, piece))
            if difference:
                lines, best, shrunk = without(lines, piece), difference, True
                break
    fails(lines)
    return best


# ---------------------------------------------------------------- what to compare

def generated(seeds, ops, work):
    folder = work / "scripts"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for seed in seeds:
        path = folder / ("%d.script" % seed)
        path.write_text(generate.generate(seed, ops))
        yield path


def reference(oracle, paths):
    """-> ({path: log}, the scripts that left the format)"""
    logs, left = {}, []
    for path in paths:
        status, lines = oracle.log(path)
        if status == 0:
            logs[path] = lines
        elif status == LEFT:
            left.append(path)
        else:
            raise SystemExit("compare.py: the oracle refuses %s" % path)
    return logs, left


def recorded(folder):
    scripts = sorted(pathlib.Path(folder).glob("*.script"))
    return {path: path.with_suffix(".log").read_text().splitlines() for path in scripts}


def record(python, paths):
    oracle = Oracle(python)
    for path in map(pathlib.Path, paths):
        status, lines = oracle.log(path)
        if status:
            raise SystemExit("compare.py: %s: the oracle's status is %d" % (path, status))
        path.with_suffix(".log").write_text("".join(line + "\n" for line in lines))


def seeds_of(options):
    numbers = list(map(int, options.what))
    if options.mode == "fixed":
        return range(1, 1 + numbers[0])
    if options.mode == "fresh":
        start = random.SystemRandom().randrange(10**6, 10**9)
        print("differential: fresh seeds from %d (again: compare.py ... seed %d %d)" % (start, start, numbers[0]))
        return range(start, start + numbers[0])
    return range(numbers[0], numbers[0] + numbers[1])


def finish(options, differences, count, left, oracle):
    print("differential: %d scripts compared, %d differ, %d left the format" % (count, len(differences), left))
    if not differences:
        return 0
    if options.work:
        failed = options.work / "failed"
        failed.mkdir(parents=True, exist_ok=True)
        for difference in differences:
            shutil.copy(difference.path, failed)
        print("differential: failing scripts are in %s" % failed)
    first = differences[0]
    if options.minimise and oracle:
        first = minimise(options.leash_script, oracle, first.path, options.work) or first
    first.show()
    print("differential: failing: %s" % " ".join(difference.path.stem for difference in differences[:50]))
    return 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--leash-script", type=str.split, metavar="PROGRAM", help="may be a command of several words")
    parser.add_argument("--work", type=pathlib.Path, metavar="DIR")
    parser.add_argument("--ops", default="core", help="as generate.py takes them")
    parser.add_argument("--minimise", action="store_true")
    parser.add_argument("mode", choices=("fixed", "fresh", "seed", "files", "recorded", "record"))
    parser.add_argument("what", nargs="+")
    options = parser.parse_args()
    if options.mode == "recorded":
        expected = recorded(options.what[0])
        return finish(options, compare_all(options.leash_script, expected, []), len(expected), 0, None)
    python = find_python()
    if not python:
        print("differential: no CPython 3.11 here; the recorded logs are compared elsewhere")
        return SKIPPED
    if options.mode == "record":
        return record(python, options.what)
    oracle = Oracle(python)
    if options.mode == "files":
        paths = map(pathlib.Path, options.what)
    else:
        paths = generated(seeds_of(options), options.ops, options.work)
    expected, left = reference(oracle, paths)
    return finish(options, compare_all(options.leash_script, expected, left), len(expected), len(left), oracle)


if __name__ == "__main__":
    sys.exit(main())
