"""jieba's segmentation with a dictionary that is taken in as the characters of texts need it.

jieba reads its whole dictionary into one dict of words and their beginnings: 0.6 s and 120 MB for half a million entries. What
it then asks for begins with a character of the text at hand, so the words of these characters are enough for the same result.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

import jieba
import numpy as np

# Neighbouring lines of the dictionary (word, frequency, part of speech) whose words begin with the same character.
_LINES = re.compile(rb"^([\x00-\x7f]|[\xc0-\xff][\x80-\xbf]+)[^\n]*\n?(?:\1[^\n]*\n?)*", re.MULTILINE)
_SPACE = ord(" ")


class Weights(dict[str, float]):
    """The logarithms of words' shares of all frequencies; each worked out when it is first asked for."""

    def __init__(self, frequencies: Mapping[str, int], total: int):
        super().__init__()
        self._frequencies, self._total = frequencies, math.log(total)

    def __missing__(self, word: str) -> float:
        """The weight of a word that was not asked for before."""
        weight = self[word] = math.log(self._frequencies.get(word) or 1) - self._total
        return weight


class Segmenter(jieba.Tokenizer):
    """A jieba of our own: the module's global one could be changed by anybody. Words cannot be added to it."""

    def __init__(self) -> None:
        super().__init__()
        self._lines = Path(jieba.__file__).with_name(jieba.DEFAULT_DICT_NAME).read_bytes()
        self._places: dict[str, list[tuple[int, int]]] = defaultdict(list)
        for run in _LINES.finditer(self._lines):
            self._places[run[1].decode()].append(run.span())
        self.total = _frequencies(self._lines)
        self.initialized = True
        self._weights = Weights(self.FREQ, self.total)
        # A text is cut twice, to be read and to be tokenized, mostly in the same pieces.
        self._words = lru_cache(maxsize=32)(self._cut_block)

    def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True, use_paddle: bool = False) -> Iterator[str]:  # noqa: N803
        """The words of a text, as jieba cuts it: piece by piece, each without punctuation or nothing else."""
        if cut_all or use_paddle or not HMM:
            yield from super().cut(sentence, cut_all, HMM, use_paddle)
        else:
            for block in filter(None, jieba.re_han_default.split(sentence)):
                yield from self._words(block)

    def _cut_block(self, block: str) -> tuple[str, ...]:
        return tuple(super().cut(block))

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 - jieba's own name
        """Where the words that begin at each place of a sentence may end."""
        for character in set(sentence) & self._places.keys():
            self._learn(character)
        found, frequency, length = {}, self.FREQ.get, len(sentence)
        for start in range(length):
            ends, end = [], start
            while end < length and (count := frequency(sentence[start : end + 1])) is not None:
                if count:
                    ends.append(end)
                end += 1
            found[start] = ends or [start]
        return found

    def calc(self, sentence: str, DAG: dict[int, list[int]], route: dict[int, tuple[float, int]]) -> None:  # noqa: N803
        """The likeliest division of what follows each place: its weight, and where its first word ends."""
        weights = self._weights
        route[len(sentence)] = (0, 0)
        for start in range(len(sentence) - 1, -1, -1):
            best, last = -math.inf, start
            for end in DAG[start]:  # of two divisions of the same weight the longer word counts
                weight = weights[sentence[start : end + 1]] + route[end + 1][0]
                if weight >= best:
                    best, last = weight, end
            route[start] = best, last

    def words(self) -> frozenset[str]:
        """The words of the dictionary that are no accident of its sources: real words, which are no slips."""
        for character in list(self._places):
            self._learn(character)
        return frozenset(word for word, count in self.FREQ.items() if count >= 3)

    def _learn(self, character: str) -> None:
        """Take in the words that begin with a character, and their beginnings with frequency 0, as jieba does."""
        lines = b"".join(self._lines[start:end] for start, end in self._places.pop(character))
        fields = lines.decode().split()
        words = fields[::3]
        known: dict[str, int] = dict(zip(words, map(int, fields[1::3]), strict=True))
        for word in words:
            for end in range(len(word) - 1, 0, -1):
                if word[:end] in known:
                    break
                known[word[:end]] = 0
        self.FREQ.update(known)


def _frequencies(lines: bytes) -> int:
    """The sum of the frequencies of all words, worked out digit by digit of all of them at once."""
    text = np.frombuffer(lines, np.uint8)
    spaces = np.flatnonzero(text == _SPACE)
    before, behind = spaces[::2], spaces[1::2]
    total = 0
    for digit in range(1, int((behind - before).max())):
        places = (behind - digit)[behind - digit > before]
        total += 10 ** (digit - 1) * int((text[places] - ord("0")).sum(dtype=np.int64))
    return total
