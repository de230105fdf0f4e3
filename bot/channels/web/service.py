"""The requests of the web channel by name, the same for Socket.IO and plain HTTP: limits, checks, answers."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.guard import SORRY, RefusedError
from bot.channels.web.desk import NO_SESSION, Answer, Deliver, Desk, Limits

logger = logging.getLogger(__name__)

NAMES = ("session", "message", "greeting", "history", "feedback", "forget")


@dataclass(frozen=True)
class Asker:
    """Who asks: the session, None where there is none, and the address, None where it tells nothing."""

    session: str | None
    address: str | None


class Service:
    """Answers requests with {"ok": true, …} or {"ok": false, "status", "error", "retry_after"?}; raises nothing."""

    def __init__(self, desk: Desk, limits: Limits):
        self.desk, self._limits = desk, limits

    async def answer(self, name: str, asker: Asker, data: object, deliver: Deliver, echo: Deliver) -> Answer:
        """Answer the request `name`. Messages go to `deliver`; what the user's other windows should know to `echo`."""
        try:
            self._limits.check(asker.session, asker.address)
            if not isinstance(data, Mapping):
                raise RefusedError(400, "请求应当是一个 JSON 对象。")
            if name == "session":
                return await self._session(asker, data)
            if asker.session is None:
                raise RefusedError(401, NO_SESSION)
            return await self._in_session(name, asker.session, data, deliver, echo)
        except RefusedError as refusal:
            after = {"retry_after": refusal.retry_after} if refusal.retry_after else {}
            return {"ok": False, "status": refusal.status, "error": str(refusal), **after}
        except Exception:
            logger.exception("web: the request %s failed", name)
            return {"ok": False, "status": 500, "error": SORRY}

    async def _session(self, asker: Asker, data: Mapping[str, Any]) -> Answer:
        wanted = data.get("session_id")
        if not await self.desk.sessions.known(wanted):
            self._limits.check_new(asker.address)
            wanted = None  # it has been looked up
        return await self.desk.session(wanted)

    async def _in_session(self, name: str, session: str, data: Mapping[str, Any], deliver: Deliver, echo: Deliver) -> Answer:
        if name == "message":
            return await self.desk.say(session, data, deliver, echo)
        if name == "greeting":
            return await self.desk.greet(session, deliver)
        if name == "history":
            return await self.desk.history(session)
        if name == "feedback":
            return await self.desk.feedback(session, data)
        return await self.desk.forget(session, deliver)
