"""Scripts as they are read: bodies of ops, or a refusal with its line."""
import asyncio


class Refused(Exception):
    """What the script says is no script."""


class Op:
    __slots__ = "line", "caught", "name", "words", "inner"

    def __init__(self, line, caught, name, words):
        self.line, self.caught, self.name, self.words = line, caught, name, words
        self.inner = [] if name in ("timeout", "group", "repeat", "lock", "sem") else None


# What the words after an op's name are; a star repeats the last one.
SIGNATURES = """
    log word/ sleep number/ spawn var body/ make var body/ future var/ set var word/ setfail var word/ await var/ call body/
    cancel var/ done var/ gather any*/ gather_all any*/ wait mode limit var*/ wait_for number any/ shield var/
    timeout number/ group var/ group_spawn var var body/ repeat number/ fail word/ return word/
    lock mutex|condition/ sem semaphore/ wait_event event/ set_event event/ clear_event event/
    wait_condition condition/ notify condition number/ put queue word/ get queue/ task_done queue/ join queue/
    wait_barrier barrier
"""
OPS = {name: tuple(kinds) for name, *kinds in (line.split() for line in SIGNATURES.split("/"))}
DECLARATIONS = {"mutex": 2, "event": 2, "condition": 2, "semaphore": 3, "queue": 3, "barrier": 3}
WAIT_MODES = {"first": asyncio.FIRST_COMPLETED, "failure": asyncio.FIRST_EXCEPTION, "all": asyncio.ALL_COMPLETED}


class Script:
    def __init__(self, text):
        self.bodies, self.primitives = {}, {}
        self.ops, self.open = [], []
        self.line = 0
        for self.line, line in enumerate(text.split("\n"), 1):      # universal newlines: the file was opened as text
            words = line.partition("#")[0].split()
            if words:
                self.read(words)
        if len(self.open) > 1:
            self.refuse("a block has no end")
        if "main" not in self.bodies:
            self.refuse("there is no coro main")
        for op in self.ops:
            self.line = op.line
            self.check(op)

    def refuse(self, why):
        raise Refused("%d: %s" % (self.line, why))

    def read(self, words):
        head = words[0]
        if head == "coro":
            if len(words) != 2 or len(self.open) > 1 or words[1] in self.bodies:
                self.refuse("coro takes a new name, and stands outside of blocks")
            self.open = [self.bodies.setdefault(words[1], [])]
        elif head in DECLARATIONS:
            if len(words) != DECLARATIONS[head] or not all(map(str.isdigit, words[2:])) or words[1] in self.primitives:
                self.refuse("%s takes a new name, and a size where it has one" % head)
            self.primitives[words[1]] = (head, *map(int, words[2:]))
        elif head == "end":
            if len(words) != 1 or len(self.open) < 2:
                self.refuse("end closes a block")
            self.open.pop()
        else:
            self.read_op(head[:1] == "?", head[1:] if head[:1] == "?" else head, words[1:])

    def read_op(self, caught, name, words):
        if not self.open:
            self.refuse("%s stands outside of all bodies" % name)
        if name not in OPS:
            self.refuse("there is no op %s" % name)
        op = Op(self.line, caught, name, words)
        self.ops.append(op)
        self.open[-1].append(op)
        if op.inner is not None:
            self.open.append(op.inner)

    def check(self, op):
        kinds = list(OPS[op.name])
        if kinds[-1].endswith("*"):
            kinds[-1] = kinds[-1][:-1]
            kinds += kinds[-1:] * (len(op.words) - len(kinds))
        if len(kinds) != len(op.words):
            self.refuse("%s takes %s" % (op.name, " ".join(OPS[op.name])))
        for kind, word in zip(kinds, op.words):
            if not self.fits(kind, word):
                self.refuse("%s: %s is no %s" % (op.name, word, kind))

    def fits(self, kind, word):
        if kind in ("word", "var", "any"):
            return True
        if kind == "body":
            return word in self.bodies
        if kind in ("number", "limit"):
            return word.isdigit() or (kind == "limit" and word == "-")
        if kind == "mode":
            return word in WAIT_MODES
        return word in self.primitives and self.primitives[word][0] in kind.split("|")
