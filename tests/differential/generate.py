#!/usr/bin/env python3
"""Makes random async scripts (FORMAT.md), the same one for the same seed.

    generate.py [--ops LIST] SEED             prints one
    generate.py [--ops LIST] --to DIR SEED... writes DIR/SEED.script each

LIST is a comma list of ops, `core` for those without a primitive or group, `groups` for those and groups, or `all` (default).
Every script ends: a body only runs bodies that come after it, and what it costs is counted. Plain random lines meet nothing
interesting, so much of a script is made of motifs: a task cancelled while it waits, a gather of what is cancelled elsewhere,
limits that end together.
"""
import argparse
import os
import random

CORE = ("log sleep spawn make future set setfail await call cancel done gather gather_all wait wait_for shield timeout "
        "repeat fail return").split()
SYNC = ("group group_spawn lock sem wait_event set_event clear_event wait_condition notify put get task_done join "
        "wait_barrier").split()
PRIMITIVES = {"mutex": ["L0", "L1"], "semaphore": ["S0"], "event": ["E0"], "condition": ["C0"], "queue": ["Q0", "Q1"],
              "barrier": ["B0"]}
BLOCKS = ("timeout", "group", "lock", "sem", "repeat")
COST_MAX = 250                # ops that one run of a body may come to, those of the bodies it runs included
SPAWNING = {"spawn", "make", "call", "gather", "gather_all", "wait_for", "group_spawn"}


class Body:
    def __init__(self, name, rank):
        self.name, self.rank, self.lines, self.cost = name, rank, [], 0


class Generator:
    def __init__(self, seed, ops):
        self.random = random.Random(seed)
        self.ops = ops
        pick = self.random
        # Every script has a character of its own: some ops it prefers, and how often it catches.
        self.weights = {op: pick.choice((1, 1, 2, 4)) for op in ops}
        for op, weight in (("log", 2), ("sleep", 6), ("spawn", 7), ("await", 7), ("cancel", 4), ("gather", 4)):
            if op in ops:
                self.weights[op] += weight
        if self.chance(0.5):
            # Half of the scripts do without many ops: what remains meets itself more often.
            for op in ops:
                if op not in ("spawn", "sleep") and self.chance(0.5):
                    self.weights[op] = 0
        self.weights[ops[0]] += not any(self.weights.values())
        self.catch = pick.choice((0.15, 0.4, 0.4, 0.7))
        self.times = pick.choice(((0, 0, 0, 1, 1, 1, 2, 2, 3, 5), (0, 1, 2, 3, 4, 5), (0, 1), (0, 0, 1, 2)))
        self.stray = pick.choice((0.0, 0.05, 0.05, 0.2))        # names that need not fit
        self.sizes = {"semaphore": pick.choice((0, 1, 1, 2)), "queue": pick.choice((0, 1, 1, 2)), "barrier": 2}
        self.bodies = []
        self.first = []           # names that main writes before all else
        self.seen = []            # names that the body at hand has written

    def chance(self, probability):
        return self.random.random() < probability

    def word(self):
        return self.random.choice("abcdefgh") + str(self.random.randrange(10))

    def seconds(self):
        return str(self.random.choice(self.times))

    # ---- names

    def later_bodies(self, body, room):
        return [other for other in self.bodies if other.rank > body.rank and other.cost < room]

    def variable(self, body, kinds="tfc"):
        """Mostly one that was written, and that cannot close a cycle of awaits: a task's variable bears the rank of its body."""
        if self.chance(self.stray):
            names = ["never", "t%dx" % len(self.bodies), *(other.name for other in self.later_bodies(body, 20))]
        else:
            names = [name for name in self.first + self.seen * 2
                     if name[0] in kinds and (name[0] != "t" or int(name[1:-1]) > body.rank)]
        return self.random.choice(names or ["f0", "f1"])

    def target(self, body):
        """What is cancelled or asked about: anything, the running task itself too."""
        if self.first and self.chance(0.3):
            return self.random.choice(self.first)
        return self.variable(body, "tf")

    def operand(self, body, room):
        """-> (word, cost)"""
        others = self.later_bodies(body, room)
        if others and self.chance(0.5):
            other = self.random.choice(others)
            return other.name, other.cost
        return self.variable(body), 0

    def several(self, body, room, most=4):
        words, cost = [], 0
        for _ in range(self.random.randint(1, most)):
            word, more = self.operand(body, room - cost)
            words += [word] * (2 if self.chance(0.1) else 1)
            cost += more * words.count(word)
        return words, cost

    def catch_in(self, body):
        return self.catch if body.rank >= 0 else max(self.catch, 0.7)

    # ---- one op: -> (lines, cost), cost 0 if it cannot be had

    def op(self, body, name, room, depth):
        words, cost, inner = [], 0, None
        choice = self.random.choice
        if name in ("log", "return"):
            words = [self.word()]
        elif name == "sleep":
            words = [self.seconds()]
        elif name in ("spawn", "make", "call", "group_spawn"):
            others = self.later_bodies(body, room)
            if not others:
                return [], 0
            other = choice(others)
            cost = other.cost
            variable = "c%d" % self.random.randrange(2) if name == "make" else "t%d%s" % (other.rank, choice("xy"))
            if self.chance(self.stray / 4):
                variable = choice(self.bodies).name
            words = {"call": [other.name], "group_spawn": [choice("gh"), variable, other.name]}.get(name, [variable, other.name])
        elif name == "future":
            words = ["f%d" % self.random.randrange(2)]
        elif name in ("set", "setfail"):
            words = ["f%d" % self.random.randrange(2), self.word() if name == "set" else str(self.random.randrange(1, 9999))]
            if self.chance(self.stray):
                words[0] = self.variable(body)
        elif name in ("await", "shield"):
            words = [self.variable(body)]
        elif name in ("cancel", "done"):
            words = [self.target(body)]
        elif name in ("gather", "gather_all"):
            words, cost = self.several(body, room)
        elif name == "wait":
            words = [choice(("first", "failure", "all")), choice(("-", "-", "0", "1", "2"))]
            words += [self.variable(body, "tf") for _ in range(self.random.randint(1, 4))]
            words += words[2:3] * self.chance(0.15)
        elif name == "wait_for":
            word, cost = self.operand(body, room)
            words = [self.seconds(), word]
        elif name == "fail":
            words = [str(self.random.randrange(1, 9999))]
        elif name in BLOCKS:
            return self.block(body, name, room, depth)
        else:
            words = self.sync_words(name)
        if name in ("spawn", "make", "future"):
            self.seen.append(words[0])
        elif name == "group_spawn":
            self.seen.append(words[1])
        mark = "?" if self.chance(self.catch_in(body)) and name != "return" else ""
        return ["%s%s %s" % (mark, name, " ".join(words))], cost + 1

    def sync_words(self, name):
        choice = self.random.choice
        kind = {"wait_event": "event", "set_event": "event", "clear_event": "event", "wait_condition": "condition",
                "notify": "condition", "wait_barrier": "barrier"}.get(name, "queue")
        words = [choice(PRIMITIVES[kind])]
        return words + {"notify": [choice("0123")], "put": [self.word()]}.get(name, [])

    def block(self, body, name, room, depth):
        if depth == 3:
            return [], 0
        times = self.random.randint(0, 3) if name == "repeat" else 1
        lines, cost = self.lines(body, self.random.randint(1, 4), (room - 2) // max(times, 1), depth + 1)
        word = {"timeout": self.seconds(), "repeat": str(times), "group": self.random.choice("gh"), "sem": "S0",
                "lock": self.random.choice(PRIMITIVES["mutex"] + PRIMITIVES["condition"])}[name]
        mark = "?" if self.chance(self.catch_in(body)) else ""
        return ["%s%s %s" % (mark, name, word), *(" " + line for line in lines), "end"], 2 + max(times, 1) * cost

    def lines(self, body, count, room, depth):
        lines, cost = [], 0
        for _ in range(count):
            if cost >= room:
                break
            name = self.random.choices(list(self.weights), list(self.weights.values()))[0]
            if name in ("fail", "return") and self.chance(0.5):
                continue
            more, price = self.op(body, name, room - cost, depth)
            lines += more
            cost += price
        return lines, cost

    # ---- motifs: -> (lines, cost)

    def motif(self, body, room):
        others = self.later_bodies(body, room // 3)
        if not others:
            return [], 0
        pick = self.random.choice
        first, second = pick(others), pick(others)
        one, two = "t%dx" % first.rank, "t%dy" % second.rank
        spawn = ["spawn %s %s" % (one, first.name), "spawn %s %s" % (two, second.name)]
        pause = ["?sleep " + pick("0012")] if self.chance(0.8) else []
        wait = "wait %s %s" % (pick(("first", "failure", "all")), pick(("-", "0", "1", "2")))
        if "lock" in self.ops and self.chance(0.6):
            lines = self.sync_motif(first, second, one, two, spawn, pause)
            return [line for line in lines if self.allowed(line)], 12 + first.cost + second.cost
        lines = pick((
            spawn + pause + ["cancel " + one, "?await " + one],
            spawn + pause + ["cancel " + one, "cancel " + one, "?gather %s %s" % (one, two), "done " + two],
            spawn + ["?timeout " + self.seconds(), " gather %s %s %s" % (two, one, two), "end", "done " + one],
            spawn + ["?wait_for %s %s" % (self.seconds(), one), "?%s %s %s" % (wait, two, one)],
            spawn[:1] + ["?timeout " + self.seconds(), " shield " + one, "end", "?await " + one],
            spawn + ["?timeout 2", " ?timeout 1", "  ?wait_for 1 %s" % one, "  sleep 0", " end", " await " + two, "end"],
            spawn + ["?%s %s %s" % (wait, one, two), "cancel " + two, "?gather_all %s %s" % (one, two)],
            ["future f0", *spawn, "?wait_for %s f0" % self.seconds(), "?set f0 v", "?await f0"],
            ["future f1", *spawn, *pause, "?setfail f1 77", "?gather_all f1 %s" % one, "?cancel f1"],
            ["make c0 " + first.name, "?gather c0 c0 " + two, "?await c0"],
            ["make c1 " + first.name, "?wait_for %s c1" % self.seconds(), "?shield c1"],
            spawn + ["?repeat 2", " wait_for 0 " + one, "end", "?cancel " + two, *pause, "?await " + two],
        ))
        return [line for line in lines if self.allowed(line)], 10 + first.cost + second.cost

    def sync_motif(self, first, second, one, two, spawn, pause):
        """A primitive that is waited for under a limit, or by who is cancelled at the worst moment."""
        pick, s = self.random.choice, self.seconds
        mutex, queue = pick(("L0", "L1", "C0")), pick(PRIMITIVES["queue"])
        inner = [" " + line for line in pause]
        return pick((
            spawn + ["?lock " + mutex, " sleep " + s(), " cancel " + one, "end", "?await " + two],
            spawn + ["?timeout " + s(), " lock " + mutex, "  sleep " + s(), " end", "end", "?cancel " + one],
            ["?lock " + mutex, *(" " + line for line in spawn), *inner, "end", "cancel " + one, "?lock " + mutex, "end"],
            ["?sem S0", *(" " + line for line in spawn), " ?timeout " + s(), "  sem S0", "  end", " end", "end", "cancel " + two],
            spawn + ["?sem S0", " sleep " + s(), " cancel " + one, "end", "?timeout " + s(), " sem S0", " end", "end"],
            spawn + ["?timeout " + s(), " wait_event E0", "end", "set_event E0", "cancel " + one, "clear_event E0", "?await " + two],
            spawn + pause + ["set_event E0", "cancel " + two, "?timeout 0", " wait_event E0", "end", "clear_event E0"],
            spawn + ["?timeout " + s(), " wait_condition C0", "end", "notify C0 1", "cancel " + one, "notify C0 " + pick("012")],
            ["?lock C0", *(" " + line for line in spawn), " ?timeout " + s(), "  sleep 1", " end", "end", *pause, "notify C0 1",
             "cancel " + two],
            spawn + ["?timeout " + s(), " put %s a" % queue, " put %s b" % queue, " put %s c" % queue, "end", "?get " + queue,
                     "cancel " + one],
            spawn + ["?timeout " + s(), " get " + queue, "end", "put %s x" % queue, "cancel " + two, "?wait_for %s %s" % (s(), one)],
            ["?put %s a" % queue, *spawn, *pause, "cancel " + one, "?timeout " + s(), " get " + queue, " get " + queue, "end"],
            spawn + ["?put %s j" % queue, "?timeout " + s(), " join " + queue, "end", "?task_done " + queue, "?task_done " + queue],
            spawn + ["?timeout " + s(), " wait_barrier B0", "end", "cancel " + one, "?wait_for %s %s" % (s(), two)],
            spawn + pause + ["?timeout 1", " wait_barrier B0", "end", "?timeout 1", " wait_barrier B0", "end", "cancel " + two],
            ["?group g", " group_spawn g %s %s" % (one, first.name), " group_spawn g %s %s" % (two, second.name), *inner,
             " cancel " + one, "end", "done " + two],
            ["?timeout " + s(), " group g", "  group_spawn g %s %s" % (one, first.name), "  ?sleep " + s(), " end", "end",
             "?group_spawn g %s %s" % (two, second.name)],
            ["?group g", " ?group h", "  group_spawn h %s %s" % (one, first.name), "  group_spawn g %s %s" % (two, second.name),
             "  sleep " + s(), " end", "end"],
        ))

    def allowed(self, line):
        return line.strip() == "end" or line.strip().lstrip("?").split()[0] in self.ops

    # ---- the whole

    def fill(self, body, count):
        while count > 0 and body.cost < COST_MAX:
            room = COST_MAX - body.cost
            lines = []
            if self.chance(0.25):
                lines, cost = self.motif(body, room)
                count -= 3
                words = [line.strip().lstrip("?").split()[0] for line in lines]
                if sum(word in BLOCKS for word in words) != words.count("end"):
                    continue                # a restriction took half of a block
            if not lines:
                lines, cost = self.lines(body, 1, room, 0)
                count -= 1
            body.lines += lines
            body.cost += cost
        body.cost = max(body.cost, 1)

    def begin(self, main):
        """Main writes the names that the others, which may run from now on, look at."""
        for name in self.first:
            if name[0] == "t":
                body = next(body for body in self.bodies if body.rank == int(name[1:-1]))
                main.cost += body.cost
                main.lines.append("spawn %s %s" % (name, body.name))
            else:
                main.lines.append("future " + name)

    def watch(self):
        """A body that ends most standstills: scripts that only hang show little."""
        lines = ["sleep 7", "?set f0 late", "?set f1 late"]
        if not all(op in self.ops for op in SYNC):
            return lines
        lines += ["set_event E0", "?timeout 1", " notify C0 3", "end", "?timeout 1", " wait_barrier B0", "end", "repeat 3"]
        for queue in PRIMITIVES["queue"]:
            lines += [" ?timeout 1", "  put %s late" % queue, " end", " ?timeout 1", "  get %s" % queue, " end",
                      " ?task_done " + queue]
        return lines + ["end"]

    def end(self, body):
        name = self.random.choice(("fail", "fail", "return", "return", "sleep"))
        if name in self.ops:
            body.lines += self.op(body, name, 1, 0)[0]

    def script(self):
        count = self.random.randint(1, 5)
        names = ["t%dx" % rank for rank in range(count)] * ("spawn" in self.ops) + ["f0", "f1"] * ("future" in self.ops)
        self.first = [name for name in names if self.chance(0.6)]
        # From the last to the first, so that what a body costs is known to those that run it; main comes before all.
        for rank in reversed(range(-1, count)):
            body = Body("b%d" % rank if rank >= 0 else "main", rank)
            self.bodies.append(body)
            self.seen = []
            if rank < 0:
                self.begin(body)
            self.fill(body, self.random.randint(1, 6) if rank >= 0 else self.random.randint(3, 14))
            if rank >= 0 and self.chance(0.5):
                self.end(body)
        text = []
        if any(op in self.ops for op in SYNC):
            for kind, names in PRIMITIVES.items():
                text += [" ".join([kind, name] + [str(self.sizes.get(kind))] * (kind in self.sizes)) for name in names]
        if all(op in self.ops for op in ("spawn", "set", "sleep")) and self.chance(0.7):
            self.bodies[-1].lines.insert(0, "spawn w watch")
            text += ["coro watch", *(" " + line for line in self.watch())]
        for body in reversed(self.bodies):
            text += ["coro " + body.name, *(" " + line for line in body.lines)]
        return "\n".join(text) + "\n"


def ops_of(text):
    if text == "groups":
        return CORE + ["group", "group_spawn"]
    if text in ("core", "all"):
        return CORE + SYNC * (text == "all")
    ops = text.split(",")
    unknown = [op for op in ops if op not in CORE + SYNC]
    if unknown:
        raise SystemExit("generate.py: there is no op %s" % unknown[0])
    return ops


def generate(seed, ops="all"):
    return Generator(seed, ops_of(ops)).script()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ops", default="all", help="comma list of ops, core, groups, or all")
    parser.add_argument("--to", metavar="DIR", help="write DIR/SEED.script")
    parser.add_argument("seeds", nargs="+", type=int, metavar="SEED")
    options = parser.parse_args()
    for seed in options.seeds:
        text = generate(seed, options.ops)
        if not options.to:
            print(text, end="")
            continue
        with open(os.path.join(options.to, "%d.script" % seed), "w") as file:
            file.write(text)


if __name__ == "__main__":
    main()
