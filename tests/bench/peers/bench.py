"""The workloads on asyncio: bench.py WORKLOAD COUNT ROUNDS [uvloop]. Prints what leash_bench prints."""
import asyncio
import sys
import time

KIB = 1024


def median(values):
    values = sorted(values[1:] if len(values) > 1 else values)
    middle = len(values) // 2
    return values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2


async def measure(one_round, rounds, units, name="ns"):
    times = []
    for _ in range(rounds):
        began = time.thread_time_ns()
        await one_round()
        times.append((time.thread_time_ns() - began) / units)
    print(f"{name} {median(times):.2f}")


async def nothing():
    pass


async def spawn_await(count, rounds):
    async def one_round():
        for _ in range(count):
            await asyncio.create_task(nothing())

    await measure(one_round, rounds, count)


async def yield_once():
    await asyncio.sleep(0)


async def gather(count, rounds):
    async def one_round():
        await asyncio.gather(*[yield_once() for _ in range(count)])

    await measure(one_round, rounds, count)


async def give_way(count):
    for _ in range(count):
        await asyncio.sleep(0)


async def switch(count, rounds):
    async def one_round():
        await asyncio.gather(give_way(count), give_way(count))

    await measure(one_round, rounds, 2 * count)


async def put_all(items, count):
    for _ in range(count):
        await items.put(None)


async def get_all(items, count):
    for _ in range(count):
        await items.get()


async def queue(count, rounds):
    for bound in (1, 10, 100):
        items = asyncio.Queue(bound)

        async def one_round():
            await asyncio.gather(put_all(items, count), get_all(items, count))

        await measure(one_round, rounds, count, f"queue_{bound}_ns")


def resident():
    total = 0
    for path, key in (("/proc/self/smaps_rollup", "Rss:"), ("/proc/self/status", "VmPTE:")):
        with open(path, encoding="ascii", errors="replace") as file:
            total += sum(int(line.split()[1]) * KIB for line in file if line.startswith(key))
    return total


async def park(future):
    await future


async def park_all(name, bodies):
    began = time.thread_time_ns()
    tasks = [asyncio.create_task(body) for body in bodies]
    await asyncio.sleep(0)
    print(f"{name} {(time.thread_time_ns() - began) / len(tasks):.2f}")
    return tasks


async def park_and_wake(count, create, finish):
    future = asyncio.get_running_loop().create_future()
    tasks = await park_all(create, (park(future) for _ in range(count)))
    if create == "create_cold_ns":
        print(f"resident {resident()}")
    began = time.thread_time_ns()
    future.set_result(None)
    for task in tasks:
        await task
    print(f"{finish} {(time.thread_time_ns() - began) / count:.2f}")


async def park_and_cancel(count):
    tasks = await park_all("create_sleeping_ns", (asyncio.sleep(3600) for _ in range(count)))
    began = time.thread_time_ns()
    for task in tasks:
        task.cancel()
    for task in tasks:
        try:
            await task
        except asyncio.CancelledError:
            pass
    print(f"cancel_ns {(time.thread_time_ns() - began) / count:.2f}")


async def parked(count, _rounds):
    print(f"resident_before {resident()}")
    await park_and_wake(count, "create_cold_ns", "finish_cold_ns")
    await park_and_wake(count, "create_ns", "finish_ns")
    await park_and_cancel(count)


def main():
    workloads = {"spawn_await": spawn_await, "gather": gather, "switch": switch, "queue": queue, "parked": parked}
    if sys.argv[4:] == ["uvloop"]:
        import uvloop

        uvloop.install()
    asyncio.run(workloads[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3])))


if __name__ == "__main__":
    main()
