"""Short forms of names: the initials of their pinyin, where these stand for one record only."""

from __future__ import annotations

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.homophones import LONGEST
from actions.knowledge.initials import FEWEST, initials
from actions.knowledge.pinyin import syllables
from actions.knowledge.reading import Reader
from tests.knowledge.books import make_book, make_policy


def test_a_name_is_known_by_its_initials() -> None:
    found = initials(make_book(make_policy("loan", "高新贷"), make_policy("cells", "干细胞补助")))
    assert found["gxd"] == "高新贷"
    assert found["gxbbz"] == "干细胞补助"


@pytest.mark.parametrize(("short", "name"), [("xwqy", "小微企业"), ("yftr", "研发投入"), ("dqkj", "东区科技")])
def test_other_records_have_initials_too(short: str, name: str) -> None:
    assert initials(make_book())[short] == name


def test_a_place_has_initials_from_three_characters_on() -> None:
    found = initials(make_book())
    assert found.keys().isdisjoint({"dq", "dc", "js"})
    assert not [short for short in found if len(short) < FEWEST]


@pytest.mark.parametrize("kind", ["国家级", "联系电话"])
def test_everyday_words_have_none(kind: str) -> None:
    """Levels and attributes are no names."""
    book = make_book()
    assert book.lexicon.kinds(kind)
    assert kind not in initials(book).values()


def test_initials_of_two_records_stand_for_none() -> None:
    alone = initials(make_book(make_policy("loan", "高新贷")))
    both = initials(make_book(make_policy("loan", "高新贷"), make_policy("shop", "个性店")))
    assert alone["gxd"] == "高新贷"
    assert "gxd" not in both


def test_names_of_one_record_do_not_stand_in_each_others_way() -> None:
    found = initials(make_book(make_policy("loan", "高新贷", aliases=("高信贷",))))
    assert found["gxd"] in ("高新贷", "高信贷")


def test_only_chinese_names_that_are_not_long() -> None:
    long, mixed = "甲乙丙丁戊己庚辛壬", "孵化器3号"
    assert len(long) > LONGEST
    found = initials(make_book(make_policy("long", long), make_policy("mixed", mixed)))
    assert not {long, mixed} & set(found.values())


def test_a_policy_comes_before_a_topic() -> None:
    """研发投入 and 一份太软 have the same initials."""
    found = initials(make_book(make_policy("soft", "一份太软")))
    assert found["yftr"] == "一份太软"


def test_an_empty_vocabulary_has_none() -> None:
    bare = make_book(regions=[], levels=[], topics=[], audiences=[], attributes=[], facts=[], departments=[])
    assert initials(bare) == {}


@pytest.mark.parametrize(("short", "name"), [("gxd", "高新贷"), ("hbt", "汇保通")])
def test_real_names(book: PolicyBook, short: str, name: str) -> None:
    assert initials(book)[short] == name


def test_all_of_the_real_book_are_sound(book: PolicyBook) -> None:
    found = initials(book)
    assert len(found) > 100
    for short, name in found.items():
        assert FEWEST <= len(name) == len(short)
        assert short == "".join(syllable[0] for syllable in syllables(name))
        assert book.lexicon.kinds(name)


def test_initials_are_read(book: PolicyBook) -> None:
    reader = Reader(book)
    assert reader.read("gxd利率") == "高新贷利率"
    assert reader.read("GXD 利率").startswith("高新贷")
    assert reader.read("xgxdx") == "xgxdx"
