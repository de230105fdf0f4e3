"""Mistyped words, pinyin and initials put back into the book's words: 浮化器 → 孵化器, laoshan → 崂山, gxd → 高新贷."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import TypeVar

from actions.knowledge.pinyin import SYLLABLES, first_letters, is_pinyin, syllables

_CHINESE = re.compile("[\u3400-\u9fff]+")
_LETTERS = re.compile(r"[a-z]+(?:[ '’]+[a-z]+)*")
_NEAR = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ang", "an"), ("eng", "en"), ("ing", "in"))
_RUN = re.compile("[a-z]+")
_DISTRICTS = "区市县镇"
_DISTRICT = re.compile(f"(?<![a-z])[a-z]{{2,3}}[{_DISTRICTS}]")
LONGEST = 8
# Loose characters are a slip of an everyday word only where it is used so often in the examples.
USUAL = 8


@cache
def _plain(syllable: str) -> str:
    """A syllable without the distinctions that many speakers do not make (zh/z, ang/an)."""
    for one, other in _NEAR:
        syllable = syllable.replace(one, other)
    return syllable


def _near(reading: Iterable[str]) -> tuple[str, ...]:
    return tuple(map(_plain, reading))


Beginning = TypeVar("Beginning", str, tuple[str, ...])


def _longest_from(words: Iterable[Beginning]) -> dict[Beginning, int]:
    """How long the longest word is that begins with two characters or sounds: most places in a text begin none."""
    found: dict[Beginning, int] = {}
    for word in words:
        found[word[:2]] = max(found.get(word[:2], 0), len(word))
    return found


class Sounds:
    """Words by how they sound. Of words with one sound the last counts.

    `exact` by their syllables, `close` by these without the distinctions that many do not make, `spelt` by their pinyin.
    """

    def __init__(self, words: Iterable[str]):
        self.exact: dict[tuple[str, ...], str] = {}
        self.close: dict[tuple[str, ...], str] = {}
        self.spelt: dict[str, str] = {}
        for word in words:
            if not _CHINESE.fullmatch(word) or len(word) > LONGEST:
                continue
            reading = syllables(word)
            self.spelt["".join(reading)] = word
            if len(word) >= 2:
                self.exact[reading] = word
                self.close[_near(reading)] = word
        self.longest = max(map(len, self.spelt), default=0)
        self.longest_from = _longest_from(self.close)


class Names:
    """The names of a book as slips are mended towards them; `initials` are short forms with the names that they stand for."""

    def __init__(self, names: Iterable[str], initials: Mapping[str, str] | None = None):
        names = list(dict.fromkeys(names))
        self.words = {word for word in names if 2 <= len(word) <= LONGEST and _CHINESE.fullmatch(word)}
        self.longest_from = _longest_from(self.words)
        # The first of the names counts: none is an alias.
        self.sounds = Sounds(name for name in reversed(names) if name in self.words)
        self.latin = {run for word in names for run in _RUN.findall(word)}
        self.initials = dict(initials or {})
        # jm区: the first letters of a place and its last character.
        self.districts: dict[str, list[str]] = {}
        for word in self.words:
            if word[-1] in _DISTRICTS:
                self.districts.setdefault(first_letters(word[:-1]) + word[-1], []).append(word)


class Homophones:
    """Corrects texts towards the names of a book.

    `common` are everyday words with counts; `segment` cuts a text into words, so that a slip (which falls into single
    characters) is told from a real word that merely sounds alike.
    """

    def __init__(self, names: Names, common: Mapping[str, int], segment: Callable[[str], Iterable[str]] = list):
        self._segment, self._common = segment, common
        self._names, self._named, self._latin, self._initials = names.words, names.sounds, names.latin, names.initials
        self._districts, self._written = names.districts, names.longest_from
        # The commonest of the everyday words counts, and a name before all of them.
        self._everyday = Sounds(sorted(common, key=lambda word: (common[word], word)))
        self._longest_spelling = max(self._named.longest, self._everyday.longest)

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
        near = _near(reading)
        while start < len(run):
            longest = self._longest(run[start : start + 2], near[start : start + 2])
            for end in range(min(len(run), start + longest), start + 1, -1):
                window = run[start:end]
                if window in self._names:
                    better: str | None = window
                elif start in edges and end in edges:
                    better = self._better(window, reading[start:end], edges.issuperset(range(start, end)))
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

    def _longest(self, characters: str, sounds: tuple[str, ...]) -> int:
        """How long a name or word can be that is written or sounds like what begins with these."""
        return max(
            self._written.get(characters, 0),  # a character may sound otherwise in a text than in a name
            self._named.longest_from.get(sounds, 0),
            self._everyday.longest_from.get(sounds, 0),
        )

    def _better(self, window: str, reading: tuple[str, ...], single: bool) -> str | None:
        """The word meant by a window, None where it is fine; `single`: the window is all loose characters."""
        if window in self._names or window in self._common:
            return None
        found = self._named.exact.get(reading) or self._everyday.exact.get(reading)
        if found is None and len(window) >= 3:
            near = _near(reading)
            found = self._named.close.get(near) or self._everyday.close.get(near)
        if found is None or not any(one == other for one, other in zip(window, found, strict=True)):
            return None  # at least one character must be right
        if found in self._names and len(window) >= 3:
            return found
        usual = found in self._names or self._common[found] >= USUAL
        return found if single and usual else None

    def _sounding(self, window: str, reading: tuple[str, ...]) -> str | None:
        """The name of three characters or more that sounds exactly like a window and differs in one of them."""
        found = self._named.exact.get(reading) if len(window) >= 3 else None
        if found is None or window in self._names or window in self._common:
            return None
        return found if sum(one != other for one, other in zip(window, found, strict=True)) == 1 else None

    def _district(self, match: re.Match[str]) -> str:
        """jm区 as 即墨区."""
        found = self._districts.get(match[0], ())
        return found[0] if len(found) == 1 else match[0]

    def _spell(self, letters: str) -> str:
        """Pinyin as characters: the whole run where it divides into known words, else word by word."""
        parts = [re.sub("[^a-z]", "", part) for part in letters.split()]
        spelt = [self._word(part) for part in parts]
        pinyin = all(is_pinyin(part) and part not in self._latin for part in parts)
        known = sum(word is not None or part in SYLLABLES for word, part in zip(spelt, parts, strict=True))
        if pinyin and 2 * known >= len(parts):  # else it is English of which a word or two could be pinyin
            whole = self._divide("".join(parts))
            if sum(map(len, whole)) > 1:
                return "".join(whole)
        return " ".join(word or part for word, part in zip(spelt, letters.split(), strict=True))

    def _word(self, letters: str) -> str | None:
        """One run of letters as characters; None for what is no pinyin of known words (time is no 替么) and no initials."""
        if letters in self._latin:
            return None
        words = self._divide(letters) if is_pinyin(letters) else []
        return "".join(words) if any(len(word) > 1 for word in words) else self._initials.get(letters)

    def _divide(self, letters: str) -> list[str]:
        """The division of a pinyin string into the fewest known words; empty where there is none."""
        best: list[tuple[int, list[str]] | None] = [(0, [])] + [None] * len(letters)
        for end in range(1, len(letters) + 1):
            for start in range(max(0, end - self._longest_spelling), end):
                before, spelling = best[start], letters[start:end]
                word = self._named.spelt.get(spelling) or self._everyday.spelt.get(spelling)
                if before is None or word is None:
                    continue
                cost, current = before[0] + (1 if len(word) > 1 else 3), best[end]
                if current is None or cost < current[0]:
                    best[end] = (cost, [*before[1], word])
        last = best[len(letters)]
        return last[1] if last else []
