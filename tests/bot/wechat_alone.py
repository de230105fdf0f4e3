"""The WeChat channel on a real socket with answers that a test decides, and the platform's side opposite it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sanic import Sanic

from bot.channels.wechat.channel import WeChatInput
from bot.wechatsim.phone import Phone
from bot.wechatsim.platform import Platform
from tests.bot.server import free_port
from tests.bot.wechat_accounts import ACCOUNTS, secrets_of, side

# The platform's patience and ours, scaled: a test does not wait 5 s.
PATIENCE, SECONDS = 0.5, 0.35


@dataclass
class Alone:
    """The channel, what it passed on, and how long answers take."""

    base: str
    platform: Platform
    http: aiohttp.ClientSession
    heard: list[UserMessage] = field(default_factory=list)
    answer: Callable[[str], list[dict[str, Any]]] = lambda text: [{"text": f"答：{text}"}]
    seconds: Callable[[str], float] = lambda text: 0.0
    keeps: bool = True  # in the tracker store
    agent: Any = None

    def phone(self, account: str, user: str = "oUser1", patience: float = PATIENCE) -> Phone:
        return Phone(side(account, self.base), user, self.platform, patience, self.http)

    async def handle(self, message: UserMessage) -> None:
        """What the assistant would do: take its time, answer, remember."""
        self.heard.append(message)
        await asyncio.sleep(self.seconds(message.text))
        for reply in self.answer(message.text):
            await message.output_channel.send_response(message.sender_id, reply)
        if not self.keeps:
            return
        tracker = DialogueStateTracker(message.sender_id, [])
        tracker.update(UserUttered(message.text, message_id=message.message_id))
        await self.agent.tracker_store.save(tracker)


@asynccontextmanager
async def alone(
    monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...] = tuple(ACCOUNTS), seconds: float = SECONDS
) -> AsyncIterator[Alone]:
    """The channel with these accounts, until the block ends. An answer is late after `seconds`."""
    for variable, value in secrets_of(names).items():
        monkeypatch.setenv(variable, value)
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    platform = Platform([side(name, base) for name in names])
    api = await platform.start()
    settings = {name: dict(ACCOUNTS[name], seconds=seconds) for name in names}
    for name in {"verified", "app"} & settings.keys():
        settings[name]["api"] = api
    Sanic.test_mode = True
    app = Sanic("wechat_alone", configure_logging=False)
    app.config.ACCESS_LOG = False
    async with aiohttp.ClientSession() as http:
        found = Alone(base, platform, http)
        found.agent = SimpleNamespace(tracker_store=InMemoryTrackerStore(Domain.empty()), lock_store=InMemoryLockStore())
        app.ctx.agent = found.agent
        routes = WeChatInput.from_credentials({"accounts": settings}).blueprint(found.handle)
        app.blueprint(routes, url_prefix="/webhooks/wechat")
        server = await app.create_server(host="127.0.0.1", port=port, return_asyncio_server=True)
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        try:
            yield found
        finally:
            await server.before_stop()
            await server.close()
            await server.after_stop()
            await platform.stop()
            Sanic._app_registry.pop(app.name)
