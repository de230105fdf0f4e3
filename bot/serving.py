"""The running assistant: Rasa's server with our channels, the actions in process, and the site."""

from __future__ import annotations

import asyncio
import gc
import os
from typing import Any

import aiohttp
from rasa.core import agent as rasa_agent
from rasa.core.channels.channel import register
from rasa.core.run import close_resources, create_http_input_channels
from rasa.core.utils import AvailableEndpoints
from sanic import Sanic

from bot import project, site
from bot.inprocess import InProcessActions
from bot.shortcuts import take_shortcuts

REST = "/webhooks/rest/webhook"


def endpoints(http_actions: bool = False) -> AvailableEndpoints:
    """The stores of endpoints.yml ($HUIQI_DATABASE names another SQLite file); the actions in process unless unwanted."""
    found = AvailableEndpoints.read_endpoints(str(project.ENDPOINTS))
    database = os.environ.get("HUIQI_DATABASE")
    if database and found.tracker_store and found.tracker_store.kwargs.get("dialect") == "sqlite":
        found.tracker_store.kwargs["db"] = database
    take_shortcuts()
    if not http_actions:
        found.action = InProcessActions()
    return found


def create_app(host: str, port: int, http_actions: bool = False) -> Sanic:
    """The application, not yet running."""
    stores = endpoints(http_actions)
    app = Sanic("huiqi", configure_logging=False)
    app.config.ACCESS_LOG = False
    # A turn takes far less; open sockets would be waited for to the end.
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 2.0
    register(create_http_input_channels(None, str(project.CREDENTIALS)), app, route="/webhooks/")
    site.attach(app)

    async def load(app: Sanic, loop: Any) -> None:
        app.ctx.agent = await rasa_agent.load_agent(model_path=str(project.MODEL), endpoints=stores, loop=loop)
        if not app.ctx.agent.is_ready():
            raise RuntimeError("模型没有加载成功，请看上面的报错；可以试试 huiqi train --force。")
        # What is loaded stays: looking through it for garbage would stop everything for some 0.3 s each time.
        gc.collect()
        gc.freeze()

    async def announce(app: Sanic, loop: Any) -> None:
        app.add_task(say_when_ready(host, port))

    app.register_listener(load, "before_server_start")
    app.register_listener(announce, "after_server_start")
    app.register_listener(close_resources, "after_server_stop")
    app.register_listener(end_waiting, "after_server_stop")
    return app


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
