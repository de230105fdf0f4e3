"""The web channel by plain requests, for networks and browsers where no socket opens."""

from __future__ import annotations

from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import RefusedError
from bot.channels.messages import Message
from bot.channels.requests import asker_address, body_of
from bot.channels.web.origins import Sites
from bot.channels.web.service import NAMES, Asker, Service

FOREIGN = "这个网站没有接入惠企问答的许可。"


def add_routes(routes: Blueprint, service: Service, sites: Sites, proxies: int) -> None:
    """POST /<name> for every request, with `session_id` in its body."""

    @routes.route("/", methods=["GET"])
    async def health(request: Request) -> HTTPResponse:
        return response.json({"status": "ok"})

    async def handle(request: Request, name: str) -> HTTPResponse:
        origin = request.headers.get("origin")
        if name not in NAMES:
            return response.json({"ok": False, "status": 404, "error": "没有这个接口。"}, 404, ensure_ascii=False)
        # A refused page may read that it is refused, and nothing else.
        cors = {"Access-Control-Allow-Origin": origin, "Vary": "Origin"} if origin else {}
        if request.method == "OPTIONS":
            allowed = {"Access-Control-Allow-Headers": "Content-Type", "Access-Control-Max-Age": "600"}
            return response.empty(headers=cors | allowed)
        if not sites.allow(origin, request.headers.get("host")):
            return response.json({"ok": False, "status": 403, "error": FOREIGN}, 403, headers=cors, ensure_ascii=False)
        answer = await _answer(request, name)
        return response.json(answer, answer.get("status", 200), headers=cors, ensure_ascii=False)

    async def _answer(request: Request, name: str) -> dict[str, Any]:
        said: list[Message] = []

        async def deliver(event: str, message: Any) -> None:
            if event == "bot_uttered":
                said.append(message)

        async def echo(event: str, message: Any) -> None:
            """A request has no other windows."""

        try:
            body = body_of(request)
        except RefusedError as refusal:
            return {"ok": False, "status": refusal.status, "error": str(refusal)}
        session = body.get("session_id")
        known = session if name != "session" and await service.desk.sessions.known(session) else None
        answer = await service.answer(name, Asker(known, asker_address(request, proxies)), body, deliver, echo)
        return answer | {"messages": said} if said and answer["ok"] else answer

    routes.add_route(handle, "/<name:str>", methods=["POST", "OPTIONS"])
