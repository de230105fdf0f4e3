"""What the web channel does with a request, whichever way it came: sessions, turns, history, feedback, forgetting."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from bot.channels.conversations import OPENING, Conversations
from bot.channels.guard import SORRY, RateLimiter, RefusedError, guarded_text
from bot.channels.messages import HIDDEN, SAID, Message, choices_of, user_message
from bot.channels.web.sessions import Sessions
from bot.feedback import REASONS
from bot.forgetting import CannotForgetError

logger = logging.getLogger(__name__)

Deliver = Callable[[str, Any], Awaitable[None]]
Answer = dict[str, Any]

NO_SESSION = "对话已失效，请刷新页面重新开始。"
MOST_HISTORY = 100
# What is kept in memory; the tracker store knows the rest. A turn has some 50 kB.
_MOST_TURNS, _MOST_CHOOSERS, _MOST_CHOICES = 500, 2_000, 200
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
_BOT_ID = re.compile(r"([A-Za-z0-9_-]{8,64})\.\d{1,3}")


class Desk:
    """Serves the sessions of one assistant. Methods raise RefusedError for what is not served."""

    def __init__(self, conversations: Conversations):
        self._conversations = conversations
        self.sessions = Sessions(conversations.exists)
        self._turns: OrderedDict[tuple[str, str], asyncio.Task[list[Message]]] = OrderedDict()
        self._choices: OrderedDict[str, dict[str, str]] = OrderedDict()

    async def session(self, wanted: object) -> Answer:
        """The session asked for where it was issued here, else a new one."""
        if await self.sessions.known(wanted):
            return {"ok": True, "session_id": wanted, "resumed": True}
        return {"ok": True, "session_id": self.sessions.issue(), "resumed": False}

    # -- turns --

    async def greet(self, session: str, deliver: Deliver) -> Answer:
        """A turn in which the user said nothing and the assistant says hello."""
        turn = f"hello-{time.time_ns():x}"
        await self._begin(session, turn, self._run(session, turn, OPENING, {HIDDEN: True}, deliver))
        return {"ok": True, "turn": turn}

    async def say(self, session: str, data: Mapping[str, Any], deliver: Deliver, echo: Deliver) -> Answer:
        """A turn. The same id again makes no second one: its answer is delivered again.

        `echo` is told the message that makes a turn, for the user's other windows.
        """
        text = guarded_text(data.get("message"))
        turn = data.get("id") or f"turn-{time.time_ns():x}"
        if not isinstance(turn, str) or not _ID.fullmatch(turn):
            raise RefusedError(400, "id 应当是 8 到 64 个字母、数字、_ 或 -。")
        again = self._turns.get((session, turn))
        if again:
            for message in await self._outcome(again):
                await deliver("bot_uttered", message)
        else:
            await self._begin(session, turn, self._said(session, turn, text, data, deliver=deliver, echo=echo))
        return {"ok": True, "turn": turn}

    async def _begin(self, session: str, turn: str, work: Coroutine[Any, Any, list[Message]]) -> None:
        # A task of its own: who hangs up does not stop a turn half way. It is known before it first waits.
        task = self._turns[session, turn] = asyncio.ensure_future(work)
        while len(self._turns) > _MOST_TURNS:
            self._turns.popitem(last=False)
        try:
            await self._outcome(task)
        except RefusedError:
            self._turns.pop((session, turn), None)  # sent again it is tried again
            raise

    async def _said(
        self, session: str, turn: str, text: str, data: Mapping[str, Any], *, deliver: Deliver, echo: Deliver
    ) -> list[Message]:
        """The turn of a message; one that was answered before the server was started anew is only told again."""
        answered = await self._answered(session, turn) if data.get("retry") else []
        for message in answered:
            await deliver("bot_uttered", message)
        if answered:
            return answered
        await echo("user_echo", user_message(turn, text, time.time()))
        asked = await self._chosen(session, data.get("choice")) or text
        return await self._run(session, turn, asked, {SAID: text}, deliver)

    async def _run(self, session: str, turn: str, text: str, metadata: dict[str, Any], deliver: Deliver) -> list[Message]:
        async def give(message: Message) -> None:
            self._remember(session, message)
            await deliver("bot_uttered", message)

        await deliver("bot_typing", {"turn": turn})
        try:
            return await self._conversations.turn(session, text, turn, metadata, give)
        finally:
            await deliver("turn_end", {"turn": turn})

    async def _outcome(self, task: asyncio.Task[list[Message]]) -> list[Message]:
        try:
            return await asyncio.shield(task)
        except Exception as error:
            # The text of the message stays out of the log.
            logger.exception("web: a message could not be answered")
            raise RefusedError(500, SORRY) from error

    async def _answered(self, session: str, turn: str) -> list[Message]:
        """What was answered in a turn before the server was started anew."""
        return [
            message
            for message in await self._conversations.history(session)
            if message["turn"] == turn and message["who"] == "bot"
        ]

    # -- buttons --

    def _remember(self, session: str, message: Message) -> None:
        known = [*self._choices.pop(session, {}).items(), *choices_of(message)]
        self._choices[session] = dict(known[-_MOST_CHOICES:])
        while len(self._choices) > _MOST_CHOOSERS:
            self._choices.popitem(last=False)

    async def _chosen(self, session: str, choice: object) -> str | None:
        """The question behind a button; None where none was chosen or it is not known."""
        if not isinstance(choice, str):
            return None
        if choice not in self._choices.get(session, {}):
            for message in await self._conversations.history(session):
                self._remember(session, message)
        question = self._choices.get(session, {}).get(choice)
        return guarded_text(question) if question else None

    # -- what is kept --

    async def history(self, session: str) -> Answer:
        """The last messages of a session."""
        return {"ok": True, "messages": (await self._conversations.history(session))[-MOST_HISTORY:]}

    async def feedback(self, session: str, data: Mapping[str, Any]) -> Answer:
        """Keep what somebody says of an answer."""
        id, good, reasons = data.get("message"), data.get("good"), data.get("reasons") or []
        if not isinstance(id, str) or not _BOT_ID.fullmatch(id) or not isinstance(good, bool):
            raise RefusedError(400, '反馈应当是 {"message": 回答的编号, "good": true 或 false, "reasons": […]}。')
        if not isinstance(reasons, list) or not all(isinstance(reason, str) and reason in REASONS for reason in reasons):
            raise RefusedError(400, f"reasons 只能是 {'、'.join(REASONS)}。")
        try:
            await self._conversations.rate(session, good, lambda message: bool(message["id"] == id), reasons)
        except LookupError as error:
            raise RefusedError(404, "没有找到这条回答。") from error
        return {"ok": True}

    async def forget(self, session: str, deliver: Deliver) -> Answer:
        """Delete a conversation, and tell all windows of it."""
        try:
            await self._conversations.forget(session)
        except CannotForgetError as error:
            logger.error("web: this tracker store cannot delete: %s", error)
            raise RefusedError(500, "系统的对话存储不支持删除，请联系网站管理员。") from error
        self._choices.pop(session, None)
        for key in [key for key in self._turns if key[0] == session]:
            del self._turns[key]
        self.sessions.drop(session)
        await deliver("session_forgotten", {})
        return {"ok": True}


class Limits:
    """How much one session and one address may ask. Addresses that tell nothing are not counted."""

    def __init__(self, per_session: RateLimiter, per_address: RateLimiter, new_sessions: RateLimiter):
        self._session, self._address, self._new = per_session, per_address, new_sessions

    def check(self, session: str | None, address: str | None) -> None:
        """Count a request. Raises RefusedError when there are too many."""
        if address:
            self._address.check(address)
        if session:
            self._session.check(session)

    def check_new(self, address: str | None) -> None:
        """Count a new session of an address."""
        if address:
            self._new.check(address)
