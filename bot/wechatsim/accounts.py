"""The accounts as the platform knows them."""

from __future__ import annotations

from dataclasses import dataclass, field

OFFICIAL, APPLICATION, ROBOT = "official", "application", "robot"
PLAIN, COMPATIBLE, SAFE = "plain", "compatible", "safe"


@dataclass(frozen=True)
class Side:
    """The platform's side of one account: what an operator has filled in at its back-office.

    `url` is the callback address; `id` the AppID, the CorpID, or "" for a robot; `mode` is for a 公众号 alone.
    """

    name: str
    kind: str
    url: str
    token: str = field(repr=False)
    key: str = field(default="", repr=False)
    id: str = ""
    secret: str = field(default="", repr=False)
    mode: str = SAFE
    agent: int = 0

    @property
    def sealed(self) -> bool:
        """Whether what goes to the callback address is encrypted (in compatible mode it also stands there in plain)."""
        return self.kind != OFFICIAL or self.mode != PLAIN
