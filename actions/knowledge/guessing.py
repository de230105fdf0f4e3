"""Names that a text comes within one character of: 即黑区 for 即墨区. Such a guess is asked about, never taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

_RUN = re.compile("[\u3400-\u9fff]+")
_KINDS = ("policy", "region")
# In a shorter name one character less leaves too little.
SHORTEST, LONGEST = 3, 10


class Guesses:
    """The names of a book by what is left of them when one character is missing (symmetric deletion)."""

    def __init__(self, book: PolicyBook):
        self._known = {name for kind in _KINDS for name, _ in book.lexicon.names(kind)}
        self._near: dict[str, list[str]] = {}
        for name in sorted(self._known):
            if SHORTEST <= len(name) <= LONGEST and _RUN.fullmatch(name):
                for left in {name, *_shorter(name)}:
                    self._near.setdefault(left, []).append(name)

    def guess(self, text: str) -> str | None:
        """The text with the longest word that is nearly one name put right; None where nothing, or several names, are near."""
        for length in range(LONGEST + 1, SHORTEST - 2, -1):
            for run in _RUN.finditer(text):
                for start in range(run.start(), run.end() - length + 1):
                    word = text[start : start + length]
                    names = self._names(word) if word not in self._known else set()
                    if len(names) == 1:
                        return text[:start] + names.pop() + text[start + length :]
        return None

    def _names(self, word: str) -> set[str]:
        return {
            name
            for left in {word, *_shorter(word)}
            for name in self._near.get(left, ())
            if _one_apart(word, name) and (len(word) >= SHORTEST or name[:2] == word[:2])
        }


def _shorter(word: str) -> Iterator[str]:
    return (word[:at] + word[at + 1 :] for at in range(len(word)))


def _one_apart(word: str, name: str) -> bool:
    """Whether one character changed, added or left out, or two neighbours swapped, makes the one into the other."""
    if len(word) == len(name):
        other = [at for at in range(len(word)) if word[at] != name[at]]
        swapped = len(other) == 2 and other[1] == other[0] + 1 and sorted(word) == sorted(name)
        return len(other) == 1 or swapped
    longer, shorter = (word, name) if len(word) > len(name) else (name, word)
    # Of a three-character name two are a word of their own.
    return len(longer) > SHORTEST and len(longer) == len(shorter) + 1 and shorter in set(_shorter(longer))
