"""Reading requests of the public: their size, their JSON, their address."""

from __future__ import annotations

from typing import Any

from sanic.exceptions import InvalidUsage
from sanic.request import Request

from bot.channels.addresses import address_of
from bot.channels.guard import RefusedError

MOST_BYTES = 65_536


def body_of(request: Request) -> dict[str, Any]:
    """The JSON object of a request. Raises RefusedError when it is none, or too large."""
    if len(request.body) > MOST_BYTES:
        raise RefusedError(413, "请求太大。")
    try:
        body = request.json
    except InvalidUsage as error:
        raise RefusedError(400, "请求不是合法的 JSON。") from error
    if not isinstance(body, dict):
        raise RefusedError(400, "请求应当是一个 JSON 对象。")
    return body


def asker_address(request: Request, proxies: int) -> str | None:
    """The address that a request comes from; None where it tells nothing."""
    return address_of(request.ip, request.headers.get("x-forwarded-for"), proxies)
