"""Mistyped words and pinyin put back into the book's words: 浮化器 → 孵化器, laoshan → 崂山."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
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
        plain = syllable
        for one, other in _NEAR:
            plain = plain.replace(one, other)
        found.append(plain)
    return tuple(found)


class Homophones:
    """Corrects texts towards a set of words.

    `names` are the book's words, `common` everyday words with counts; `segment` cuts a text into words, so that a
    slip (which falls into single characters) is told from a real word that merely sounds alike.
    """

    def __init__(self, names: Iterable[str], common: Mapping[str, int], segment: Callable[[str], Iterable[str]] = list):
        self._segment = segment
        self._names = {word for word in names if 2 <= len(word) <= LONGEST and _CHINESE.fullmatch(word)}
        self._known = self._names | set(common)
        self._exact: dict[tuple[str, ...], str] = {}
        self._close: dict[tuple[str, ...], str] = {}
        self._spelt: dict[str, str] = {}
        for word in (*sorted(common, key=lambda word: (common[word], word)), *sorted(self._names)):
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
        edges, place = {0}, 0
        for word in self._segment(run):
            place += len(word)
            edges.add(place)
        while start < len(run):
            for end in range(min(len(run), start + LONGEST), start + 1, -1):
                window = run[start:end]
                if window in self._names:
                    better: str | None = window
                elif start in edges and end in edges:
                    single = all(middle in edges for middle in range(start, end))
                    better = self._better(window, reading[start:end], single)
                else:
                    better = None
                if better:
                    found.append(better)
                    start = end
                    break
            else:
                found.append(run[start])
                start += 1
        return "".join(found)

    def _better(self, window: str, reading: tuple[str, ...], single: bool) -> str | None:
        """The word meant by a window, None where it is fine; `single`: the window is all loose characters."""
        if window in self._known:
            return None
        found = self._exact.get(reading)
        if found is None and len(window) >= 3:
            found = self._close.get(_near(reading))
        if found is None or not any(one == other for one, other in zip(window, found, strict=True)):
            return None  # at least one character must be right
        if found in self._names and len(window) >= 3:
            return found
        return found if single else None

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
