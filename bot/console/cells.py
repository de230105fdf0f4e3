"""Text on a terminal: how wide it is, lines that fit, and what stands out."""

from __future__ import annotations

import re
from dataclasses import dataclass

from prompt_toolkit.utils import get_cwidth

_OPENING, _CLOSING = "“‘（《【「『〈([{", "，。；：！？、”’）》】」』〉…—·／/％%,.;:!?)]}"
# What is not parted: a word or number with its unit, else one character; each with the brackets and stops around it.
_ATOM = re.compile(
    rf"\s+|[{re.escape(_OPENING)}]*(?:[0-9A-Za-z][0-9A-Za-z.,:/%+_@'-]*(?:(?<=[0-9]) [㐀-鿿]{{1,2}})?|\S)[{re.escape(_CLOSING)}]*"
)
_BOLD, _DIM, _ACCENT, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[36m", "\x1b[0m"


def width_of(text: str) -> int:
    """How many cells of a terminal a text takes; as the prompt counts them."""
    return get_cwidth(text)


def wrapped(text: str, width: int) -> list[str]:
    """A text in lines of at most `width` cells, broken between words or characters; no stop begins a line."""
    lines = [""]
    for atom in _ATOM.findall(text):
        if width_of(lines[-1] + atom.rstrip()) <= width:
            lines[-1] += atom
        elif width_of(atom) <= width:
            lines.append(atom.lstrip())
        else:
            lines[-1:] = _cut(lines[-1] + atom, width)
    return [line.rstrip() for line in lines]


def _cut(text: str, width: int) -> list[str]:
    """A text in lines that are cut wherever they are full."""
    lines = [""]
    for character in text:
        if lines[-1] and width_of(lines[-1] + character) > width:
            lines.append("")
        lines[-1] += character
    return lines


def padded(text: str, width: int) -> str:
    """A text with spaces behind it up to a width."""
    return text + " " * (width - width_of(text))


def beside(label: str, text: list[str], gap: int) -> list[str]:
    """Lines that stand at a distance of `gap` cells from the left, the first of them behind a label."""
    first, *others = text or [""]
    return [padded(label, gap) + first, *(" " * gap + line for line in others)]


@dataclass(frozen=True)
class Ink:
    """Makes text stand out, where there is colour: bold, dim, and one accent."""

    colour: bool

    def bold(self, text: str) -> str:
        """What matters."""
        return self._in(_BOLD, text)

    def dim(self, text: str) -> str:
        """What is said beside."""
        return self._in(_DIM, text)

    def accent(self, text: str) -> str:
        """What can be chosen, and what it comes to."""
        return self._in(_ACCENT, text)

    def _in(self, style: str, text: str) -> str:
        return f"{style}{text}{_PLAIN}" if self.colour and text else text
