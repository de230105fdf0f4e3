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
        self._united = lru_cache(maxsize=10_000)(self._unite)

    def cut(self, sentence: str, cut_all: bool = False, HMM: bool = True, use_paddle: bool = False) -> Iterator[str]:  # noqa: N803
        """The words of a text, as jieba cuts it: piece by piece, each without punctuation or nothing else."""
        if cut_all or use_paddle or not HMM:
            yield from super().cut(sentence, cut_all, HMM, use_paddle)
        else:
            for block in filter(None, jieba.re_han_default.split(sentence)):
                yield from self._words(block)

    def _cut_block(self, block: str) -> tuple[str, ...]:
        if not jieba.re_han_default.match(block):
            return tuple(super().cut(block))
        words: list[str] = []
        loose, place = "", 0
        ends = self._ends(block)
        while place < len(block):
            word = block[place : ends[place]]
            if len(word) == 1:
                loose += word
            else:
                words += *self._united(loose), word
                loose = ""
            place = ends[place]
        return (*words, *self._united(loose))

    def _ends(self, block: str) -> list[int]:
        """Where the word that begins at each place ends, in the likeliest division of what follows it."""
        for character in set(block) & self._places.keys():
            self._learn(character)
        frequency, weights, length = self.FREQ.get, self._weights, len(block)
        likely, ends = [0.0] * (length + 1), [0] * length
        for start in range(length - 1, -1, -1):
            best, last, end = -math.inf, start + 1, start + 1
            while end <= length and (count := frequency(block[start:end])) is not None:
                # Of two divisions of the same weight the longer word counts.
                if count and (weight := weights[block[start:end]] + likely[end]) >= best:
                    best, last = weight, end
                end += 1
            likely[start] = weights[block[start]] + likely[last] if best == -math.inf else best
            ends[start] = last
        return ends

    def _unite(self, loose: str) -> tuple[str, ...]:
        """The words that single characters side by side may be, by jieba's model of unknown words."""
        if len(loose) < 2 or self.FREQ.get(loose):
            return tuple(loose)
        return tuple(jieba.finalseg.cut(loose))

    def get_DAG(self, sentence: str) -> dict[int, list[int]]:  # noqa: N802 - jieba's own name
        """Where the words that begin at each place of a sentence may end, for jieba's other ways of cutting."""
        for character in set(sentence) & self._places.keys():
            self._learn(character)
        found: dict[int, list[int]] = super().get_DAG(sentence)
        return found

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
