"""Cutting a text into pieces that one WeChat message holds each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

# Bytes of UTF-8 in a text message: developer.work.weixin.qq.com/document/path/90236 for 企业微信. The pages on 公众号 give no
# number; measured there, longer texts are cut off at the same one.
LIMIT = 2048

# A tap-to-send link with the number before it.
_LINK = re.compile(r"((?:\d+\. )?)<a [^<>]*>([^<]*)</a>")
_ENDS, _CLOSING = "。；！？", "”’）》」』】"
# What stays with the sign before it, and signs of which no two are parted: numbers, words.
_FOLLOWING, _WORD = frozenset(f"，、：{_ENDS}{_CLOSING}"), re.compile("[A-Za-z0-9.,%]")
_ZWJ = "\u200d"


def size(text: str) -> int:
    """How long a text is to the platform: in bytes of UTF-8."""
    return len(text.encode())


def pieces(text: str, limit: int = LIMIT) -> list[str]:
    """The text in pieces of at most `limit` bytes: cut at a blank line, else at a line, a sentence, between words or characters.

    A link stays whole with its number; one longer than the limit becomes its label. Only white space at the cuts is lost,
    no piece is empty. Raises ValueError for a limit below 4, which not every character fits.
    """
    if limit < 4:
        raise ValueError("limit must be at least 4 bytes")
    if size(text) <= limit:
        return [text] if text.strip() else []
    units = list(_units(text, limit))
    found, start = [], 0
    while start < len(units):
        if units[start].isspace():
            start += 1
            continue
        end = _cut(units, start, limit)
        found.append("".join(units[start:end]).rstrip())
        start = end
    return found


def _cut(units: Sequence[str], start: int, limit: int) -> int:
    """Where the piece that begins at `start` ends: the last good place in the second half of what fits, the best kind first."""
    end, length, half = start, 0, start
    while end < len(units) and length + size(units[end]) <= limit:
        length += size(units[end])
        end += 1
        half = end if length <= limit // 2 else half
    if end == len(units):
        return end
    for good in (_at_blank_line, _at_line, _at_sentence, _between_words):
        found = next((index for index in range(end, half, -1) if good(units, index)), None)
        if found:
            return found
    return end


def _at_blank_line(units: Sequence[str], index: int) -> bool:
    return units[index : index + 2] == ["\n", "\n"]


def _at_line(units: Sequence[str], index: int) -> bool:
    return units[index] == "\n"


def _at_sentence(units: Sequence[str], index: int) -> bool:
    return units[index - 1] in _ENDS and units[index] not in _CLOSING


def _between_words(units: Sequence[str], index: int) -> bool:
    parts_word = _WORD.fullmatch(units[index - 1]) and _WORD.fullmatch(units[index])
    return not parts_word and units[index] not in _FOLLOWING


def _units(text: str, limit: int) -> Iterator[str]:
    """What is not to be parted, each of at most `limit` bytes: links, and characters as people see them."""
    end = 0
    for link in _LINK.finditer(text):
        yield from _characters(text[end : link.start()], limit)
        fits = size(link[0]) <= limit
        yield from [link[0]] if fits else _characters(link[1] + link[2], limit)
        end = link.end()
    yield from _characters(text[end:], limit)


def _characters(text: str, limit: int) -> Iterator[str]:
    character = ""
    for point in text:
        if character and not _goes_with(character, point):
            yield from [character] if size(character) <= limit else character
            character = ""
        character += point
    yield from [character] if size(character) <= limit else character


def _goes_with(character: str, point: str) -> bool:
    """Whether a code point is seen as one character with those before: marks, emoji sequences, keycaps, flags, CR LF."""
    if unicodedata.category(point) in ("Mn", "Me", "Mc") or point == _ZWJ or character.endswith(_ZWJ):
        return True
    if "\U0001f3fb" <= point <= "\U0001f3ff" or "\U000e0020" <= point <= "\U000e007f":  # tone of skin, tags of a flag
        return True
    flag = all("\U0001f1e6" <= letter <= "\U0001f1ff" for letter in (character, point))
    return flag or (character, point) == ("\r", "\n")
