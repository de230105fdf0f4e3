"""Names that a text comes within one character of: 即黑区 for 即墨区. Such a guess is asked about, never taken for granted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

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
        self._long = [name for name in sorted(self._known) if SHORTEST <= len(name) <= LONGEST and _RUN.fullmatch(name)]
        lefts = [(_digest(left), number) for number, name in enumerate(self._long) for left in {name, *_shorter(name)}]
        # What is left of names, by digests in order: a tenth of the room of the texts. Whose it is is looked at anyway.
        order = np.array(sorted(lefts), np.int64).reshape(-1, 2)
        self._lefts, self._owners = order[:, 0].copy(), order[:, 1].astype(np.int32)

    def guess(self, text: str) -> str | None:
        """The text with the longest word that is nearly one name put right; None where nothing, or several names, are near."""
        words = [
            (start, text[start : start + length])
            for length in range(LONGEST + 1, SHORTEST - 2, -1)
            for run in _RUN.finditer(text)
            for start in range(run.start(), run.end() - length + 1)
            if text[start : start + length] not in self._known
        ]
        for place, near in self._near([word for _, word in words]).items():
            start, word = words[place]
            names = {name for name in near if _one_apart(word, name) and (len(word) >= SHORTEST or name[:2] == word[:2])}
            if len(names) == 1:
                return text[:start] + names.pop() + text[start + len(word) :]
        return None

    def _near(self, words: Sequence[str]) -> dict[int, set[str]]:
        """The names of which the same may be left as of a word, by the word's place; of most words there are none."""
        lefts = [(place, _digest(left)) for place, word in enumerate(words) for left in (word, *_shorter(word))]
        wanted = np.array([digest for _, digest in lefts], np.int64)
        first, last = np.searchsorted(self._lefts, wanted, "left"), np.searchsorted(self._lefts, wanted, "right")
        found: dict[int, set[str]] = {}
        for at in np.flatnonzero(last > first).tolist():
            owners = self._owners[first[at] : last[at]].tolist()
            found.setdefault(lefts[at][0], set()).update(self._long[owner] for owner in owners)
        return found


def _digest(text: str) -> int:
    return crc32(text.encode())


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
