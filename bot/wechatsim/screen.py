"""How the terminal shows a chat: bubbles with colours on a screen, plain lines in a pipe."""

from __future__ import annotations

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from typing import TextIO

# A bubble is about as wide as on a phone.
_WIDEST = 60
_LINK = re.compile(r'<a href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
# What does not begin a line: it may stand a little beyond the edge.
_CLOSING = frozenset("，。；：、！？）》”’］】…")
_DIM, _GREEN, _YELLOW, _RED, _UNDERLINED = "2", "32", "33", "31", "4"


class Screen:
    """Where a chat is shown. Colours only on a terminal, and not with $NO_COLOR (no-color.org)."""

    def __init__(self, out: TextIO | None = None):
        self._out = out or sys.stdout
        self.live = self._out.isatty()
        self._coloured = self.live and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def said(self, who: str, text: str) -> None:
        """What the user said: in a pipe nothing else shows it."""
        if not self.live:
            self._write(f"{who}> {text}")

    def bubble(self, text: str, note: str) -> None:
        """A text that the phone shows, and how it came."""
        if not self.live:
            self._write("\n".join([*(_plain(line) for line in text.split("\n")), f"（{note}）", ""]))
            return
        width = min(_WIDEST, (shutil.get_terminal_size().columns or 80) - 4)
        bar = self._styled("│ ", _GREEN)
        lines = [bar + self._drawn(line) for line in _wrapped(_marked(text), width)]
        self._write("\n".join([*lines, self._styled(f"└ {note}", _DIM), ""]))

    def above_the_prompt(self) -> None:
        """Make room for what comes in while somebody types."""
        if self.live:
            self._out.write("\r\x1b[K")

    def note(self, text: str) -> None:
        """A word of the simulator itself."""
        self._write(self._styled(text, _DIM))

    def success(self, text: str) -> None:
        """Something went as it should."""
        self._write(self._styled(text, _GREEN))

    def attention(self, text: str) -> None:
        """Something that one should know."""
        self._write(self._styled(text, _YELLOW))

    def fault(self, text: str) -> None:
        """Something that is wrong."""
        self._write(self._styled(text, _RED))

    def _drawn(self, line: list[tuple[str, bool]]) -> str:
        drawn, underlined = "", False
        for character, link in line:
            if self._coloured and link != underlined:
                drawn += f"\x1b[{_UNDERLINED if link else '0'}m"
            drawn, underlined = drawn + character, link
        return drawn + ("\x1b[0m" if self._coloured and underlined else "")

    def _styled(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self._coloured else text

    def _write(self, text: str) -> None:
        print(text, file=self._out, flush=True)


def _label(match: re.Match[str]) -> str:
    """A link in words: one that is sent when tapped is its label, another needs its address."""
    return match[2] if match[1].startswith("weixin://") else f"{match[2]} {match[1]}"


def _plain(line: str) -> str:
    return _LINK.sub(lambda match: f"［{_label(match)}］", line)


def _marked(text: str) -> list[tuple[str, bool]]:
    """The characters of a text, and whether each is in a link."""
    marked: list[tuple[str, bool]] = []
    end = 0
    for match in _LINK.finditer(text):
        marked += [(character, False) for character in text[end : match.start()]]
        marked += [(character, True) for character in _label(match)]
        end = match.end()
    return [*marked, *((character, False) for character in text[end:])]


def _wrapped(marked: list[tuple[str, bool]], width: int) -> Iterator[list[tuple[str, bool]]]:
    """Lines that fit; a Chinese character is two columns wide."""
    line: list[tuple[str, bool]] = []
    used = 0
    for character, link in marked:
        columns = 2 if unicodedata.east_asian_width(character) in "WF" else 0 if unicodedata.combining(character) else 1
        if character == "\n" or (used + columns > width and (character not in _CLOSING or used > width)):
            yield line
            line, used = [], 0
        if character != "\n":
            line.append((character, link))
            used += columns
    yield line
