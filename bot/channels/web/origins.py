"""Which web pages may talk to the assistant: its own, and those of the sites that are configured."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.channels.settings import SettingError

_ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?|https?://\[[0-9a-f:]+\](:[0-9]{1,5})?")
ANY = "*"


class Sites:
    """The origins that may connect, beside the assistant's own. Raises SettingError for what is no origin."""

    def __init__(self, origins: Iterable[str] = ()):
        self._origins = frozenset(origin.strip().rstrip("/").lower() for origin in origins if origin.strip())
        for origin in self._origins:
            if origin != ANY and not _ORIGIN.fullmatch(origin):
                raise SettingError(f"允许接入的网站应当写成 https://域名 或 https://域名:端口，不带路径，而不是“{origin}”。")

    def allow(self, origin: str | None, host: str | None) -> bool:
        """Whether a request with these headers may pass. What sends no Origin is no page of another site."""
        if not origin:
            return True
        own = bool(host) and urlsplit(origin).netloc.lower() == str(host).lower()
        return own or ANY in self._origins or origin.lower() in self._origins
