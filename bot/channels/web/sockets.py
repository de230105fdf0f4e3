"""The web channel over Socket.IO, with the events of Rasa's own channel and some more (docs/网页接入.md)."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.socketio import SocketBlueprint
from socketio import AsyncServer

from bot.channels.requests import MOST_BYTES, asker_address
from bot.channels.web.desk import Answer
from bot.channels.web.origins import Sites
from bot.channels.web.service import Asker, Service

# The library's own loggers print beside ours; it names origins, never texts.
logger = logging.getLogger(__name__)

PATH = "/socket.io"
# Passes of the event loop from an emit to the bytes on their way.
WRITING = 3
# Event → the request it makes.
EVENTS = {
    "user_uttered": "message",
    "greeting_request": "greeting",
    "history_request": "history",
    "feedback": "feedback",
    "forget_request": "forget",
}


@dataclass
class Window:
    """One connection: its address and, once it has asked for one, its session."""

    address: str | None
    session: str | None = None


class Sockets:
    """The Socket.IO server. `connections` is the most that one address may hold open."""

    def __init__(self, service: Service, sites: Sites, proxies: int, connections: int):
        self._service, self._sites, self._proxies, self._connections = service, sites, proxies, connections
        self._windows: dict[str, Window] = {}
        self._open: Counter[str] = Counter()
        self.server = AsyncServer(
            async_mode="sanic",
            cors_allowed_origins=lambda origin, environ: sites.allow(origin, environ.get("HTTP_HOST")),
            cors_credentials=False,
            max_http_buffer_size=MOST_BYTES,
            logger=logger,
            engineio_logger=logger,
        )
        self.server.on("connect", self._connect)
        self.server.on("disconnect", self._disconnect)
        self.server.on("session_request", self._session_request)
        for event, name in EVENTS.items():
            self.server.on(event, self._handler(name))

    def blueprint(self) -> SocketBlueprint:
        """The Socket.IO server as a Sanic blueprint."""
        return SocketBlueprint(self.server, PATH, "web_sockets", __name__)

    async def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> bool:
        request = environ["sanic.request"]
        address = asker_address(request, self._proxies)
        if address and self._open[address] >= self._connections:
            return False
        if address:
            self._open[address] += 1
        self._windows[sid] = Window(address)
        return True

    async def _disconnect(self, sid: str, *reason: Any) -> None:
        window = self._windows.pop(sid, None)
        if window and window.address:
            self._open[window.address] -= 1
            if not self._open[window.address]:
                del self._open[window.address]

    async def _session_request(self, sid: str, data: Any = None, *rest: Any) -> Answer:
        window = self._windows[sid]
        answer = await self._service.answer("session", Asker(None, window.address), data or {}, _nowhere, _nowhere)
        if answer["ok"]:
            await self._enter(sid, window, answer["session_id"])
            await self.server.emit("session_confirm", answer["session_id"], to=sid)
        return answer

    async def _enter(self, sid: str, window: Window, session: str) -> None:
        if window.session and window.session != session:
            await self.server.leave_room(sid, window.session)
        window.session = session
        await self.server.enter_room(sid, session)

    def _handler(self, name: str) -> Any:
        async def handle(sid: str, data: Any = None, *rest: Any) -> Answer:
            window = self._windows[sid]
            # Rasa's clients may speak without having asked for a session.
            if window.session is None and name == "message":
                wanted = data.get("session_id") if isinstance(data, dict) else None
                await self._session_request(sid, {"session_id": wanted})
            room = window.session

            async def deliver(event: str, message: Any) -> None:
                await self.server.emit(event, message, room=room)
                # What was emitted leaves when its writer gets its turn: now, not after the conversation is saved.
                for _ in range(WRITING):
                    await asyncio.sleep(0)

            async def echo(event: str, message: Any) -> None:
                await self.server.emit(event, message, room=room, skip_sid=sid)

            answer = await self._service.answer(name, Asker(room, window.address), data or {}, deliver, echo)
            if name == "message" and not answer["ok"] and not (isinstance(data, dict) and data.get("id")):
                # A client of Rasa's own protocol hears of no refusal but as an answer.
                await self.server.emit("bot_uttered", {"text": answer["error"]}, to=sid)
            if name == "forget" and answer["ok"]:
                await self._close(str(room))
            return answer

        return handle

    async def _close(self, session: str) -> None:
        for window in self._windows.values():
            if window.session == session:
                window.session = None
        await self.server.close_room(session)


async def _nowhere(event: str, message: Any) -> None:
    """Delivers nothing."""
