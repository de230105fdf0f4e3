"""One turn at a time for each sender, in one process, without waiting a second between looks."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import InMemoryLockStore
from rasa.shared.exceptions import RasaException


class SenderLocks(InMemoryLockStore):
    """Who came first goes first, as soon as the turn before is over; a sender without a turn takes no memory.

    Raises RasaException where several processes are asked for: each would have locks of its own.
    """

    def __init__(self, endpoint_config: Any = None) -> None:
        super().__init__()
        if int(os.environ.get("SANIC_WORKERS") or 1) > 1:
            raise RasaException("几个进程一起服务时，endpoints.yml 的 lock_store 要用 redis：这里的锁只在一个进程里有效。")
        self._locks: dict[str, asyncio.Lock] = {}
        self._turns: dict[str, int] = {}

    @asynccontextmanager
    async def lock(self, conversation_id: str, *_: Any, **__: Any) -> AsyncIterator[TicketLock]:
        """Wait for the sender's earlier turns. The times that Rasa gives are of no use: a turn ends in the same process."""
        own = self._locks.setdefault(conversation_id, asyncio.Lock())
        self._turns[conversation_id] = self._turns.get(conversation_id, 0) + 1
        try:
            async with own:
                yield TicketLock(conversation_id)
        finally:
            self._turns[conversation_id] -= 1
            if not self._turns[conversation_id]:
                del self._turns[conversation_id], self._locks[conversation_id]
