"""What a channel is given: text, buttons that ask the next question, and the facts as data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Button:
    """A choice; `question` is the plain text that choosing it sends. Never an /intent payload."""

    title: str
    question: str


@dataclass(frozen=True)
class Reply:
    """One reply. `custom` carries the same facts as `text`, for cards and checks."""

    text: str
    buttons: tuple[Button, ...] = ()
    custom: dict[str, Any] = field(default_factory=dict)
