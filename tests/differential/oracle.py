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
import asyncio
import gc
import sys
import types
import warnings

if sys.version_info[:2] != (3, 11) or sys.implementation.name != "cpython":
    print("oracle.py: needs CPython 3.11, whose asyncio is the reference; this is %s %d.%d"
          % (sys.implementation.name, *sys.version_info[:2]), file=sys.stderr)
    sys.exit(2)

ITERATIONS_MAX = 200_000
LINES_MAX = 200_000


# ---------------------------------------------------------------- what the loop is made of

class Standstill(Exception):
    """Nothing is ready, and no timer is armed."""


class LeftFormat(SystemExit):
    """The script does what has no reference. A SystemExit, because that goes through tasks, callbacks and the loop."""


class JumpingClock:
    """Stands where the loop keeps its selector: instead of waiting for time to pass, it sets the time."""

    def __init__(self):
        self.now, self.iterations, self.left = 0.0, 0, None

    def leave(self, reason):
        """Ends the script, at the latest when the loop comes here again (a group waits for its children even now)."""
        self.left = self.left or LeftFormat(reason)
        raise self.left

    def select(self, timeout):
        self.iterations += 1
        if self.left:
            raise self.left
        if self.iterations > ITERATIONS_MAX:
            self.leave("it does not end")
        if timeout is None:
            raise Standstill
        self.now += timeout
        return ()


class Loop(asyncio.BaseEventLoop):
    def __init__(self):
        super().__init__()
        self._selector = JumpingClock()
        self._clock_resolution = 1e-9

    def time(self):
        return self._selector.now

    def _process_events(self, events):
        pass

    def _write_to_self(self):
        pass


class FairTimer(asyncio.TimerHandle):
    """A heap does not keep the order of equals; timers of one deadline fire as they were armed."""
    made = 0

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        FairTimer.made += 1
        self.place = FairTimer.made

    def __lt__(self, other):
        return (self._when, self.place) < (other._when, other.place)


class InsertionSet:
    """As much of `set` as wait() and TaskGroup use, but iterated in the order in which things came."""

    def __init__(self, items=()):
        self.items = dict.fromkeys(items)
        self.add = self.items.setdefault

    def discard(self, item):
        self.items.pop(item, None)

    def __iter__(self):
        return iter(self.items)

    def __len__(self):
        return len(self.items)

    def __contains__(self, item):
        return item in self.items


class EarlyTimeout(asyncio.Timeout):
    """asyncio.Timeout for 3.11.0 to 3.11.3, where it did not yet tell its own cancellation from one that was there before."""

    async def __aenter__(self):
        await super().__aenter__()
        self._before = self._task.cancelling()
        return self

    async def __aexit__(self, kind, error, trace):
        expiring = self._state is asyncio.timeouts._State.EXPIRING
        await super().__aexit__(None, None, None)            # closes the scope, and takes its own request back
        if expiring and self._task.cancelling() <= self._before and kind is asyncio.CancelledError:
            raise TimeoutError from error


asyncio.base_events.events.TimerHandle = FairTimer
asyncio.tasks.set = asyncio.taskgroups.set = InsertionSet
if "cancelling" not in asyncio.Timeout.__aenter__.__code__.co_names:
    asyncio.timeout = lambda delay: EarlyTimeout(asyncio.get_running_loop().time() + delay)


# ---------------------------------------------------------------- reading

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
        for self.line, line in enumerate(text.splitlines_as_files_do(), 1):
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


class Text(str):
    def splitlines_as_files_do(self):
        return self.replace("\r\n", "\n").replace("\r", "\n").split("\n")


# ---------------------------------------------------------------- running

class Failure(Exception):
    """Of `fail` and `setfail`."""


class Misuse(Exception):
    """A variable that the op cannot take."""


class Left:
    """A body is being left by `return`: blocks see no failure."""

    def __init__(self, value):
        self.value = value


NOTHING_TO_LOG = object()
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


# ---------------------------------------------------------------- ops: (run, op, words...) -> the value to log, or Left

FUNCTIONS = {}


def op(function):
    FUNCTIONS[function.__name__.removeprefix("op_")] = (function, function.__code__.co_flags & 0x80 != 0)
    return function


@op
def op_log(run, op, text):
    return text


@op
async def op_sleep(run, op, seconds):
    await asyncio.sleep(int(seconds))


@op
def op_spawn(run, op, name, body):
    run.variables[name] = run.loop.create_task(run.coroutine(body))
    return NOTHING_TO_LOG


@op
def op_make(run, op, name, body):
    run.variables[name] = run.coroutine(body)
    return NOTHING_TO_LOG


@op
def op_future(run, op, name):
    run.variables[name] = run.loop.create_future()
    run.futures.append(run.variables[name])
    return NOTHING_TO_LOG


@op
def op_set(run, op, name, value):
    run.take_future(name).set_result(value)


@op
def op_setfail(run, op, name, code):
    run.take_future(name).set_exception(Failure(code))


@op
async def op_await(run, op, name):
    thing = run.take_awaitable(name)
    if thing is asyncio.current_task():
        raise Misuse
    if isinstance(thing, types.CoroutineType):
        run.taken.add(thing)
    return await thing


@op
async def op_call(run, op, body):
    made = run.coroutine(body)
    run.taken.add(made)
    return await made


@op
def op_cancel(run, op, name):
    return int(run.take_future(name).cancel())


@op
def op_done(run, op, name):
    return int(run.take_future(name).done())


@op
async def op_gather(run, op, *names):
    return await asyncio.gather(*run.take_all(names))


@op
async def op_gather_all(run, op, *names):
    return await asyncio.gather(*run.take_all(names), return_exceptions=True)


@op
async def op_wait(run, op, mode, limit, *names):
    futures = [run.take_future(name) for name in names]
    limit = None if limit == "-" else int(limit)
    done, _ = await asyncio.wait(futures, timeout=limit, return_when=WAIT_MODES[mode])
    finished = [name for name, future in zip(names, futures) if future in done]
    others = [name for name, future in zip(names, futures) if future not in done]
    return ["done", *finished, "pending", *others]


@op
async def op_wait_for(run, op, seconds, name):
    return await asyncio.wait_for(*run.take_all([name]), timeout=int(seconds))


@op
async def op_shield(run, op, name):
    return await asyncio.shield(run.take_awaitable(name))


@op
async def op_timeout(run, op, seconds):
    async with asyncio.timeout(int(seconds)):
        left = await run.block(op.inner)
    return left


@op
async def op_group(run, op, name):
    async with asyncio.TaskGroup() as group:
        run.variables[name] = group
        left = await run.block(op.inner)
    return left


@op
def op_group_spawn(run, op, group, name, body):
    run.variables[name] = run.take(group, asyncio.TaskGroup).create_task(run.coroutine(body))
    return NOTHING_TO_LOG


@op
async def op_repeat(run, op, times):
    for _ in range(int(times)):
        left = await run.block(op.inner)
        if left:
            return left
    return NOTHING_TO_LOG


@op
def op_fail(run, op, code):
    raise Failure(code)


@op
def op_return(run, op, value):
    return Left(value)


@op
async def op_lock(run, op, name):
    async with run.primitives[name]:
        run.log(op, "held")
        left = await run.block(op.inner)
    return left


FUNCTIONS["sem"] = FUNCTIONS["lock"]


@op
async def op_wait_event(run, op, name):
    await run.primitives[name].wait()


@op
def op_set_event(run, op, name):
    run.primitives[name].set()


@op
def op_clear_event(run, op, name):
    run.primitives[name].clear()


@op
async def op_wait_condition(run, op, name):
    async with run.primitives[name]:
        await run.primitives[name].wait()


@op
async def op_notify(run, op, name, count):
    async with run.primitives[name]:
        run.primitives[name].notify(int(count))


@op
async def op_put(run, op, name, item):
    await run.primitives[name].put(item)


@op
async def op_get(run, op, name):
    return await run.primitives[name].get()


@op
def op_task_done(run, op, name):
    run.primitives[name].task_done()


@op
async def op_join(run, op, name):
    await run.primitives[name].join()


@op
async def op_wait_barrier(run, op, name):
    return await run.primitives[name].wait()


# ---------------------------------------------------------------- the program

def run_file(path):
    """-> (status, lines of the log, message)"""
    try:
        with open(path) as file:
            script = Script(Text(file.read()))
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
