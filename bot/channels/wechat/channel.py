"""The WeChat channel as Rasa loads it: accounts in, the routes of their callbacks out."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.conversations import Conversations
from bot.channels.guard import RateLimiter, RefusedError
from bot.channels.requests import MOST_BYTES
from bot.channels.wechat.accounts import APPLICATION, ROBOT, Account, accounts_of
from bot.channels.wechat.api import APPLICATION_HOSTS, OFFICIAL_HOSTS, ApplicationPush, OfficialPush, Push
from bot.channels.wechat.callback import Callback
from bot.channels.wechat.codec import CodecError
from bot.channels.wechat.codec.errors import RECEIVER, SIGNATURE
from bot.channels.wechat.desk import Desk
from bot.channels.wechat.robot import Robot

logger = logging.getLogger(__name__)

_FORGED = (RECEIVER, SIGNATURE)


class WeChatInput(InputChannel):
    """The channel `wechat`: every account has its own address, /webhooks/wechat/<name>."""

    @classmethod
    def name(cls) -> str:
        """The name in the addresses."""
        return "wechat"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WeChatInput:
        """Settings: `accounts` (docs/微信接入.md). Raises SettingError for what cannot be."""
        return cls(accounts_of(credentials or {}))

    def __init__(self, accounts: dict[str, Account]):
        self._accounts = accounts

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of all accounts."""
        conversations = Conversations(self.name(), on_new_message)
        doors = {name: _door(account, Desk(account, conversations)) for name, account in self._accounts.items()}
        routes = Blueprint("wechat", __name__)
        routine = RateLimiter(10, 60)

        @routes.route("/<name:str>", methods=["GET", "POST"])
        async def callback(request: Request, name: str) -> HTTPResponse:
            door = doors.get(name)
            if door is None:
                return response.text("没有这个账号。", 404)
            try:
                if len(request.body) > MOST_BYTES:
                    raise RefusedError(413, "请求太大")
                if request.method == "GET":
                    return response.text(door.verify(request.args))
                body = await door.receive(request.args, request.body)
            except CodecError as error:
                return _refused(name, 403 if error.code in _FORGED else 400, f"{error}（{error.code}）", routine)
            except RefusedError as refusal:
                return _refused(name, refusal.status, str(refusal), routine)
            if body is None and request.transport:
                # Held until the platform had to cut; it has not.
                request.transport.abort()
            return response.text(body or "", content_type=_content_type(body or ""))

        @routes.listener("after_server_stop")
        async def close(app: Sanic, loop: Any) -> None:
            for door in doors.values():
                await door.close()

        return routes


def _door(account: Account, desk: Desk) -> Callback | Robot:
    return Robot(account, desk) if account.kind == ROBOT else Callback(account, desk, _push(account))


def _push(account: Account) -> Push | None:
    hosts = [account.api] if account.api else []
    if account.kind == APPLICATION:
        return ApplicationPush(account.id, account.secret, account.agent, account.name, hosts or APPLICATION_HOSTS)
    return OfficialPush(account.id, account.secret, account.name, hosts or OFFICIAL_HOSTS) if account.secret else None


def _content_type(body: str) -> str:
    kind = {"<": "application/xml", "{": "application/json"}.get(body[:1], "text/plain")
    return f"{kind}; charset=utf-8"


def _refused(name: str, status: int, why: str, routine: RateLimiter) -> HTTPResponse:
    """Forged requests are an everyday matter, but an operator who mistyped a key has to find out."""
    try:
        routine.check(name)
        logger.warning("微信账号 %s：拒绝了一个请求：%s", name, why)
    except RefusedError:
        pass
    return response.text("请求没有通过检查。", status)
