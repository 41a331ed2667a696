"""Runs cases with and without a trace, and compares what is found with what their labels say."""
import collections
import json
import os
import re
import subprocess

import matrix

# What the report at exit knows without a trace.
WITHOUT_TRACE = {"never-awaited", "unreferenced", "pending-at-exit", "never-retrieved", "deadlock", "lock-held",
                 "never-joined", "blocked-loop"}
HEADLINE = re.compile(r"^leash: (?:error|warning)\[([a-z-]+)\]: (.*)\n(?:  --> (\S+):(\d+))?", re.MULTILINE)
COUNT = re.compile(r"^(\d+) |(\d+) times")


class Score:
    """What was told of cases: per class, how much was right, wrong and missed."""

    def __init__(self):
        self.right, self.wrong, self.missed = (collections.Counter() for _ in range(3))
        self.complaints = []

    def add(self, other):
        for mine, its in ((self.right, other.right), (self.wrong, other.wrong), (self.missed, other.missed)):
            mine.update(its)
        self.complaints += other.complaints


def environment(program, options, trace=None, preload=None):
    env = {key: value for key, value in os.environ.items() if not key.startswith("LEASH_")}
    env["XDG_CONFIG_HOME"] = "/nonexistent"
    # On a busy machine anybody may block for the default's tenth of a second.
    env["LEASH_OPTIONS"] = ":".join(filter(None, ["virtual_time=1:blocked_ms=2000", program.options, options]))
    if trace:
        env["LEASH_TRACE"] = str(trace)
    if preload:
        env["LD_PRELOAD"] = str(preload)
    return env


def run(case, build, how, options, trace=None):
    env = environment(case.program, ":".join(filter(None, [options, how.options])), trace, how.preload)
    return subprocess.run([matrix.binary(build, case.program), case.name], capture_output=True, text=True, check=False,
                          env=env, timeout=120, cwd=build.folder)


def found_in_report(stderr, score, way):
    found = collections.Counter()
    for cls, text, file, line in HEADLINE.findall(stderr):
        count = COUNT.search(text)
        if not line:
            score.complaints.append(f"{way}: {cls} without a site")
        found[cls, file, int(line or 0)] += int(count[1] or count[2]) if count else 1
    return found


def found_in_trace(leaks, score, way):
    found = collections.Counter()
    for leak in leaks:
        cls, site = leak["class"], leak["site"] or {"file": "", "line": 0}
        found[cls, site["file"], site["line"]] += leak["count"]
        reason = leak["examples"][0]["detail"]
        for what, there in (("site", site["file"]), ("reason", reason), ("hint", leak["hint"]), *stacks_of(leak)):
            if not there:
                score.complaints.append(f"{way}: {cls} without a {what}")
    return found


def stacks_of(leak):
    """-> what it must have, and has: how its subject was made, or what call it is. The trace itself tells of what no
    call made: that has a first use."""
    if leak["class"] == "blocked-loop":
        yield "stack while it blocked", leak.get("stood")
        if not leak["id"]:
            return  # a callback: nothing was made
    yield "stack of its making", leak["stack"] or leak.get("first_use")


def take(found, key, count):
    taken = min(found[key], count)
    found[key] -= taken
    return taken


def compare(case, found, tier, classes, score, way):
    """Limits first: what they take of what was found is neither right nor wrong."""
    file = f"{case.program.name}.c"
    labels = [label for label in case.labels if not classes or label.cls in classes or label.instead in classes]
    for label in filter(lambda label: label.is_limit(tier), labels):
        taken = take(found, (label.cls, file, label.line), label.count)
        take(found, (label.instead, file, label.line), label.count - taken)
    for label in filter(lambda label: not label.is_limit(tier), labels):
        right = take(found, (label.cls, file, label.line), label.count)
        score.right[label.cls] += right
        if right < label.count:
            score.missed[label.cls] += label.count - right
            score.complaints.append(f"{way}: missed {label.count - right} {label.cls} at {file}:{label.line}")
    for (cls, where, line), count in found.items():
        if count > 0:
            score.wrong[cls] += count
            score.complaints.append(f"{way}: {count} {cls} at {where}:{line} that should not be")


def check(program, traces, leash):
    """-> {path of a trace: its leaks}"""
    done = subprocess.run([leash.program, "check", "--format", "json", *traces.values()], capture_output=True, text=True,
                          env=environment(program, ""), check=False, cwd=leash.source / "tests/verdicts")
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return None, done.stderr
    if not all(trace["complete"] for trace in report["traces"]):
        return None, f"incomplete: {report['traces']}"
    leaks = collections.defaultdict(list)
    for leak in report["leaks"]:
        leaks[leak["trace"]].append(leak)
    return leaks, ""


# LEASH_OPTIONS and LD_PRELOAD for every run; the tier of the scan that this makes.
How = collections.namedtuple("How", "options preload tier")


def judge(program, build, leash, how):
    """-> (score with a trace, score without one)"""
    traced, plain = Score(), Score()
    traces = {}
    for case in program.cases:
        way = f"{build.folder.name} {program.name} {case.name}"
        done = run(case, build, how, "")
        if done.returncode:
            plain.complaints.append(f"{way}: exit code {done.returncode}\n{done.stderr}")
        compare(case, found_in_report(done.stderr, plain, way), how.tier, WITHOUT_TRACE, plain, f"{way}, without a trace")
        trace = build.folder / f"{program.name.replace('/', '-')}-{case.name}.db"
        for old in build.folder.glob(trace.name + "*"):
            old.unlink()
        traces[case.name] = str(trace)
        done = run(case, build, how, "stacks=1", trace)
        if done.returncode:
            traced.complaints.append(f"{way}, with a trace: exit code {done.returncode}\n{done.stderr}")
    leaks, why = check(program, traces, leash)
    if leaks is None:
        traced.complaints.append(f"{build.folder.name} {program.name}: leash check: {why}")
        return traced, plain
    for case in program.cases:
        way = f"{build.folder.name} {program.name} {case.name}"
        compare(case, found_in_trace(leaks[traces[case.name]], traced, way), how.tier, None, traced, way)
    return traced, plain
