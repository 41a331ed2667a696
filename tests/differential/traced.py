#!/usr/bin/env python3
"""Runs random async scripts with and without a trace: the logs must be the same, and the trace must judge as the verdict does.

    traced.py LEASH_SCRIPT WORK_DIR COUNT
"""
import os
import pathlib
import subprocess
import sys

import generate

try:
    import sqlite3
except ImportError:
    sys.exit(77)

# LEASH_FACT_ bits of traces/trace_format.h, by the line of the verdict.
FACTS = {"pending-at-exit": ("task", 0x1), "never-awaited": ("coro", 0x200), "failure-never-retrieved": ("task", 0x80)}


def run(program, script, trace):
    environment = {name: value for name, value in os.environ.items() if name != "LEASH_TRACE"}
    if trace:
        environment["LEASH_TRACE"] = str(trace)
    done = subprocess.run([*program, str(script)], capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout, done.stderr


def judged(trace):
    """-> {line of the verdict: how many}"""
    database = sqlite3.connect(str(trace))
    try:
        return {line: database.execute("SELECT count(*) FROM %s WHERE facts & %d" % (table, fact)).fetchone()[0]
                for line, (table, fact) in FACTS.items()}
    finally:
        database.close()


def verdict(log):
    lines = dict((line + " ").split(" ", 1) for line in log.splitlines()[-4:])
    return {line: len([word for word in lines[line].split() if word != "future"]) for line in FACTS if line in lines}


def check(program, script, trace):
    """-> complaint or None"""
    for path in trace.parent.glob(trace.name + "*"):
        path.unlink()
    plain, traced = run(program, script, None), run(program, script, trace)
    if plain != traced:
        return "not the same with a trace: %r and %r" % (plain, traced)
    if plain[0]:
        return None                       # it left the format
    found, expected = judged(trace), verdict(plain[1])
    wrong = [line for line in expected if found[line] != expected[line]]
    return "the trace judges %r, the log %r" % (found, expected) if wrong else None


def main():
    program, work, count = sys.argv[1].split(), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    failed = 0
    for seed in range(1, count + 1):
        script = work / ("%d.script" % seed)
        script.write_text(generate.generate(seed, "core"))
        complaint = check(program, script, work / "trace.db")
        if complaint:
            failed += 1
            print("seed %d: %s" % (seed, complaint))
    print("traced: %d scripts, %d wrong" % (count, failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
