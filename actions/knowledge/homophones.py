"""Mistyped words, pinyin and initials put back into the book's words: 浮化器 → 孵化器, laoshan → 崂山, gxd → 高新贷."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache

from pypinyin import lazy_pinyin

_CHINESE = re.compile("[\u3400-\u9fff]+")
_LETTERS = re.compile(r"[a-z]+(?:[ '’]+[a-z]+)*")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_RUN = re.compile("[a-z]+")
_DISTRICT = re.compile("(?<![a-z])([a-z]{2,3})([区市县镇])")
_ALL = "".join(map(chr, range(0x4E00, 0x9FA6)))
LONGEST = 8
# Loose characters are a slip of an everyday word only where it is used so often in the examples.
USUAL = 8


@cache
def _inventory() -> frozenset[str]:
    """All syllables of pinyin."""
    return frozenset(syllable for syllable in lazy_pinyin(_ALL) if syllable.isascii() and syllable.isalpha())


@cache
def _pinyin() -> re.Pattern[str]:
    """One syllable, or what divides into syllables of two letters and more: one is no o-ne."""
    longer = sorted((syllable for syllable in _inventory() if len(syllable) > 1), key=len, reverse=True)
    return re.compile(f"[aeo]|(?:{'|'.join(longer)})+")


@lru_cache(maxsize=50_000)
def syllables(word: str) -> tuple[str, ...]:
    """The toneless pinyin of a word's characters."""
    return tuple(lazy_pinyin(word))


def first_letters(word: str) -> str:
    """The first letters of a word's syllables: gxd for 高新贷."""
    return "".join(syllable[0] for syllable in syllables(word))


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
    slip (which falls into single characters) is told from a real word that merely sounds alike; `initials` are short
    forms with the names that they stand for.
    """

    def __init__(
        self,
        names: Iterable[str],
        common: Mapping[str, int],
        segment: Callable[[str], Iterable[str]] = list,
        initials: Mapping[str, str] | None = None,
    ):
        names = list(dict.fromkeys(names))
        self._segment = segment
        self._names = {word for word in names if 2 <= len(word) <= LONGEST and _CHINESE.fullmatch(word)}
        self._known = self._names | set(common)
        self._common = common
        self._exact: dict[tuple[str, ...], str] = {}
        self._close: dict[tuple[str, ...], str] = {}
        self._spelt: dict[str, str] = {}
        # Of words with one sound the last wins: names before everyday words, the first of the names (none is an alias) first.
        for word in (*sorted(common, key=lambda word: (common[word], word)), *(n for n in reversed(names) if n in self._names)):
            if not _CHINESE.fullmatch(word) or len(word) > LONGEST:
                continue
            reading = syllables(word)
            self._spelt["".join(reading)] = word
            if len(word) >= 2:
                self._exact[reading] = word
                self._close[_near(reading)] = word
        self._longest_spelling = max(map(len, self._spelt), default=0)
        self._latin = {run for word in names for run in _RUN.findall(word)}
        self._initials = dict(initials or {})

    def correct(self, text: str) -> str:
        """The folded text with homophones, pinyin and initials replaced."""
        text = _DISTRICT.sub(self._district, text)
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
                elif start in edges or end in edges:
                    better = self._sounding(window, reading[start:end])  # 基音谷|面积 may be cut 基音|谷面|积
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
        usual = found in self._names or self._common[found] >= USUAL
        return found if single and usual else None

    def _sounding(self, window: str, reading: tuple[str, ...]) -> str | None:
        """The name of three characters or more that sounds exactly like a window and differs in one of them."""
        found = self._exact.get(reading) if len(window) >= 3 else None
        if found not in self._names or window in self._known:
            return None
        return found if sum(one != other for one, other in zip(window, found, strict=True)) == 1 else None

    def _district(self, match: re.Match[str]) -> str:
        """jm区 as 即墨区."""
        fitting = [name for name in self._names if name[-1] == match[2] and len(name) == len(match[1]) + 1]
        found = [name for name in fitting if first_letters(name[:-1]) == match[1]]
        return found[0] if len(found) == 1 else match[0]

    def _spell(self, letters: str) -> str:
        """Pinyin as characters: the whole run where it divides into known words, else word by word."""
        parts = [re.sub("[^a-z]", "", part) for part in letters.split()]
        spelt = [self._word(part) for part in parts]
        pinyin = all(_pinyin().fullmatch(part) and part not in self._latin for part in parts)
        known = sum(word is not None or part in _inventory() for word, part in zip(spelt, parts, strict=True))
        if pinyin and 2 * known >= len(parts):  # else it is English of which a word or two could be pinyin
            whole = self._divide("".join(parts))
            if sum(map(len, whole)) > 1:
                return "".join(whole)
        return " ".join(word or part for word, part in zip(spelt, letters.split(), strict=True))

    def _word(self, letters: str) -> str | None:
        """One run of letters as characters; None for what is no pinyin of known words (time is no 替么) and no initials."""
        if letters in self._latin:
            return None
        words = self._divide(letters) if _pinyin().fullmatch(letters) else []
        return "".join(words) if any(len(word) > 1 for word in words) else self._initials.get(letters)

    def _divide(self, letters: str) -> list[str]:
        """The division of a pinyin string into the fewest known words; empty where there is none."""
        best: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest_spelling), end):
                before, word = best[start], self._spelt.get(letters[start:end])
                if before is None or word is None:
                    continue
                cost, current = before[0] + (1 if len(word) > 1 else 3), best[end]
                if current is None or cost < current[0]:
                    best[end] = (cost, [*before[1], word])
        last = best[len(letters)]
        return last[1] if last else []
