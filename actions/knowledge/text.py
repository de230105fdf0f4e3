"""Text as the library compares it: one form for every way of typing the same thing."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import opencc

_ANSI = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,200}>")
_CJK = "\u3400-\u9fff"
_INNER_SPACE = re.compile(rf"(?<=[{_CJK}])\s+(?=[{_CJK}])")
_RUNS = re.compile(rf"[{_CJK}]+|[a-z]+|\d+(?:\.\d+)?")
_FEATURE = re.compile(rf"[{_CJK}]{{2}}|[a-z]|\d")


@cache
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def clean(text: str) -> str:
    """Text without anything invisible: escape sequences, tags, control and format characters; NFKC; simplified."""
    text = _TAG.sub(" ", _ANSI.sub("", text))
    text = "".join(char if not unicodedata.category(char).startswith("C") else " " if char in "\t\n\r" else "" for char in text)
    text = unicodedata.normalize("NFKC", text)
    text = _simplifier().convert(text)
    return " ".join(text.split())


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """The form in which words are compared: clean, lower case, no white space between Chinese characters."""
    return _INNER_SPACE.sub("", clean(text).lower())


@lru_cache(maxsize=20_000)
def words_of(text: str) -> frozenset[str]:
    """The features of any text, each once."""
    return frozenset(features(fold(text)))


def has_features(text: str) -> bool:
    """Whether there is anything in a folded text that it could be searched by."""
    return _FEATURE.search(text) is not None


def features(text: str) -> list[str]:
    """What a folded text is searched by: pairs of neighbouring Chinese characters, and Latin words and numbers."""
    found: list[str] = []
    for run in _RUNS.findall(text):
        if run[0] < "\u3400":
            found.append(run)
        elif len(run) > 1:
            found.extend(run[index : index + 2] for index in range(len(run) - 1))
    return found
