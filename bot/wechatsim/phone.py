"""A user's phone: what he does is told to the account, and what it replies is checked and shown to him."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import aiohttp

from bot.wechatsim import checking, messages
from bot.wechatsim.accounts import Side
from bot.wechatsim.checking import NONE, Fault, Reply
from bot.wechatsim.line import PATIENCE, Delivery, Line, Watch
from bot.wechatsim.platform import Platform
from bot.wechatsim.signing import Request, signed_request

# How often a request is made in all when nothing comes back (doc/service/guide/product/message/Passive_user_reply_message.html).
DELIVERIES = 3
# A robot's stream is asked for again each second or so until it is whole, for 6 min at most
# (developer.work.weixin.qq.com/document/path/100719): both measured by the patience of 5 s.
_REFRESHING, _STREAMING = 1 / 5, 72
_REMEMBERED = 50
# Events after which a 公众号 may send a few messages for a minute.
_OPENING = frozenset(("subscribe", "SCAN", "CLICK"))


@dataclass(frozen=True)
class Heard:
    """What came of a message. `text` is what was shown; `kind` text, transfer, welcome, none, or other (a picture and so on).

    `seconds` has each delivery's, None where it was cut; `replies` each delivery's text. `stream` is the id of a robot's;
    `id` is the message's (MsgId), "" for an event that has none.
    """

    text: str | None
    kind: str
    deliveries: int
    seconds: list[float | None]
    replies: list[str | None] = field(default_factory=list)
    stream: str = ""
    id: str = ""


@dataclass
class _Telling:
    """One message on its way, `request` being the first that tells of it. However often it is delivered, it is shown once."""

    message: Mapping[str, Any]
    event: str
    request: Request
    shown: bool = False


class Phone:
    """The phone of one user of one account. `patience` scales every time that the platform waits.

    With a platform, what the account sends is shown as well. `inbox` has every text that is shown, in order; `faults` what
    was wrong with texts that were sent: the next thing the user does raises it. `watch` is told of every delivery.
    """

    def __init__(
        self,
        side: Side,
        user: str,
        platform: Platform | None = None,
        patience: float = PATIENCE,
        session: aiohttp.ClientSession | None = None,
        *,
        watch: Watch | None = None,
    ):
        self.side, self.user, self.patience = side, user, patience
        self.inbox: asyncio.Queue[str] = asyncio.Queue()
        self.faults: list[Fault] = []
        self._platform, self._line = platform, Line(side, user, patience, session, watch)
        self._shown: deque[str] = deque(maxlen=_REMEMBERED)
        self._feedback: dict[str, str] = {}
        self._last: _Telling | None = None
        if platform:
            platform.deliver(side.name, user, self.receive)

    async def __aenter__(self) -> Phone:
        """Closed at the end."""
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the phone."""
        await self.close()

    async def close(self) -> None:
        """Close what the phone has opened."""
        await self._line.close()

    async def verify(self) -> None:
        """What the back-office does when 提交 is pressed. Raises Fault."""
        await self._line.verify()

    async def say(self, text: str, menu: str | None = None, again: Sequence[float] = (), identical: bool = False) -> Heard:
        """Write a text; `menu` is the id of the link that was tapped for it. Raises Fault.

        `again`: the request is made once more so many seconds after the first, answered or not, with the same MsgId;
        `identical` with the same signature as well.
        """
        if self._platform:
            self._platform.heard(self.side.name, self.user, event=menu is not None)
        return await self._tell(messages.text(self.side, self.user, text, menu), again=again, identical=identical)

    async def media(self, kind: str, **fields: Any) -> Heard:
        """Send image, voice, video, shortvideo, location, link or file (to a robot also mixed). Raises Fault."""
        if self._platform:
            self._platform.heard(self.side.name, self.user)
        return await self._tell(messages.media(self.side, self.user, kind, fields))

    async def event(self, name: str, key: str = "", again: Sequence[float] = (), **fields: Any) -> Heard:
        """Do something else: subscribe, unsubscribe, SCAN, CLICK, VIEW, LOCATION; with a robot enter_chat. Raises Fault."""
        if self._platform and name == "unsubscribe":
            self._platform.left(self.side.name, self.user)
        elif self._platform and name in _OPENING:
            self._platform.heard(self.side.name, self.user, event=True)
        return await self._tell(messages.event(self.side, self.user, name, key, **fields), name, again)

    async def feedback(self, stream: str, good: bool) -> Heard:
        """Put the thumb up or down under a robot's answer (path/101027: type 1 accurate, 2 not). Raises Fault."""
        id = self._feedback.get(stream)
        if not id:
            raise Fault("这条回答没有设置 feedback.id，用户的评价不会通知给账号")
        told = {"id": id, "type": 1 if good else 2, **({} if good else {"inaccurate_reason_list": [3]})}
        return await self.event("feedback_event", feedback_event=told)

    async def repeat(self, identical: bool = False) -> Heard:
        """Deliver the last message once more, although it was answered. Raises Fault, LookupError when there is none."""
        if self._last is None:
            raise LookupError("还没有发过消息")
        delivery = await self._deliver(self._last, self._last.request if identical else None)
        return await self._heard(self._last, [delivery])

    async def tap(self, label: str) -> Heard:
        """Tap the newest link that says so. Raises Fault, LookupError when there is none."""
        link = next((link for text in reversed(self._shown) for link in checking.links(text) if link.label == label), None)
        if link is None:
            raise LookupError(f"没有看到“{label}”这个链接")
        return await self.say(link.content, menu=link.id)

    def receive(self, text: str) -> None:
        """Show a text that the account sent; the next thing the user does raises what is wrong with it."""
        try:
            checking.shown(self.side.kind, text)
        except Fault as fault:
            self.faults.append(fault)
        self._show(text)

    @staticmethod
    def links(text: str) -> list[tuple[str, str]]:
        """(what it says, what it sends) of the tap-to-send links of a text."""
        return [(link.label, link.content) for link in checking.links(text)]

    async def _tell(
        self, message: Mapping[str, Any], event: str = "", again: Sequence[float] = (), identical: bool = False
    ) -> Heard:
        if self.faults:
            raise self.faults.pop(0)
        telling = self._last = _Telling(message, event, signed_request(self.side, message))
        request = telling.request if identical else None
        tasks = [asyncio.ensure_future(self._until_answered(telling, request))]
        tasks += [asyncio.ensure_future(self._later(wait, telling, request)) for wait in again]
        try:
            deliveries = [delivery for found in await asyncio.gather(*tasks) for delivery in found]
        finally:
            for task in tasks:
                task.cancel()
        return await self._heard(telling, deliveries)

    async def _until_answered(self, telling: _Telling, request: Request | None) -> list[Delivery]:
        deliveries: list[Delivery] = []
        while len(deliveries) < DELIVERIES and not (deliveries and deliveries[-1].reply):
            deliveries.append(await self._deliver(telling, request if deliveries else telling.request))
        return deliveries

    async def _later(self, wait: float, telling: _Telling, request: Request | None) -> list[Delivery]:
        await asyncio.sleep(wait)
        return [await self._deliver(telling, request)]

    async def _deliver(self, telling: _Telling, request: Request | None) -> Delivery:
        delivery = await self._line.deliver(telling.message, telling.event, request=request)
        reply = delivery.reply
        if reply and reply.text is not None and reply.finish and not telling.shown:
            telling.shown = True
            self._show(reply.text)
        return delivery

    async def _heard(self, telling: _Telling, deliveries: Sequence[Delivery]) -> Heard:
        told = [delivery.reply for delivery in deliveries if delivery.reply and delivery.reply.kind != NONE]
        reply = next((one for one in told if one.finish), told[0] if told else Reply(NONE))
        if reply.stream:
            self._feedback[reply.stream] = reply.feedback
        if not reply.finish:
            reply = await self._whole(reply)
        return Heard(
            reply.text,
            reply.kind,
            len(deliveries),
            [delivery.seconds for delivery in deliveries],
            [delivery.reply.text if delivery.reply else None for delivery in deliveries],
            reply.stream,
            str(telling.message.get("MsgId") or telling.message.get("msgid", "")),
        )

    async def _whole(self, reply: Reply) -> Reply:
        """A robot's stream when it is finished, and shown."""
        began, longest = time.monotonic(), self.patience * _STREAMING
        while not reply.finish:
            if time.monotonic() - began > longest:
                raise Fault(f"流式消息过了 {longest:g} 秒还没有结束（finish）")
            await asyncio.sleep(self.patience * _REFRESHING)
            refresh = messages.refresh(self.user, reply.stream)
            done = await self._line.deliver(refresh, stream=reply.stream)
            if done.reply and done.reply.stream:
                reply = done.reply
        self._show(reply.text or "")
        return reply

    def _show(self, text: str) -> None:
        self._shown.append(text)
        self.inbox.put_nowait(text)


__all__ = ["DELIVERIES", "Fault", "Heard", "Phone"]
