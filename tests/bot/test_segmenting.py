"""Our jieba cuts as jieba does, with the words of the characters that it has met."""

from __future__ import annotations

import random
from typing import Any

import pytest

jieba = pytest.importorskip("jieba")

from bot.nlu.segmenting import Segmenter
from bot.project import TRAINING_DATA

TEXTS = [
    line.strip()
    for file in sorted(TRAINING_DATA[0].glob("*.yml"))[:3]
    for line in file.read_text(encoding="utf-8").splitlines()[:150]
]


@pytest.fixture(scope="module")
def whole() -> Any:
    """jieba with its whole dictionary, taken from the dictionary itself and not from what it keeps between runs."""
    tokenizer = jieba.Tokenizer()
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def test_cuts_alike(whole: Any) -> None:
    ours = Segmenter()
    assert [list(ours.tokenize(text)) for text in TEXTS] == [list(whole.tokenize(text)) for text in TEXTS]
    assert 0 < len(ours.FREQ) < len(whole.FREQ)


def test_cuts_alike_what_makes_no_sense(whole: Any) -> None:
    ours, dice = Segmenter(), random.Random(8)
    characters = [*"".join(TEXTS), *"AT&T卡拉OK c#3D 龘𠀀\n\t，。"]
    texts = ["".join(dice.choices(characters, k=30)) for _ in range(300)]
    assert [list(ours.cut(text)) for text in texts] == [list(whole.cut(text)) for text in texts]


def test_all_words_are_jiebas(whole: Any) -> None:
    ours = Segmenter()
    assert ours.words() == {word for word, count in whole.FREQ.items() if count >= 3}
    assert whole.FREQ == ours.FREQ
    assert ours.total == whole.total
