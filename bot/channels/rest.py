"""The REST channel for the public: Rasa's protocol (POST /webhooks/rest/webhook) behind the guard."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.guard import OWN_SENDERS, SORRY, RateLimiter, RefusedError, guarded_sender, guarded_text
from bot.channels.requests import asker_address, body_of
from bot.channels.settings import number, proxies_of

logger = logging.getLogger(__name__)


class PublicRestInput(InputChannel):
    """Takes {"sender", "message"}, gives a list of {"recipient_id", "text"?, "buttons"?, "custom"?}."""

    @classmethod
    def name(cls) -> str:
        """The name in the address, the same as of Rasa's own REST channel."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> PublicRestInput:
        """Settings: `messages` for one sender and `address_messages` for one address in `seconds`; `proxies`."""
        settings = credentials or {}
        seconds = number(settings, "seconds", 10)
        senders = RateLimiter(number(settings, "messages", 20), seconds)
        return cls(senders, RateLimiter(number(settings, "address_messages", 600), seconds), proxies_of(settings))

    def __init__(self, senders: RateLimiter, addresses: RateLimiter, proxies: int):
        self._senders, self._addresses, self._proxies = senders, addresses, proxies

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The routes of the channel."""
        routes = Blueprint("public_rest", __name__)

        @routes.route("/", methods=["GET"])
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @routes.route("/webhook", methods=["POST"])
        async def receive(request: Request) -> HTTPResponse:
            try:
                address = asker_address(request, self._proxies)
                if address:
                    self._addresses.check(address)
                sender, text = self._message(request)
                self._senders.check(sender)
            except RefusedError as refusal:
                return response.json({"error": str(refusal)}, status=refusal.status, ensure_ascii=False)
            collector = CollectingOutputChannel()
            try:
                await on_new_message(UserMessage(text, collector, sender, input_channel=self.name()))
            except Exception:
                # The text of the message stays out of the log.
                logger.exception("rest: a message could not be answered")
                return response.json([{"recipient_id": sender, "text": SORRY}], ensure_ascii=False)
            # Rasa answers nothing when an action server is away.
            messages = collector.messages or [{"recipient_id": sender, "text": SORRY}]
            return response.json(messages, ensure_ascii=False)

        return routes

    @staticmethod
    def _message(request: Request) -> tuple[str, str]:
        body = body_of(request)
        sender = guarded_sender(body.get("sender", "default"))
        if sender.startswith(OWN_SENDERS):
            raise RefusedError(400, f"{' 和 '.join(OWN_SENDERS)} 开头的编号属于别的渠道，请换一个。")
        return sender, guarded_text(body.get("message"))
