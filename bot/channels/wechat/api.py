"""What an account sends of its own accord: the access token, and messages that are no reply to a request.

公众号: https://developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html and
https://developers.weixin.qq.com/doc/subscription/api/customer/message/api_sendcustommessage.html;
企业微信应用: https://developer.work.weixin.qq.com/document/path/91039 (gettoken), /90236 (message/send), /90313 (error codes).
"""

from __future__ import annotations

import asyncio
import json
import logging
import math
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Protocol

import aiohttp

from bot.channels.wechat.advice import advice_on

OFFICIAL_HOSTS = ("https://api.weixin.qq.com", "https://api2.weixin.qq.com")
APPLICATION_HOSTS = ("https://qyapi.weixin.qq.com",)

TIMEOUT = 5.0  # seconds for one request to one host
EARLY = 300.0  # seconds before its end from which the platform gives the next token, the former being good as well
FORCE_APART = 30.0  # seconds between two forced renewals: sooner the platform does none
PAUSES = (0.3, 1.0)  # seconds before the second and the third try of a busy platform
TELL_APART = 60.0  # seconds between two log lines about one error code

BUSY = -1
BAD_TOKEN = frozenset({40001, 40014, 42001})
UNREACHABLE_USER = frozenset({40003, 43004, 60111, 81013})

_log = logging.getLogger(__name__)


class Outcome(Enum):
    """What became of a message."""

    SENT = "sent"
    LATER = "later"  # not now: worth keeping for the user's next word
    GONE = "gone"  # this user cannot be reached any more


class Push(Protocol):
    """Sends messages to the users of one account."""

    async def send(self, user: str, text: str) -> Outcome:
        """Send a text of at most 2048 bytes to a user (openid or UserID). Never raises; logs neither of them."""
        ...

    async def close(self) -> None:
        """Close the connections. What is sent afterwards is LATER."""
        ...


@dataclass(frozen=True)
class Timing:
    """Seconds that pass, and how to let some pass; `timeout` is for one request to one host."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    timeout: float = TIMEOUT


REAL = Timing()


class _FailureError(Exception):
    """The platform refused (`code`), or no host answered (None)."""

    def __init__(self, code: int | None, errmsg: str = ""):
        self.code, self.errmsg = code, errmsg
        super().__init__(code)


class _Token:
    """The access token of one account; however many ask for it, it is fetched once.

    `fetch` gives the platform's answer, of a forced renewal when it is called with True; `forces`: whether there is one.
    """

    def __init__(self, fetch: Callable[[bool], Awaitable[Mapping[str, Any]]], forces: bool, clock: Callable[[], float]):
        self._fetch, self._forces, self._clock = fetch, forces, clock
        self._value = ""
        self._renewal_due = self._ends = self._forced_at = -math.inf
        self._renewal: asyncio.Task[None] | None = None

    async def get(self, stale: str = "") -> str:
        """A token; another one than `stale`, which was refused, if the platform gives one. Raises _FailureError."""
        if self._value != stale and self._clock() < self._renewal_due:
            return self._value
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.create_task(self._renew(stale))
        try:
            await asyncio.shield(self._renewal)
        except _FailureError:
            # Renewed early, so the former one is good for some minutes yet.
            if self._value == stale or self._clock() >= self._ends:
                raise
        return self._value

    async def _renew(self, stale: str) -> None:
        await self._take(False)
        if self._value == stale and self._forces and self._clock() - self._forced_at >= FORCE_APART:
            self._forced_at = self._clock()
            await self._take(True)

    async def _take(self, force: bool) -> None:
        asked_at = self._clock()
        answer = await self._fetch(force)
        value, life = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value or not isinstance(life, int):
            raise _FailureError(None)
        self._value, self._ends = value, asked_at + life
        self._renewal_due = self._ends - min(EARLY, life / 2)


class _ApiPush:
    """What the two kinds of account share. `account` names it in the log."""

    _send_path: str
    _forces: bool

    def __init__(self, account: str, hosts: Sequence[str], timing: Timing):
        self._account, self._hosts, self._timing = account, [host.rstrip("/") for host in hosts], timing
        self._token = _Token(self._fetch_token, self._forces, timing.clock)
        self._session: aiohttp.ClientSession | None = None
        self._closed = False
        self._told: dict[int | None, float] = {}

    async def _fetch_token(self, force: bool) -> Mapping[str, Any]:
        raise NotImplementedError

    def _message(self, user: str, text: str) -> Mapping[str, Any]:
        raise NotImplementedError

    async def send(self, user: str, text: str) -> Outcome:
        """See Push."""
        try:
            await self._send(self._message(user, text))
        except _FailureError as failure:
            self._tell(failure)
            return Outcome.GONE if failure.code in UNREACHABLE_USER else Outcome.LATER
        except Exception as error:  # the answer must not be lost; what the error says may hold the token
            _log.error("微信账号 %s：主动发送出错（%s）", self._account, type(error).__name__)
            return Outcome.LATER
        return Outcome.SENT

    async def close(self) -> None:
        """See Push."""
        self._closed = True
        if self._session:
            await self._session.close()

    async def _send(self, message: Mapping[str, Any]) -> None:
        token = await self._token.get()
        try:
            await self._call(self._send_path, {"access_token": token}, message)
        except _FailureError as failure:
            renewed = await self._token.get(stale=token) if failure.code in BAD_TOKEN else token
            if renewed == token:
                raise
            await self._call(self._send_path, {"access_token": renewed}, message)

    async def _call(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """The answer of an API, asked by POST where there is a body. Raises _FailureError."""
        pauses = iter(PAUSES)
        while True:
            answer = await self._ask(path, query, body)
            code = answer.get("errcode", 0)
            if code == 0:
                return answer
            pause = next(pauses, None) if code == BUSY else None
            if pause is None:
                raise _FailureError(code, str(answer.get("errmsg", "")))
            await self._timing.sleep(pause)

    async def _ask(self, path: str, query: Mapping[str, str], body: Mapping[str, Any] | None) -> dict[str, Any]:
        """The answer of the first host that gives one. Raises _FailureError when none does."""
        # Error 40033: the platform refuses \uXXXX.
        data = None if body is None else json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        for host in self._hosts:
            if self._closed:
                break
            try:
                async with self._open_session().request(
                    "GET" if data is None else "POST",
                    host + path,
                    params=query,
                    data=data,
                    headers={"Content-Type": "application/json; charset=utf-8"},
                    allow_redirects=False,  # a token is for nobody else
                ) as response:
                    answer = json.loads(await response.read()) if response.status == 200 else None
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError):
                continue
            if isinstance(answer, dict) and isinstance(answer.get("errcode", 0), int):
                return answer
        raise _FailureError(None)

    def _open_session(self) -> aiohttp.ClientSession:
        # It belongs to the running loop, so it cannot be made with the account.
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self._timing.timeout))
        return self._session

    def _tell(self, failure: _FailureError) -> None:
        """One line of what the operator has to do."""
        code, now = failure.code, self._timing.clock()
        advice = advice_on(code, failure.errmsg)
        if not advice or self._closed or now - self._told.get(code, -math.inf) < TELL_APART:
            return
        self._told[code] = now
        number = "" if code is None else f"（错误码 {code}）"
        _log.warning("微信账号 %s：%s%s", self._account, advice, number)


class OfficialPush(_ApiPush):
    """A verified 公众号: customer-service messages, with the stable token. `hosts` are asked in their order."""

    _send_path = "/cgi-bin/message/custom/send"
    _forces = True

    def __init__(self, app_id: str, secret: str, account: str, hosts: Sequence[str] = OFFICIAL_HOSTS, *, timing: Timing = REAL):
        super().__init__(account, hosts, timing)
        self._credentials = {"grant_type": "client_credential", "appid": app_id, "secret": secret}

    async def _fetch_token(self, force: bool) -> Mapping[str, Any]:
        return await self._call("/cgi-bin/stable_token", {}, {**self._credentials, "force_refresh": force})

    def _message(self, user: str, text: str) -> Mapping[str, Any]:
        return {"touser": user, "msgtype": "text", "text": {"content": text}}


class ApplicationPush(_ApiPush):
    """An application of 企业微信; else as OfficialPush. Its token cannot be renewed by force."""

    _send_path = "/cgi-bin/message/send"
    _forces = False

    def __init__(
        self,
        corp_id: str,
        secret: str,
        agent: int,
        account: str,
        hosts: Sequence[str] = APPLICATION_HOSTS,
        *,
        timing: Timing = REAL,
    ):
        super().__init__(account, hosts, timing)
        self._credentials, self._agent = {"corpid": corp_id, "corpsecret": secret}, agent

    async def _fetch_token(self, force: bool) -> Mapping[str, Any]:
        return await self._call("/cgi-bin/gettoken", self._credentials)

    def _message(self, user: str, text: str) -> Mapping[str, Any]:
        return {"touser": user, "msgtype": "text", "agentid": self._agent, "text": {"content": text}}
