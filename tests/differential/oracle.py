#!/usr/bin/env python3
"""The reference: runs async scripts (FORMAT.md) on CPython's own asyncio.

    oracle.py SCRIPT          prints the script's log
    oracle.py --many FILE...  prints, a script, `%% STATUS LINES FILE` and then that many lines, its log; without files,
                              their names come on stdin, and each is answered before the next is read

Exit status (of one script; with --many it stands in the marker line): 0 the log is whole; 2 the script is refused, or this is not
CPython 3.11; 3 the script left the format while it ran, and its log is no reference.

One process runs thousands of scripts: each gets a loop, tasks and primitives of its own, and nothing that an abandoned
coroutine does afterwards reaches another script's log.
"""
import gc
import sys

if sys.version_info[:2] != (3, 11) or sys.implementation.name != "cpython":
    print("oracle.py: needs CPython 3.11, whose asyncio is the reference; this is %s %d.%d"
          % (sys.implementation.name, *sys.version_info[:2]), file=sys.stderr)
    sys.exit(2)

import asyncio
import types
import warnings

from async_script import Refused, Script
from jumping_loop import LeftFormat, Loop, Standstill
from oracle_ops import FUNCTIONS, NOTHING_TO_LOG, Failure, Left, Misuse

LINES_MAX = 200_000
CATCHABLE = (Failure, Misuse, asyncio.CancelledError, TimeoutError, BaseExceptionGroup,
             RuntimeError, ValueError, asyncio.InvalidStateError)


class Run:
    """One script's run."""

    def __init__(self, script):
        self.script = script
        self.lines = []
        self.over = False
        self.loop = Loop()
        self.clock = self.loop._selector
        self.loop.set_task_factory(self.make_task)
        self.loop.set_exception_handler(self.loop_failed)
        asyncio.set_event_loop(self.loop)
        makers = {"mutex": asyncio.Lock, "event": asyncio.Event, "condition": asyncio.Condition,
                  "semaphore": asyncio.Semaphore, "queue": asyncio.Queue, "barrier": asyncio.Barrier}
        self.primitives = {name: makers[kind](*size) for name, (kind, *size) in script.primitives.items()}
        self.variables = {}
        self.tasks = {}                   # to their numbers, in order of creation
        self.futures = []
        self.coroutines = {}              # to the names of their bodies
        self.taken = set()                # coroutines that were awaited or became tasks

    # ---- what the loop tells

    def make_task(self, loop, coroutine, **options):
        task = asyncio.Task(coroutine, loop=loop, **options)
        self.taken.add(coroutine)
        self.tasks[task] = len(self.tasks)
        return task

    def loop_failed(self, loop, context):
        if not self.over:
            self.clock.leave(context["message"])

    # ---- names

    def coroutine(self, name):
        made = self.body(self.script.bodies[name])
        self.coroutines[made] = name
        return made

    def take(self, name, *kinds):
        thing = self.variables.get(name)
        if not isinstance(thing, kinds) or (isinstance(thing, types.CoroutineType) and thing in self.taken):
            raise Misuse
        return thing

    def take_future(self, name):
        return self.take(name, asyncio.Future)

    def take_awaitable(self, name):
        return self.take(name, asyncio.Future, types.CoroutineType)

    def take_all(self, names):
        fresh = [name not in self.variables and name in self.script.bodies for name in names]
        things = [None if new else self.take_awaitable(name) for new, name in zip(fresh, names)]
        return [self.coroutine(name) if new else thing for new, name, thing in zip(fresh, names, things)]

    # ---- the log

    def log(self, op, outcome):
        if self.over:
            return
        if len(self.lines) == LINES_MAX:
            self.clock.leave("it does not end")
        self.lines.append("#%d %d %s %s" % (self.tasks[asyncio.current_task()], op.line, op.name, outcome))

    def outcome(self, value):
        if isinstance(value, BaseException):
            return "!" + self.failure(value)
        if isinstance(value, list):
            return "[%s]" % " ".join(map(self.outcome, value))
        return "=-" if value is None else "=%s" % value

    def failure(self, error):
        if isinstance(error, RecursionError) or not isinstance(error, CATCHABLE):
            self.clock.leave(repr(error))
        if isinstance(error, Failure):
            return error.args[0]
        for kind, word in ((asyncio.CancelledError, "cancelled"), (TimeoutError, "timeout"), (BaseExceptionGroup, "group")):
            if isinstance(error, kind):
                return word
        return "invalid"

    # ---- bodies and blocks

    async def body(self, ops):
        left = await self.block(ops)
        return left and left.value

    async def block(self, ops):
        """None, or Left."""
        for op in ops:
            function, waits = FUNCTIONS[op.name]
            try:
                value = await function(self, op, *op.words) if waits else function(self, op, *op.words)
            except CATCHABLE as error:
                self.log(op, "!" + self.failure(error))
                if not op.caught:
                    raise
            except Exception as error:
                self.clock.leave("line %d: %r" % (op.line, error))
            else:
                if isinstance(value, Left):
                    return value
                if value is not NOTHING_TO_LOG:
                    self.log(op, self.outcome(value))
        return None

    # ---- the run and its verdict

    def report(self):
        """The whole log: a list of lines."""
        main = self.loop.create_task(self.coroutine("main"))
        try:
            outcome = self.outcome(self.loop.run_until_complete(main))
        except Standstill:
            waiting = [task for task in self.tasks if not task.done() and task is not main]
            return self.lines + ["main !deadlock", self.numbers("pending-at-exit", waiting)]
        except CATCHABLE as error:
            outcome = self.outcome(error)
        pending = [task for task in self.tasks if not task.done()]
        self.clean_up(pending)
        unused = sorted(name for coroutine, name in self.coroutines.items() if coroutine not in self.taken)
        unseen = [task for task in self.tasks if task.done() and task._log_traceback]
        futures = ["future"] * sum(future._log_traceback for future in self.futures)
        return self.lines + ["main " + outcome, self.numbers("pending-at-exit", pending),
                             " ".join(["never-awaited"] + unused),
                             " ".join([self.numbers("failure-never-retrieved", unseen)] + futures)]

    def clean_up(self, pending):
        try:
            for task in pending:
                task.cancel()
            if pending:
                self.loop.run_until_complete(asyncio.gather(*pending, return_exceptions=True))
        except Standstill:
            pass                          # who swallowed the cancellation waits for nothing: that is the end
        except RecursionError as error:
            self.clock.leave(repr(error))

    def numbers(self, title, tasks):
        return " ".join([title] + ["#%d" % self.tasks[task] for task in tasks])

    def close(self):
        """From here on nothing that is left of the run can be seen."""
        self.over = True
        self.loop._ready.clear()
        self.loop._scheduled.clear()
        self.loop.close()


def run_file(path):
    """-> (status, lines of the log, message)"""
    try:
        with open(path) as file:
            script = Script(file.read())
    except (Refused, UnicodeDecodeError, OSError) as error:
        return 2, [], "%s:%s" % (path, error)
    run = Run(script)
    try:
        return 0, run.report(), ""
    except LeftFormat as reason:
        return 3, run.lines, "outside the format: %s" % reason
    finally:
        run.close()


def run_many(paths):
    gc.disable()
    for count, path in enumerate(paths, 1):
        status, lines, _ = run_file(path)
        print("%%%% %d %d %s" % (status, len(lines), path), *lines, sep="\n", flush=True)
        if count % 100 == 0:
            gc.collect()


def main(arguments):
    warnings.simplefilter("ignore")       # coroutines that are never awaited are what scripts are about
    sys.unraisablehook = lambda _: None
    if arguments[:1] == ["--many"]:
        run_many(arguments[1:] or (line.rstrip("\n") for line in sys.stdin))
        return 0
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__, file=sys.stderr)
        return 1
    status, lines, message = run_file(arguments[0])
    print(*lines, sep="\n", end="\n" if lines else "")
    if message:
        print("oracle.py: " + message, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
