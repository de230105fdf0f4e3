"""Each message once, one after the other for each user, and what came of it for those that ask again."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

T = TypeVar("T")

# As long as the platform may deliver a message again, and a stream may be asked for (6 min).
KEPT_SECONDS = 660
_MOST = 5_000


class BusyError(Exception):
    """Too many turns are under way."""


class Turn(Generic[T]):
    """A turn under way or done.

    `deliveries` came for it, of which `waiting` wait; `late` is set when its answer has to go another way.
    """

    def __init__(self, began: float):
        self.began, self.deliveries, self.waiting, self.late = began, 0, 0, False
        self.task: asyncio.Task[T]


class Turns(Generic[T]):
    """The turns of one account. `clock` gives seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, most: int = _MOST):
        self._clock, self._most = clock, most
        self._turns: OrderedDict[tuple[str, str], Turn[T]] = OrderedDict()
        self._last: dict[str, asyncio.Task[Any]] = {}
        self._following: dict[str, asyncio.Task[Any]] = {}

    def __len__(self) -> int:
        """How many turns are remembered."""
        return len(self._turns)

    def begin(self, sender: str, key: str, work: Callable[[Turn[T]], Awaitable[T]]) -> Turn[T]:
        """The turn of a message: a new one, or the one that an earlier delivery began. Raises BusyError."""
        turn = self._turns.get((sender, key))
        if turn is None:
            self._drop()
            if len(self._turns) >= self._most:
                raise BusyError
            turn = self._turns[sender, key] = Turn(self._clock())
            begun = turn
            turn.task = _chain(self._last, sender, lambda: self._after_what_follows(sender, lambda: work(begun)))
        turn.deliveries += 1
        return turn

    def find(self, sender: str, key: str) -> Turn[T] | None:
        """The turn of a message that was delivered before."""
        return self._turns.get((sender, key))

    def follow(self, sender: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do something before the sender's next turn, also one that waits already."""
        _chain(self._following, sender, work)

    def forget(self, sender: str) -> None:
        """Drop what came of a sender's turns."""
        for key in [key for key, turn in self._turns.items() if key[0] == sender and turn.task.done()]:
            del self._turns[key]

    async def _after_what_follows(self, sender: str, work: Callable[[], Awaitable[T]]) -> T:
        following = self._following.get(sender)
        if following:
            await asyncio.wait({following})
        return await work()

    def _drop(self) -> None:
        """Forget the oldest that are done: all that nobody asks for any more, others for want of room."""
        now = self._clock()
        while self._turns:
            key, turn = next(iter(self._turns.items()))
            old = now - turn.began > KEPT_SECONDS
            if not turn.task.done() or not (old or len(self._turns) >= self._most):
                break
            del self._turns[key]


def _chain(last: dict[str, asyncio.Task[Any]], sender: str, work: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
    """Begin some work when the last of a sender is done, and be the last."""
    before = last.get(sender)

    async def run() -> Any:
        if before:
            await asyncio.wait({before})
        return await work()

    def ended(task: asyncio.Task[Any]) -> None:
        if last.get(sender) is task:
            del last[sender]

    # A task of its own: a delivery that is cut does not stop it.
    task = last[sender] = asyncio.ensure_future(run())
    task.add_done_callback(ended)
    return task
