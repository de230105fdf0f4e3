"""What the users of one account are answered; how it reaches them is for callback.py and robot.py."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import logging
import re
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.channels.conversations import OPENING, Conversations
from bot.channels.guard import SORRY, WECHAT, RateLimiter, RefusedError, guarded_text
from bot.channels.messages import HIDDEN, SAID, Message
from bot.channels.wechat.accounts import OFFICIAL, Account
from bot.channels.wechat.incoming import CLICK, ENTER, MEDIA, SUBSCRIBE, TEXT, UNSUBSCRIBE, Incoming
from bot.channels.wechat.outbox import Outbox, Waiting
from bot.channels.wechat.rendering import rendered
from bot.forgetting import CannotForgetError

logger = logging.getLogger(__name__)

BUSY = "现在咨询的人比较多，请稍等一分钟再发一次。"
WORDS_ONLY = "我现在只看得懂文字，请把您的问题打成一句话发给我。"
SEND_HUMAN = "需要人工时，请直接发送“转人工”，我把您转给人工客服。"
BETWEEN = "\n\n————\n\n"

# How long a turn may take before it is given up, in seconds: the user's next words wait for it.
_PATIENCE = 120
# A message that came before the server was started anew may be delivered again so long after, in seconds.
_REPEATED = 20
_MESSAGES, _SECONDS = 20, 10
_MOST_CHOOSERS = 2_000
_NUMBER = re.compile(r"(?:回复)?\s*(\d{1,3})\s*[.、。]?")
# Words that only ask for what is waiting.
_MORE = frozenset(("继续", "继续看", "接着", "接着看", "往下", "往下看", "余下", "剩下的", "后面呢", "下面呢", "看下面"))
_NUDGE = _MORE | frozenset(
    ("结果", "看结果", "查询结果", "查结果", "好了吗", "好了没", "出来了吗", "收到", "好的", "谢谢", "你好", "在吗")
)


@dataclass(frozen=True)
class Answer:
    """What a message is answered with: a text, or nothing where it is empty. `human`: better a person where that can be."""

    text: str = ""
    human: bool = False


class Desk:
    """The users of one account: turns, numbers, what waits for them. `clock` gives seconds."""

    def __init__(self, account: Account, conversations: Conversations, clock: Callable[[], float] = time.monotonic):
        self.account, self.outbox = account, Outbox(clock)
        self._conversations, self._clock, self._began = conversations, clock, clock()
        self._limiter = RateLimiter(_MESSAGES, _SECONDS)
        self._choices: OrderedDict[str, Mapping[int, str]] = OrderedDict()

    def sender(self, user: str) -> str:
        """The id of a user's conversation in the tracker store."""
        return f"{WECHAT}{self.account.name}-{user}"

    def masked(self, user: str) -> str:
        """A user as logs may name him: always the same, and nobody can tell who."""
        return hmac.new(self.account.token.encode(), user.encode(), hashlib.sha256).hexdigest()[:10]

    async def answer(self, incoming: Incoming) -> Answer:
        """What a message is answered with. Raises nothing: a failure is an apology."""
        try:
            return await asyncio.wait_for(self._answer(incoming), _PATIENCE)
        except RefusedError as refusal:
            return Answer(str(refusal))
        except Exception:
            # The text of the message stays out of the log.
            logger.exception("微信账号 %s：用户 %s 的一条消息没能回答", self.account.name, self.masked(incoming.user))
            return Answer(SORRY)

    async def rate(self, user: str, key: str, *, good: bool) -> None:
        """Keep what a user says of the answer to a message; of one that is not known any more, nothing."""
        with contextlib.suppress(LookupError):
            await self._conversations.rate(self.sender(user), good, lambda message: bool(message["turn"] == key))

    async def _answer(self, incoming: Incoming) -> Answer:
        sender = self.sender(incoming.user)
        if incoming.event == UNSUBSCRIBE:
            return await self._forget(sender)
        if incoming.kind == MEDIA:
            return Answer(WORDS_ONLY)
        if incoming.kind == TEXT:
            self._limiter.check(sender)
            return await self._said(sender, incoming)
        if incoming.event in (SUBSCRIBE, ENTER):
            return await self._ask(sender, OPENING, incoming.key, {HIDDEN: True})
        if incoming.event == CLICK and incoming.event_key:
            self._limiter.check(sender)
            question = guarded_text(self.account.menu.get(incoming.event_key, incoming.event_key))
            return await self._ask(sender, question, incoming.key, {SAID: question})
        return Answer()

    async def _said(self, sender: str, incoming: Incoming) -> Answer:
        text = guarded_text(incoming.text)
        waiting = self.outbox.take(sender)
        if waiting and _asks_only_for(waiting, text):
            return Answer(waiting.text)
        answer = await self._ask(sender, await self._chosen(sender, text) or text, incoming.key, {SAID: text})
        return Answer(f"{waiting.text}{BETWEEN}{answer.text}") if waiting and waiting.late else answer

    async def _ask(self, sender: str, question: str, key: str, metadata: Mapping[str, object]) -> Answer:
        messages = await self._answered(sender, key) or await self._conversations.turn(sender, question, key, metadata)
        text = self._render(sender, messages)
        human = self.account.service and any((message.get("custom") or {}).get("type") == "human" for message in messages)
        return Answer(SEND_HUMAN, human=True) if human else Answer(text)

    def _render(self, sender: str, messages: Sequence[Message]) -> str:
        found = rendered(messages, links=self.account.kind == OFFICIAL)
        self._choices.pop(sender, None)
        self._choices[sender] = found.choices
        while len(self._choices) > _MOST_CHOOSERS:
            self._choices.popitem(last=False)
        return found.text

    async def _answered(self, sender: str, key: str) -> list[Message]:
        """What a message was answered with before the server was started anew."""
        if self._clock() - self._began > _REPEATED:
            return []
        history = await self._conversations.history(sender)
        return [message for message in history if message["turn"] == key and message["who"] == "bot"]

    async def _chosen(self, sender: str, text: str) -> str | None:
        """The question behind a number of the last answer; None where the text is no such number."""
        number = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
        if not number:
            return None
        if sender not in self._choices:
            history = await self._conversations.history(sender)
            last = [message for message in history if message["who"] == "bot" and message["turn"] == history[-1]["turn"]]
            self._render(sender, last)
        question = self._choices[sender].get(int(number[1]))
        return guarded_text(question) if question else None

    async def _forget(self, sender: str) -> Answer:
        """The platform demands that nothing is kept of whoever leaves."""
        self.outbox.take(sender)
        self._choices.pop(sender, None)
        try:
            await self._conversations.forget(sender)
        except CannotForgetError as error:
            logger.error("微信账号 %s：对话存储不支持删除：%s", self.account.name, error)
        return Answer()


def _asks_only_for(waiting: Waiting, text: str) -> bool:
    """Whether a text is no question of its own but fetches what waits."""
    word = unicodedata.normalize("NFKC", text).strip(" \t\r\n.。!！?？~～,，")
    return word in _NUDGE or len(word) <= 2 if waiting.late else word in _MORE
