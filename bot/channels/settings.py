"""The settings of channels: from credentials.yml, some also from the environment."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any


class SettingError(ValueError):
    """A setting that cannot be; the text says in Chinese which, and how to mend it."""


def number(settings: Mapping[str, Any], name: str, default: int) -> int:
    """A whole number of a channel's settings. Raises SettingError."""
    return _whole(settings.get(name, default), name, least=1)


def proxies_of(settings: Mapping[str, Any]) -> int:
    """How many reverse proxies of ours stand before the assistant: $HUIQI_PROXIES, else `proxies` of the settings."""
    named = os.environ.get("HUIQI_PROXIES")
    return _whole(named, "HUIQI_PROXIES", least=0) if named else _whole(settings.get("proxies", 0), "proxies", least=0)


def _whole(value: object, name: str, least: int) -> int:
    text = str(value).strip()
    if not text.isascii() or not text.isdigit() or int(text) < least:
        raise SettingError(f"{name} 应当是不小于 {least} 的整数，而不是“{value}”；请在 bot/credentials.yml 或环境变量里改。")
    return int(text)
