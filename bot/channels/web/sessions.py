"""The ids of web conversations: issued here, too random to be guessed, kept by the tracker store."""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from collections.abc import Awaitable, Callable

from bot.channels.guard import WEB

_ID = re.compile(rf"{WEB}[A-Za-z0-9_-]{{32}}")
_BYTES = 24  # 192 bits, 32 characters
_MOST = 10_000


class Sessions:
    """Issues ids and tells those that were issued here. `stored` asks the tracker store for a conversation."""

    def __init__(self, stored: Callable[[str], Awaitable[bool]]):
        self._stored = stored
        self._issued: OrderedDict[str, None] = OrderedDict()

    def issue(self) -> str:
        """A new id."""
        return self._keep(WEB + secrets.token_urlsafe(_BYTES))

    async def known(self, id: object) -> bool:
        """Whether an id was issued here: not long ago, or before a restart, by what was said since."""
        if not isinstance(id, str) or not _ID.fullmatch(id):
            return False
        if id in self._issued:
            return True
        if not await self._stored(id):
            return False
        self._keep(id)
        return True

    def drop(self, id: str) -> None:
        """Forget an id whose conversation was deleted."""
        self._issued.pop(id, None)

    def _keep(self, id: str) -> str:
        self._issued[id] = None
        while len(self._issued) > _MOST:
            self._issued.popitem(last=False)
        return id
