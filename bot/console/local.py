"""The trained assistant in this process: its conversations in memory, every turn of them traced."""

# ruff: noqa: PLC0415 - Rasa takes seconds to import, and the console shows its progress meanwhile

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from bot import project
from bot.channels.guard import guarded_text
from bot.console.rating import rated_message, reasons_of
from bot.console.said import Said, Unreachable

if TYPE_CHECKING:
    from rasa.core.agent import Agent

    from actions.knowledge.profile import Profile
    from bot.feedback import FeedbackStore

CHANNEL = "shell"


class InProcess:
    """An assistant for one conversation at a time. Answers of the day that actions/clock.py tells."""

    name, local = "本进程", True

    def __init__(self, agent: Agent):
        from bot.channels.conversations import Conversations

        self._agent = agent
        self._conversations = Conversations(CHANNEL, agent.handle_message, lambda: agent)
        self._feedback: FeedbackStore | None = None
        self.session = _new_session()

    @classmethod
    def load(cls, tell: Callable[[str], None]) -> InProcess:
        """Load book and model and answer one question, so that the first one asked is not slow.

        `tell` hears of every step as it begins. Raises BookError for a faulty book, Unreachable without a usable model.
        """
        tell("加载政策库……")
        from actions.knowledge.store import store

        book = store().current()
        if not project.MODEL.exists():
            raise Unreachable("还没有训练模型：先运行 huiqi train。")
        tell("加载对话引擎……")
        from bot import logs

        project.quiet()
        logs.configure()
        from rasa.shared.exceptions import RasaException

        from bot.channels.conversations import OPENING
        from bot.conversation import load_agent

        tell("加载模型……")
        try:
            found = cls(load_agent())
        except RasaException as error:
            raise Unreachable(f"模型加载不了：{error} 可以试试 huiqi train --force。") from error
        tell("试答一句……")
        # In a thread of its own: an event loop may be running in this one.
        with ThreadPoolExecutor(1) as beside:
            beside.submit(asyncio.run, found._warm_up([*book.examples, OPENING][0])).result()
        return found

    async def _warm_up(self, question: str) -> None:
        await self.say(question)
        await self.reset()

    async def say(self, text: str) -> Said:
        """Ask. Raises RefusedError for what no channel passes on, Unreachable when no answer comes."""
        from bot.channels.conversations import FailedError
        from bot.console.watching import trace_of, watched

        await asyncio.sleep(0)  # what else is due, as keys that were pressed, is no time of the turn
        text, turn = guarded_text(text), f"turn-{time.time_ns():x}"
        store = self._agent.tracker_store
        before = await store.retrieve(self.session)
        with watched(self._agent) as seen:
            began = time.perf_counter()
            try:
                messages = await self._conversations.turn(self.session, text, turn)
            except FailedError as error:
                raise Unreachable("这句话没有得到回答，原因见上面的报错。") from error
            seconds = time.perf_counter() - began
        after = await store.retrieve(self.session)
        return Said(text, messages, seconds, trace_of(before, after, messages, seen, seconds))

    async def reset(self) -> None:
        """Begin a new conversation; the old one is forgotten, its ratings stay."""
        from bot.forgetting import forget

        forget(self._agent.tracker_store, self.session)
        self.session = _new_session()

    async def rate(self, said: Said, good: bool, note: str = "") -> None:
        """Keep what is thought of an answer where the server keeps it.

        `note` names reasons (金额不对 …). Raises LookupError with a sentence for others, or when it cannot be kept.
        """
        from sqlalchemy.exc import SQLAlchemyError

        from bot.feedback import Feedback, told

        reasons, message = reasons_of(note), rated_message(said)
        policies, rules = told(message.get("custom") or {})
        try:
            self._ratings().save(Feedback(self.session, message["id"], good, reasons, said.question, policies, rules))
        except SQLAlchemyError as error:
            raise LookupError(f"评价存不进数据库：{error}") from error

    def _ratings(self) -> FeedbackStore:
        """The ratings of the server: where endpoints.yml or $HUIQI_DATABASE says."""
        from rasa.core.tracker_store import TrackerStore

        from bot.feedback import beside
        from bot.serving import endpoints

        if self._feedback is None:
            self._feedback = beside(TrackerStore.create(endpoints(http_actions=True).tracker_store))
        return self._feedback

    async def profile(self) -> Profile:
        """What is known of the asker's company."""
        from actions.knowledge.profile import Profile

        tracker = await self._agent.tracker_store.retrieve(self.session)
        return Profile.parse(tracker.get_slot("profile") if tracker else None)

    async def set_profile(self, profile: Profile) -> None:
        """Replace what is known of the asker's company."""
        from rasa.shared.core.events import SlotSet

        processor = self._agent.processor
        tracker = await processor.fetch_tracker_and_update_session(self.session)
        tracker.update(SlotSet("profile", profile.plain()), self._agent.domain)
        await processor.save_tracker(tracker)

    async def close(self) -> None:
        """Nothing is open."""


def _new_session() -> str:
    return f"{CHANNEL}-{secrets.token_hex(8)}"
