"""The running assistant: Rasa's server with our channels, the actions in process, and the site."""

from __future__ import annotations

import asyncio
import gc
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

import aiohttp
from rasa.core import agent as rasa_agent
from rasa.core.channels.channel import InputChannel, register
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.utils.common import class_from_module_path
from rasa.shared.utils.io import read_yaml_file
from rasa.utils.endpoints import EndpointConfig
from sanic import Sanic

from bot import project, site
from bot.conversation import warm_up
from bot.runtime.actions import InProcessActions
from bot.runtime.lazy_model import read_models_lazily
from bot.runtime.shortcuts import take_shortcuts

REST = "/webhooks/rest/webhook"
# The parts of endpoints.yml, as AvailableEndpoints takes them.
ENDPOINTS = ("nlg", "nlu", "action_endpoint", "models", "tracker_store", "lock_store", "event_broker")


def endpoints(http_actions: bool = False) -> AvailableEndpoints:
    """The stores of endpoints.yml ($HUIQI_DATABASE names another SQLite file); the actions in process unless unwanted."""
    take_shortcuts()
    read_models_lazily()
    named = _settings(project.ENDPOINTS)  # AvailableEndpoints.read_endpoints reads the file seven times
    found = AvailableEndpoints(*(named.get(kind) and EndpointConfig.from_dict(named[kind]) for kind in ENDPOINTS))
    database = os.environ.get("HUIQI_DATABASE")
    if database and found.tracker_store and found.tracker_store.kwargs.get("dialect") == "sqlite":
        found.tracker_store.kwargs["db"] = database
    if not http_actions:
        found.action = InProcessActions()
    return found


def channels() -> list[InputChannel]:
    """The channels that credentials.yml opens. Raises RasaException for a name that there is no channel of."""
    return [_channel(name, settings) for name, settings in _settings(project.CREDENTIALS).items()]


def _settings(file: Path) -> dict[str, Any]:
    """What a file of settings says. Raises YamlException or InvalidConfigException for one that says nothing of use."""
    found = read_yaml_file(file)
    if not isinstance(found, dict):
        raise InvalidConfigException(f"{file} 里应当是名称和各自的设置。")
    return found


def _channel(name: str, settings: dict[str, Any] | None) -> InputChannel:
    with suppress(AttributeError, ImportError):
        return class_from_module_path(name).from_credentials(settings)
    # Rasa's own channels are known by their names to this module, which imports all of them.
    from rasa.core.run import create_http_input_channels  # noqa: PLC0415

    return create_http_input_channels(name, str(project.CREDENTIALS))[0]


def create_app(host: str, port: int, http_actions: bool = False) -> Sanic:
    """The application, not yet running."""
    stores = endpoints(http_actions)
    app = Sanic("huiqi", configure_logging=False)
    app.config.ACCESS_LOG = False
    # A turn takes far less; open sockets would be waited for to the end.
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 2.0
    register(channels(), app, route="/webhooks/")
    site.attach(app)

    async def load(app: Sanic, loop: Any) -> None:
        app.ctx.agent = await rasa_agent.load_agent(model_path=str(project.MODEL), endpoints=stores, loop=loop)
        if not app.ctx.agent.is_ready():
            raise RuntimeError("模型没有加载成功，请看上面的报错；可以试试 huiqi train --force。")
        await warm_up(app.ctx.agent)
        # What is loaded stays: looking through it for garbage would stop everything for some 0.3 s each time.
        gc.freeze()
        gc.enable()

    async def announce(app: Sanic, loop: Any) -> None:
        app.add_task(say_when_ready(host, port))

    app.register_listener(load, "before_server_start")
    app.register_listener(announce, "after_server_start")
    app.register_listener(close_broker, "after_server_stop")
    app.register_listener(end_waiting, "after_server_stop")
    return app


async def close_broker(app: Sanic, loop: Any) -> None:
    """Close the event broker that endpoints.yml may name."""
    agent = getattr(app.ctx, "agent", None)
    if agent and agent.tracker_store.event_broker:
        await agent.tracker_store.event_broker.close()


async def end_waiting(app: Sanic, loop: Any) -> None:
    """End what still waits when all is served, as the next ping of an open socket: else each is complained of."""
    left = asyncio.all_tasks() - {asyncio.current_task()}
    for task in left:
        task.cancel()
    await asyncio.gather(*left, return_exceptions=True)


async def say_when_ready(host: str, port: int) -> None:
    """Ask the server a question over HTTP; print the addresses once it has answered."""
    address = f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"
    async with aiohttp.ClientSession() as session:
        for _ in range(50):
            try:
                async with session.post(address + REST, json={"sender": "huiqi-self-check", "message": "你好"}) as reply:
                    if reply.status == 200 and await reply.json():
                        break
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.1)
        else:
            print("服务已启动，但自检没有得到回答，请查看上面的报错。", flush=True)
            return
    print(f"\n惠企问答已就绪：\n  网页    {address}/\n  接口    {address}{REST}\n按 Ctrl-C 停止。", flush=True)


def serve(host: str, port: int, http_actions: bool = False) -> None:
    """Run until stopped."""
    create_app(host, port, http_actions).run(host=host, port=port, workers=1, access_log=False)
