"""One client over Rasa's REST protocol: cheap, and the same for whatever answers."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from http.client import HTTPConnection
from typing import Any

from benchmarks.massive.kinds import POLICY, kind_of

ADDRESS = "/webhooks/rest/webhook"
Messages = list[dict[str, Any]]


class Client:
    """A connection that is kept between the questions."""

    def __init__(self, port: int, timeout: float = 60.0):
        self._connection = HTTPConnection("127.0.0.1", port, timeout=timeout)

    def ask(self, sender: str, text: str) -> tuple[float, Messages]:
        """Milliseconds until the answer was read, and the answer. Raises OSError or HTTPException when none came."""
        body = json.dumps({"sender": sender, "message": text}).encode()
        began = time.perf_counter()
        self._connection.request("POST", ADDRESS, body, {"Content-Type": "application/json"})
        reply = self._connection.getresponse()
        content = reply.read()
        taken = 1000 * (time.perf_counter() - began)
        if reply.status != 200:
            raise ConnectionError(f"{text}: HTTP {reply.status} {content.decode(errors='replace')[:200]}")
        return taken, json.loads(content)

    def close(self) -> None:
        """End the connection."""
        self._connection.close()


def cites(messages: Sequence[dict[str, Any]]) -> bool:
    """Whether an answer states something of a policy that it names."""
    return kind_of(messages) == POLICY
