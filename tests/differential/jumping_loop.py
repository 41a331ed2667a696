"""asyncio under a clock that jumps, with what it leaves to chance fixed. To be imported once, for the whole process."""
import asyncio

ITERATIONS_MAX = 200_000


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
