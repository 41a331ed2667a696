#!/usr/bin/env python3
"""Checks a file against the rules of the Trace Event Format, as far as leash uses it; says what it counted.

  check_chrome_trace.py FILE       exit 0: right; 1: what is wrong is on stderr, a line each
"""
import json
import sys
from collections import defaultdict
from fractions import Fraction

REQUIRED = {  # phase: field: types
    "B": {"name": str, "cat": str, "ts": Fraction, "args": dict},
    "E": {"ts": Fraction},
    "i": {"name": str, "cat": str, "ts": Fraction, "s": str},
    "s": {"name": str, "cat": str, "ts": Fraction, "id": (int, str)},
    "f": {"name": str, "cat": str, "ts": Fraction, "id": (int, str), "bp": str},
    "M": {"name": str, "args": dict},
}
METADATA = {"process_name", "thread_name"}


class Checker:
    def __init__(self):
        self.problems = []
        self.open = defaultdict(list)  # track: begins
        self.slices = defaultdict(list)  # track: (from, to), in order of their end
        self.last = {}  # track: time of its last begin or end
        self.flows = {"s": {}, "f": {}}
        self.named = set()
        self.counts = defaultdict(int)

    def wrong(self, index, words):
        self.problems.append(f"event {index}: {words}")

    def event(self, index, event):
        phase = event.get("ph")
        if phase not in REQUIRED:
            return self.wrong(index, f"phase {phase!r}")
        self.counts[phase] += 1
        for field, types in REQUIRED[phase].items():
            value = event.get(field)
            types = (int, Fraction) if types is Fraction else types
            if not isinstance(value, types) or isinstance(value, bool):
                return self.wrong(index, f"{phase}: {field} is {value!r}")
        track = (event.get("pid"), event.get("tid"))
        if not isinstance(track[0], int) or not isinstance(track[1], (int, str)):
            return self.wrong(index, f"{phase}: pid, tid are {track}")
        if "ts" in event and event["ts"] < 0:
            return self.wrong(index, f"{phase}: ts is {event['ts']}")
        getattr(self, "on_" + phase)(index, event, track)

    def forward(self, index, event, track):
        if event["ts"] < self.last.get(track, 0):
            self.wrong(index, f"{event['ph']} goes back in time on track {track}")
        self.last[track] = event["ts"]

    def on_B(self, index, event, track):
        self.forward(index, event, track)
        self.open[track].append(event["ts"])
        if track not in self.named:
            self.wrong(index, f"track {track} has no name yet")

    def on_E(self, index, event, track):
        self.forward(index, event, track)
        if not self.open[track]:
            return self.wrong(index, f"E without a B on track {track}")
        self.slices[track].append((self.open[track].pop(), event["ts"]))

    def on_i(self, index, event, track):
        if event["s"] not in "gpt":
            self.wrong(index, f"i: scope {event['s']!r}")

    def flow(self, index, event, track):
        ends, key = self.flows[event["ph"]], (event["cat"], event["name"], event["id"])
        if key in ends:
            self.wrong(index, f"a second {event['ph']} of flow {key}")
        ends[key] = (index, event["ts"], track)

    on_s = on_f = flow

    def on_M(self, index, event, track):
        if event["name"] not in METADATA or not isinstance(event["args"].get("name"), str):
            self.wrong(index, f"M: {event['name']!r} {event['args']!r}")
        if event["name"] == "thread_name":
            self.named.add(track)

    def end(self):
        for track, begins in self.open.items():
            if begins:
                self.problems.append(f"track {track}: {len(begins)} slices never end")
        for key in self.flows["s"].keys() ^ self.flows["f"].keys():
            self.problems.append(f"flow {key} has one end only")
        for key in self.flows["s"].keys() & self.flows["f"].keys():
            (_, began, source), (_, ended, target) = self.flows["s"][key], self.flows["f"][key]
            if began > ended:
                self.problems.append(f"flow {key} goes back in time")
            for at, track in ((began, source), (ended, target)):
                if not any(low <= at <= high for low, high in self.slices[track]):
                    self.problems.append(f"flow {key}: no slice of track {track} is around {at}")


def main():
    with open(sys.argv[1], encoding="ascii") as file:
        trace = json.load(file, parse_float=Fraction)
    checker = Checker()
    if not isinstance(trace.get("traceEvents"), list):
        checker.problems.append("traceEvents is no array")
    if trace.get("displayTimeUnit") not in ("ms", "ns"):
        checker.problems.append("displayTimeUnit is neither ms nor ns")
    for index, event in enumerate(trace.get("traceEvents", [])):
        checker.event(index, event)
    checker.end()
    for problem in checker.problems[:20]:
        print(problem, file=sys.stderr)
    print(" ".join(f"{phase}={count}" for phase, count in sorted(checker.counts.items())))
    return 1 if checker.problems else 0


sys.exit(main())
