"""The ops: function(run, op, words...) -> the value to log, NOTHING_TO_LOG, or Left."""
import asyncio
import types

from async_script import WAIT_MODES


class Failure(Exception):
    """Of `fail` and `setfail`."""


class Misuse(Exception):
    """A variable that the op cannot take."""


class Left:
    """A body is being left by `return`: blocks see no failure."""

    def __init__(self, value):
        self.value = value


NOTHING_TO_LOG = object()
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
