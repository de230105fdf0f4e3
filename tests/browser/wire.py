"""The socket between widget and assistant, with somebody on the line: answers can be held back, changed or lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, WebSocketRoute

SOCKETS = re.compile(r"/socket\.io/")
# An event or an acknowledgement of Socket.IO: its type and number, then JSON.
_PACKET = re.compile(r"(42|43)(\d*)(\[.*\])", re.DOTALL)


class Wire:
    """Put on a context before its pages open a socket. `alter(data)` sees what the assistant sends: a JSON list,
    [event, value] or, for an acknowledgement, [answer]. It returns the list to pass on, or None to hold the packet back."""

    def __init__(self, context: BrowserContext):
        self.alter: Callable[[list[Any]], list[Any] | None] = lambda data: data
        self.sent: list[list[Any]] = []  # what the widget sent
        self._held: list[tuple[WebSocketRoute, str]] = []
        self._open: list[WebSocketRoute] = []
        context.route_web_socket(SOCKETS, self._connect)

    def _connect(self, page: WebSocketRoute) -> None:
        server = page.connect_to_server()
        self._open.append(page)
        page.on_message(lambda message: self._up(server, message))
        server.on_message(lambda message: self._down(page, message))

    def _up(self, server: WebSocketRoute, message: str | bytes) -> None:
        found = _PACKET.fullmatch(str(message))
        if found:
            self.sent.append(json.loads(found[3]))
        server.send(message)

    def _down(self, page: WebSocketRoute, message: str | bytes) -> None:
        found = _PACKET.fullmatch(str(message))
        if found is None:
            return page.send(message)
        data = self.alter(json.loads(found[3]))
        if data is None:
            return self._held.append((page, str(message)))
        return page.send(found[1] + found[2] + json.dumps(data))

    def release(self) -> None:
        """Let through what was held back, and hold nothing more."""
        self.alter = lambda data: data
        held, self._held = self._held, []
        for page, message in held:
            page.send(message)

    def cut(self) -> None:
        """Break every connection; what was held back is lost. New ones may be made."""
        self.alter = lambda data: data
        self._held = []
        for page in self._open:
            page.close(code=1001)
        self._open = []


# What a browser does behind a firewall that lets no WebSocket through.
_NO_WEBSOCKETS = """
window.WebSocket = class {
  constructor() {
    this.readyState = 0;
    setTimeout(() => {
      this.readyState = 3;
      if (this.onerror) this.onerror(new Event("error"));
      if (this.onclose) this.onclose(new CloseEvent("close", { code: 1006 }));
    });
  }
  send() {}
  close() {}
};
"""


def block(context: BrowserContext) -> None:
    """No socket at all: neither WebSocket nor polling."""
    context.add_init_script(_NO_WEBSOCKETS)
    context.route(SOCKETS, lambda route: route.abort())


def is_answer(data: list[Any]) -> bool:
    """Whether a packet belongs to the answer to a question: the message, the end of the turn, or the acknowledgement."""
    return data[0] in ("bot_uttered", "turn_end") or (isinstance(data[0], dict) and "turn" in data[0])
