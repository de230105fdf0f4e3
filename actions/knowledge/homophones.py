"""Mistyped words and pinyin put back into the book's words: 浮化器 → 孵化器, laoshan → 崂山."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pypinyin import lazy_pinyin

_CHINESE = re.compile("[\u3400-\u9fff]+")
_LETTERS = re.compile(r"[a-z]+(?:[ '’]+[a-z]+)*")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
LONGEST = 8


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """The toneless pinyin of a word's characters."""
    return tuple(lazy_pinyin(word))


def _near(reading: tuple[str, ...]) -> tuple[str, ...]:
    """Syllables with the distinctions dropped that many speakers do not make (zh/z, ang/an)."""
    found = []
    for syllable in reading:
        for one, other in _NEAR:
            syllable = syllable.replace(one, other)
        found.append(syllable)
    return tuple(found)


class Homophones:
    """Corrects texts towards a set of words. `words`: what people mean, with weights; `proper`: never changed."""

    def __init__(self, words: Mapping[str, int], proper: Iterable[str] = ()):
        self._words = {word for word in words if 2 <= len(word) <= LONGEST and _CHINESE.fullmatch(word)}
        self._proper = frozenset(proper)
        self._exact: dict[tuple[str, ...], str] = {}
        self._close: dict[tuple[str, ...], str] = {}
        self._spelt: dict[str, str] = {}
        for word in sorted(words, key=lambda word: (words[word], word)):
            if not _CHINESE.fullmatch(word) or len(word) > LONGEST:
                continue
            reading = syllables(word)
            self._spelt["".join(reading)] = word
            if len(word) >= 2:
                self._exact[reading] = word
                self._close[_near(reading)] = word
        self._longest_spelling = max(map(len, self._spelt), default=0)

    def correct(self, text: str) -> str:
        """The folded text with homophones and pinyin replaced."""
        text = _LETTERS.sub(lambda match: self._spell(match[0]), text)
        return _CHINESE.sub(lambda match: self._correct_run(match[0]), text)

    def _correct_run(self, run: str) -> str:
        reading, found, start = syllables(run), [], 0
        if len(reading) != len(run):
            return run
        while start < len(run):
            for end in range(min(len(run), start + LONGEST), start + 1, -1):
                window = run[start:end]
                better = window if window in self._words else self._better(window, reading[start:end])
                if better:
                    found.append(better)
                    start = end
                    break
            else:
                found.append(run[start])
                start += 1
        return "".join(found)

    def _better(self, window: str, reading: tuple[str, ...]) -> str | None:
        if len(window) == 2:
            return None if window in self._proper else self._exact.get(reading)
        if window in self._proper:
            return None
        found = self._exact.get(reading) or self._close.get(_near(reading))
        # At least one character must be right: the rest are slips, not another word altogether.
        return found if found and any(one == other for one, other in zip(window, found)) else None

    def _spell(self, letters: str) -> str:
        """Pinyin as characters: the whole run where it divides into known words, else word by word."""
        whole = self._divide(re.sub("[^a-z]", "", letters))
        if whole and len(whole) > 1:
            return whole
        words = []
        for part in letters.split():
            spelt = self._divide(part.strip("'’"))
            words.append(spelt if spelt and (len(spelt) > 1) else part)
        return " ".join(words)

    def _divide(self, letters: str) -> str | None:
        """The division of a pinyin string into the fewest known words, as characters."""
        best: list[tuple[int, str] | None] = [(0, "")] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest_spelling), end):
                before, word = best[start], self._spelt.get(letters[start:end])
                if before is None or word is None:
                    continue
                candidate = (before[0] + (1 if len(word) > 1 else 3), before[1] + word)
                current = best[end]
                if current is None or candidate[0] < current[0]:
                    best[end] = candidate
        last = best[len(letters)]
        return last[1] if last else None
