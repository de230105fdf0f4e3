"""Pinyin: the table of syllables, and what divides into them."""

from __future__ import annotations

import pytest
from pypinyin import lazy_pinyin

from actions.knowledge.pinyin import SYLLABLES, first_letters, is_pinyin, syllables


def test_the_syllables_are_those_of_all_characters() -> None:
    characters = "".join(map(chr, range(0x4E00, 0x9FA6)))
    assert {syllable for syllable in lazy_pinyin(characters) if syllable.isascii() and syllable.isalpha()} == SYLLABLES


def test_syllables_and_first_letters_of_a_word() -> None:
    assert syllables("高新贷") == ("gao", "xin", "dai")
    assert first_letters("高新贷") == "gxd"


@pytest.mark.parametrize(("letters", "so"), [("laoshan", True), ("o", True), ("one", False), ("vr", False), ("", False)])
def test_pinyin_divides_into_syllables(letters: str, so: bool) -> None:
    assert is_pinyin(letters) is so
