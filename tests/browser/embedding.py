"""Pages of other sites that embed the widget by one script tag, under a strict CSP."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

# Nothing inline, no eval, no HTML from strings, and nobody but ourselves and the bot.
STRICT = "default-src 'none'; img-src data:; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"


def policy(bot: str) -> str:
    """The Content-Security-Policy of a page that embeds the widget of `bot`."""
    socket = bot.replace("http", "ws", 1)
    return f"{STRICT}; script-src {bot}; style-src {bot}; connect-src {bot} {socket}"


def html(bot: str, data: Mapping[str, str]) -> str:
    """A page with the one tag, or with two where `data` has "twice"; `data` are its data-attributes."""
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    tag = f'<script defer src="{bot}/widget/policy-chat.js"{attributes}></script>' * (2 if "twice" in data else 1)
    head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>一个网站</title>{tag}'
    body = '<main><h1>一个网站</h1><p><a href="#top">链接</a></p></main>'
    return f'<!doctype html><html lang="zh-CN"><head>{head}</head><body>{body}</body></html>'


class Site:
    """A web site on a port of its own. Its name is localhost, so that it is another site than 127.0.0.1."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self.origin = f"http://localhost:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def page(self, bot: str, **data: str) -> str:
        """The address of its page that embeds the widget of `bot`."""
        return f"{self.origin}/?{urlencode({'bot': bot, **data})}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        address = urlsplit(self.path)
        data = dict(parse_qsl(address.query, keep_blank_values=True))
        bot = data.pop("bot", "")
        body = html(bot, data).encode() if bot else b""
        self.send_response(200 if bot else 204)
        self.send_header("Content-Security-Policy", policy(bot))
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *values: Any) -> None:
        """Says nothing."""
