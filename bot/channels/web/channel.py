"""The web channel as Rasa loads it: settings in, routes out."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint
from sanic.blueprint_group import BlueprintGroup

from bot.channels.conversations import Conversations
from bot.channels.guard import RateLimiter
from bot.channels.settings import number, proxies_of
from bot.channels.web.desk import Desk, Limits
from bot.channels.web.http import add_routes
from bot.channels.web.origins import Sites
from bot.channels.web.service import Service
from bot.channels.web.sockets import Sockets


class WebInput(InputChannel):
    """The channel `web`. Settings stand in credentials.yml; $HUIQI_ORIGINS and $HUIQI_PROXIES go before them."""

    @classmethod
    def name(cls) -> str:
        """The name in the addresses: /webhooks/web/…"""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """Settings: origins, proxies, messages in seconds for a session, address_messages, new_sessions a minute, connections.

        Raises SettingError for what cannot be.
        """
        return cls(credentials or {})

    def __init__(self, settings: dict[str, Any]):
        named = os.environ.get("HUIQI_ORIGINS")
        self._sites = Sites(named.split(",") if named is not None else settings.get("origins") or ())
        self._proxies = proxies_of(settings)
        self._connections = number(settings, "connections", 100)
        seconds = number(settings, "seconds", 10)
        self._limits = Limits(
            RateLimiter(number(settings, "messages", 20), seconds),
            RateLimiter(number(settings, "address_messages", 200), seconds),
            RateLimiter(number(settings, "new_sessions", 60), 60),
        )

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> BlueprintGroup:
        """The routes of both ways."""
        service = Service(Desk(Conversations(self.name(), on_new_message)), self._limits)
        routes = Blueprint("web", __name__)
        add_routes(routes, service, self._sites, self._proxies)
        sockets = Sockets(service, self._sites, self._proxies, self._connections)
        return Blueprint.group(routes, sockets.blueprint())
