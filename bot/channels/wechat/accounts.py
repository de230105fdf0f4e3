"""The accounts that are connected: from credentials.yml, their secrets from the environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bot.channels.settings import SettingError

OFFICIAL, APPLICATION, ROBOT = "official", "application", "robot"
PLAIN, COMPATIBLE, SAFE = "plain", "compatible", "safe"

# What each kind of account may say of itself; `kind` apart.
_SETTINGS = {
    OFFICIAL: {"id", "mode", "verified", "service", "menu", "api", "seconds"},
    APPLICATION: {"id", "agent", "menu", "api", "seconds"},
    ROBOT: {"seconds"},
}
_NAME = re.compile(r"[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?")
_TOKEN = re.compile(r"[A-Za-z0-9]{3,32}")
_KEY = re.compile(r"[A-Za-z0-9+/]{43}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# The platform cuts after 5 s. On a busy machine a timer may be late by some tenths.
LATE, LATEST = 4.0, 4.6


@dataclass(frozen=True)
class Account:
    """One account. `seconds` is when an answer is late; what `repr` shows holds no secret."""

    name: str
    kind: str
    token: str = field(repr=False)
    key: str = field(default="", repr=False)
    id: str = ""
    secret: str = field(default="", repr=False)
    mode: str = SAFE
    agent: int = 0
    service: bool = False
    menu: Mapping[str, str] = field(default_factory=dict)
    api: str = ""
    seconds: float = LATE


def accounts_of(settings: Mapping[str, Any]) -> dict[str, Account]:
    """The accounts of a channel's settings, by name. Raises SettingError that says what is wrong and how to mend it."""
    found = settings.get("accounts") or {}
    if not isinstance(found, Mapping):
        raise SettingError("微信渠道的 accounts 应当是“账号名: 设置”的列表，请在 credentials.yml 里改。")
    return {str(name): _account(str(name), value) for name, value in found.items()}


def secret_variable(name: str, what: str) -> str:
    """The environment variable of an account's TOKEN, KEY or SECRET."""
    return f"HUIQI_WECHAT_{name.upper().replace('-', '_')}_{what}"


def _account(name: str, settings: object) -> Account:
    if not _NAME.fullmatch(name):
        raise SettingError(f"微信账号名“{name}”只能用小写字母、数字和 -，最多 32 个字符：它是回调地址的最后一段。")
    if not isinstance(settings, Mapping) or settings.get("kind") not in _SETTINGS:
        raise _wrong(name, f"kind 应当是 {'、'.join(_SETTINGS)} 之一")
    kind = settings["kind"]
    unknown = sorted(str(key) for key in settings if key != "kind" and key not in _SETTINGS[kind])
    if unknown:
        raise _wrong(name, f"不认识的设置 {'、'.join(unknown)}；{kind} 可以写 {'、'.join(sorted(_SETTINGS[kind]))}")
    mode = settings.get("mode", SAFE)
    if mode not in (PLAIN, COMPATIBLE, SAFE):
        raise _wrong(name, f"mode 应当是 {PLAIN}（明文）、{COMPATIBLE}（兼容）或 {SAFE}（安全），而不是“{mode}”")
    verified = kind == APPLICATION or _flag(name, settings, "verified")
    return Account(
        name,
        kind,
        token=_secret(name, "TOKEN", "令牌（Token），3 到 32 个字母或数字", _TOKEN),
        key="" if mode == PLAIN else _secret(name, "KEY", "消息加解密密钥（EncodingAESKey），43 个字母或数字", _KEY),
        id="" if kind == ROBOT else _id(name, kind, settings),
        # Without it nothing can be sent but the reply to a message.
        secret=_secret(name, "SECRET", "开发者密码（AppSecret）或应用的 Secret", _ID) if verified else "",
        mode=mode,
        agent=_agent(name, settings) if kind == APPLICATION else 0,
        service=_flag(name, settings, "service"),
        menu=_menu(name, settings),
        api=_api(name, settings),
        seconds=_seconds(name, settings),
    )


def _secret(name: str, what: str, meaning: str, pattern: re.Pattern[str]) -> str:
    variable = secret_variable(name, what)
    value = os.environ.get(variable, "").strip()
    if not pattern.fullmatch(value):
        # The value itself is never shown.
        state = "不合要求" if value else "没有设置"
        raise SettingError(f"微信账号 {name}：环境变量 {variable} {state}，应当是{meaning}；与平台后台填写的一致。")
    return value


def _id(name: str, kind: str, settings: Mapping[str, Any]) -> str:
    value = settings.get("id")
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise _wrong(name, f"id 应当是{'开发者 ID（AppID）' if kind == OFFICIAL else '企业 ID（CorpID）'}")
    return value


def _agent(name: str, settings: Mapping[str, Any]) -> int:
    value = settings.get("agent")
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise _wrong(name, "agent 应当是应用的 AgentId（整数）")
    return value


def _flag(name: str, settings: Mapping[str, Any], key: str) -> bool:
    value = settings.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(name, f"{key} 应当是 true 或 false")
    return value


def _menu(name: str, settings: Mapping[str, Any]) -> dict[str, str]:
    menu = settings.get("menu") or {}
    if not isinstance(menu, Mapping) or not all(isinstance(item, str) and item for pair in menu.items() for item in pair):
        raise _wrong(name, "menu 应当是“菜单 KEY: 要问的问题”的列表")
    return dict(menu)


def _api(name: str, settings: Mapping[str, Any]) -> str:
    """Another address of the platform's API. Only this machine: the secret goes there."""
    value = settings.get("api") or ""
    url = urlsplit(value) if isinstance(value, str) else None
    if url is None or (value and (url.scheme != "http" or url.hostname not in ("127.0.0.1", "localhost") or url.path)):
        raise _wrong(name, "api 只用于模拟器，应当是 http://127.0.0.1:端口")
    return str(value)


def _seconds(name: str, settings: Mapping[str, Any]) -> float:
    value = settings.get("seconds", LATE)
    if not isinstance(value, (int, float)) or isinstance(value, bool) or not 0 < value <= LATEST:
        raise _wrong(name, f"seconds 应当大于 0、不超过 {LATEST}：平台只等 5 秒")
    return float(value)


def _wrong(name: str, what: str) -> SettingError:
    return SettingError(f"微信账号 {name}：{what}，请在 credentials.yml 里改。")
