#!/usr/bin/env python3
"""What is no script: refused by leash-script with the file and the line, and by the oracle where CPython 3.11 is.

    refusals.py LEASH_SCRIPT WORK_DIR
"""
import pathlib
import subprocess
import sys

import compare

# (script, the line that is refused, 0 if that is the last; None: it is a script after all)
CASES = [
    ("", 0),
    ("# nothing\n\n", 0),
    ("coro other\n", 0),
    ("coro main\n", None),
    ("coro main\r\n\tlog\x0ba # comment\r\n", None),
    ("coro main\nlog a#b\n", None),
    ("coro main\nfrobnicate\n", 2),
    ("coro main\nlog a\n? log a\n", 3),
    ("coro main\n??log a\n", 2),
    ("log a\ncoro main\n", 1),
    ("coro\n", 1),
    ("coro main extra\n", 1),
    ("coro main\ncoro main\n", 2),
    ("coro main\ntimeout 1\ncoro other\nend\n", 3),
    ("coro main\nend\n", 2),
    ("end\ncoro main\n", 1),
    ("coro main\ntimeout 1\nend 1\n", 3),
    ("coro main\ntimeout 1\n?end\n", 3),
    ("coro main\nrepeat 2\ntimeout 1\nend\n", 0),
    ("coro main\nlog\n", 2),
    ("coro main\nlog a b\n", 2),
    ("coro main\nsleep\n", 2),
    ("coro main\nsleep -1\n", 2),
    ("coro main\nsleep 1.5\n", 2),
    ("coro main\nsleep one\n", 2),
    ("coro main\nspawn t\n", 2),
    ("coro main\nspawn t nobody\n", 2),
    ("coro main\nmake t nobody\n", 2),
    ("coro main\ncall t\n", 2),
    ("coro main\ngather\n", 2),
    ("coro main\n?gather nobody\n", None),
    ("coro main\nwait first -\n", 2),
    ("coro main\nwait last - t\n", 2),
    ("coro main\nwait first soon t\n", 2),
    ("coro main\n?wait all 1 t t\n", None),
    ("coro main\nwait_for t 1\n", 2),
    ("coro main\nwait_for 1 t t\n", 2),
    ("coro main\nshield t t\n", 2),
    ("coro main\nreturn\n", 2),
    ("coro main\nfail\n", 2),
    ("mutex\ncoro main\n", 1),
    ("mutex L 1\ncoro main\n", 1),
    ("mutex L\nmutex L\ncoro main\n", 2),
    ("mutex L\nevent L\ncoro main\n", 2),
    ("semaphore S\ncoro main\n", 1),
    ("semaphore S many\ncoro main\n", 1),
    ("queue Q 1 2\ncoro main\n", 1),
    ("coro main\nmutex L\nlog a\n", None),
    ("coro main\nlock L\nend\n", 2),
    ("event E\ncoro main\nlock E\nend\n", 3),
    ("condition C\ncoro main\nlock C\nend\n", None),
    ("condition C\ncoro main\nsem C\nend\n", 3),
    ("coro main\nlog a\nput Q a\nqueue Q 0\n", None),
    ("coro main\nput Q\nqueue Q 0\n", 2),
    ("condition C\ncoro main\nnotify C\n", 3),
    ("condition C\ncoro main\nnotify C all\n", 3),
    ("coro main\ngroup g\nend\n", None),
    ("coro main\ngroup g\n", 0),
    ("coro main\ngroup_spawn g t\n", 2),
    ("coro main\ngroup_spawn g t main\n", None),
]


def check(program, path, line):
    """-> complaint or None"""
    done = subprocess.run([*program, str(path)], capture_output=True, text=True)
    status = 0 if line is None else 2
    if done.returncode != status:
        return "exit status %d, not %d" % (done.returncode, status)
    if status == 2 and line and "%s:%d: " % (path, line) not in done.stderr:
        return "no %s:%d: in %r" % (path, line, done.stderr)
    if status == 2 and (done.stdout or str(path) not in done.stderr):
        return "a log, or no message: %r %r" % (done.stdout, done.stderr)
    return None


def check_oracle(oracle, path, line):
    status, _ = oracle.log(path)
    return None if (status == 2) == (line is not None) else "the oracle's status is %d" % status


def main():
    program, work = sys.argv[1].split(), pathlib.Path(sys.argv[2])
    work.mkdir(parents=True, exist_ok=True)
    python = compare.find_python()
    oracle = compare.Oracle(python) if python else None
    failed = 0
    for number, (text, line) in enumerate(CASES):
        path = work / ("%d.script" % number)
        path.write_bytes(text.encode())
        for complaint in (check(program, path, line), oracle and check_oracle(oracle, path, line)):
            if complaint:
                failed += 1
                print("%r: %s" % (text, complaint))
    print("refusals: %d scripts, %d wrong" % (len(CASES), failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
