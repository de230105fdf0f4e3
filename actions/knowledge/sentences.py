"""A message cut into its sentences, and those of them that ask."""

from __future__ import annotations

import re

from actions.knowledge.telling import asks

Span = tuple[int, int]

# A longer message is a story: what is asked stands in its questions, the rest tells of the asker.
LONG = 80
# Questions of one message that are answered one by one; more are rhetoric.
MOST_QUESTIONS = 3

_ENDS = re.compile(
    "[。！？!?；;]+[”」』)）\"']*|(?<=[吗呢])[，,、\\s]+|(?:[，,]|\\s)(?=另外|还有就是|顺便|顺带|再问|再就是|第二个?问题|其次)"
)
_LETTER = re.compile(r"\w")


def sentences(text: str) -> list[Span]:
    """The sentences of a text, [start, end) each with its mark at the end."""
    found, start = [], 0
    for end in (*(match.end() for match in _ENDS.finditer(text)), len(text)):
        if _LETTER.search(text, start, end):
            found.append((start, end))
            start = end
    return found


def questions(text: str) -> list[Span]:
    """The sentences that ask."""
    return [(start, end) for start, end in sentences(text) if asks(text[start:end].strip())]


def kept(text: str, spans: list[Span]) -> str:
    """The text with all but some spans made blank: every place stays where it is."""
    blank = [" "] * len(text)
    for start, end in spans:
        blank[start:end] = text[start:end]
    return "".join(blank)
