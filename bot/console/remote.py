"""A running server, asked by the plain requests of its web channel (docs/网页接入.md#接口)."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.error
import urllib.request
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from bot.channels.guard import RefusedError, guarded_text
from bot.console.rating import rated_message, reasons_of
from bot.console.said import Said, Unreachable

Answer = dict[str, Any]

# How long the server may take, in seconds: to be there at all, and to answer.
_KNOCK, _PATIENCE = 5, 60
# How often a request that came too soon is sent again, after as long as the server asks for.
_TRIES, _LONGEST_WAIT = 5, 10.0
_HERE = ("127.0.0.1", "localhost", "::1")
_NO_SESSION = "服务器不认得这段对话了（可能重启过）；:reset 开始新的对话。"


class Remote:
    """One conversation at a time with a server at a base address such as http://127.0.0.1:5005.

    Raises Unreachable at once where nobody or somebody else answers.
    """

    local = False

    def __init__(self, url: str):
        parts = urlsplit(url if "://" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Unreachable(f"“{url}”不是服务的地址，应当像 http://127.0.0.1:5005。")
        self.name = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
        # A proxy of the environment knows the way out, not to this machine.
        proxies = urllib.request.ProxyHandler({} if parts.hostname in _HERE else None)
        self._opener = urllib.request.build_opener(proxies)
        self.session = self._begun(self._send("session", {}, _KNOCK))

    async def say(self, text: str) -> Said:
        """Ask. Raises RefusedError for what no channel passes on, Unreachable when no answer comes."""
        text = guarded_text(text)
        answer, seconds = await self._ask("message", {"message": text, "id": f"turn-{time.time_ns():x}"})
        if answer["ok"]:
            return Said(text, answer.get("messages") or [], seconds)
        if answer["status"] in (400, 413):
            raise RefusedError(answer["status"], answer["error"])
        raise Unreachable(_NO_SESSION if answer["status"] == 401 else answer["error"])

    async def reset(self) -> None:
        """Begin a new conversation; the server forgets the old one. Raises Unreachable."""
        forgotten, _ = await self._ask("forget", {})
        if not forgotten["ok"] and forgotten["status"] != 401:
            raise Unreachable(forgotten["error"])
        answer, _ = await self._ask("session", {})
        self.session = self._begun(answer)

    async def rate(self, said: Said, good: bool, note: str = "") -> None:
        """Have the server keep what is thought of an answer. Raises LookupError with a sentence when it does not."""
        rating = {"message": rated_message(said)["id"], "good": good, "reasons": list(reasons_of(note))}
        answer, _ = await self._ask("feedback", rating)
        if not answer["ok"]:
            raise LookupError(answer["error"])

    async def close(self) -> None:
        """Every request has a connection of its own: nothing is open."""

    async def _ask(self, name: str, body: Answer) -> tuple[Answer, float]:
        """The server's answer to a request in this session, and after how many seconds; waits where it came too soon."""
        body = body if name == "session" else {"session_id": self.session, **body}
        for _ in range(_TRIES):
            began = time.perf_counter()
            answer = await asyncio.to_thread(self._send, name, body, _PATIENCE)
            seconds = time.perf_counter() - began
            if answer["ok"] or answer["status"] != 429:
                break
            await asyncio.sleep(min(answer.get("retry_after") or 1.0, _LONGEST_WAIT))
        return answer, seconds

    def _begun(self, answer: Answer) -> str:
        if not answer["ok"]:
            raise Unreachable(f"{self.name} 不给开始对话：{answer['error']}")
        return str(answer["session_id"])

    def _send(self, name: str, body: Answer, patience: float) -> Answer:
        """Send a request; {"ok": true, …} or {"ok": false, "status", "error", …}. Raises Unreachable."""
        url = f"{self.name}/webhooks/web/{name}"
        request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
        try:
            with self._opener.open(request, timeout=patience) as reply:
                text = reply.read()
        except urllib.error.HTTPError as error:
            text = error.read()  # a refusal says why
        except OSError as error:
            raise Unreachable(self._absent(error, patience)) from error
        except HTTPException:
            text = b""  # not even HTTP
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict) or "ok" not in answer:
            raise Unreachable(f"{self.name} 有应答，但那里不是惠企问答，或没有开放网页渠道。")
        return answer

    def _absent(self, error: OSError, patience: float) -> str:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ConnectionRefusedError):
            return f"{self.name} 没有服务：先运行 make serve，或核对地址和端口。"
        if isinstance(reason, TimeoutError):
            return f"{self.name} {patience:g} 秒没有应答。"
        return f"连不上 {self.name}：{reason}"
