#!/usr/bin/env python3
"""Runs async scripts with and without a trace: the logs must be the same, and what is found in the trace must be what the
verdict tells. Of recorded scripts the verdict is CPython's; of random ones the log's, which other tests compare with CPython's.

    traced.py LEASH_SCRIPT WORK_DIR COUNT [RECORDED_DIR...]
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

# The rules whose findings a line of the verdict is, by that line. CPython does not tell what the program had cancelled
# from the rest of what is pending.
RULES = {"pending-at-exit": ("pending_at_exit", "cancelled_not_awaited"), "never-awaited": ("never_awaited",),
         "failure-never-retrieved": ("never_retrieved",)}


def run(program, script, trace):
    environment = {name: value for name, value in os.environ.items() if name != "LEASH_TRACE"}
    if trace:
        environment["LEASH_TRACE"] = str(trace)
    done = subprocess.run([*program, str(script)], capture_output=True, text=True, env=environment)
    return done.returncode, done.stdout, done.stderr


def found(trace):
    """-> {line of the verdict: how many findings}"""
    database = sqlite3.connect(str(trace))
    try:
        return {line: sum(database.execute("SELECT count(*) FROM rule_%s" % rule).fetchone()[0] for rule in rules)
                for line, rules in RULES.items()}
    finally:
        database.close()


def verdict(log):
    lines = dict((line + " ").split(" ", 1) for line in log.splitlines()[-4:])
    return {line: len(lines[line].split()) for line in RULES if line in lines}


def check(program, script, trace, log=None):
    """-> complaint or None"""
    for path in trace.parent.glob(trace.name + "*"):
        path.unlink()
    plain, traced = run(program, script, None), run(program, script, trace)
    if plain != traced:
        return "not the same with a trace: %r and %r" % (plain, traced)
    if plain[0]:
        return None                       # it left the format
    told, expected = found(trace), verdict(log or plain[1])
    wrong = [line for line in expected if told[line] != expected[line]]
    return "the trace says %r, the verdict %r" % (told, expected) if wrong else None


def generated(count, work):
    """-> (name, script, None) each"""
    for seed in range(1, count + 1):
        script = work / ("%d.script" % seed)
        script.write_text(generate.generate(seed, "core"))
        yield "seed %d" % seed, script, None


def recorded(folders):
    """-> (name, script, CPython's log) each"""
    for folder in folders:
        for script in sorted(folder.glob("*.script")):
            yield script.name, script, script.with_suffix(".log").read_text()


def main():
    program, work, count = sys.argv[1].split(), pathlib.Path(sys.argv[2]), int(sys.argv[3])
    work.mkdir(parents=True, exist_ok=True)
    scripts = [*generated(count, work), *recorded(map(pathlib.Path, sys.argv[4:]))]
    failed = 0
    for name, script, log in scripts:
        complaint = check(program, script, work / "trace.db", log)
        if complaint:
            failed += 1
            print("%s: %s" % (name, complaint))
    print("traced: %d scripts, %d wrong" % (len(scripts), failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
