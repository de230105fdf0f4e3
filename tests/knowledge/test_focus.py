"""What a conversation is about: every transition of the focus, and its way through a tracker's slot."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.knowledge import Aspect, Focus
from actions.knowledge.focus import RECENT
from tests.knowledge.books import make_book, make_policy

FULL = Focus(
    policies=("a",),
    rule="national",
    levels=("国家级",),
    region="east",
    topics=("rd",),
    aspect=Aspect.AMOUNT,
    recent=("a", "b"),
    listed=("b", "a", "c"),
    shown=2,
    base=300000.0,
    unit="yuan",
    count=3,
)


def on(focus: Focus, *policies: str, **changes: Any) -> Focus:
    return focus.on(policies, **{"region": "east", "topics": ("rd",), "aspect": Aspect.AMOUNT, **changes})


def test_a_new_focus_is_empty() -> None:
    assert Focus().plain() == {
        "policies": [], "rule": None, "levels": [], "region": None, "topics": [], "aspect": None,
        "recent": [], "listed": [], "shown": 0, "base": None, "unit": None, "count": 1,
    }  # fmt: skip


def test_on_takes_in_hand_what_was_answered() -> None:
    focus = on(Focus(), "a", rule="national", levels=("国家级",))
    assert focus == Focus(("a",), "national", ("国家级",), "east", ("rd",), Aspect.AMOUNT, ("a",))


def test_on_another_policy_makes_the_one_before_recent_and_forgets_what_belonged_to_it() -> None:
    focus = on(FULL, "d", region="city", topics=("talent",), aspect=Aspect.PROCESS)
    assert (focus.policies, focus.region, focus.topics, focus.aspect) == (("d",), "city", ("talent",), Aspect.PROCESS)
    assert focus.recent == ("d", "a", "b")
    assert (focus.rule, focus.levels, focus.base, focus.unit) == (None, (), None, None)


def test_on_the_same_policy_keeps_level_and_number() -> None:
    focus = on(FULL, "a", aspect=Aspect.CALCULATE)
    assert (focus.levels, focus.base, focus.unit) == (("国家级",), 300000.0, "yuan")
    assert on(FULL, "a", levels=("市级",)).levels == ("市级",)


def test_on_one_of_two_keeps_the_number() -> None:
    assert on(FULL, "a", "b").base == 300000.0
    assert on(FULL, "b", "c").base is None
    assert (on(FULL, "a").count, on(FULL, "b", "c").count) == (3, 1)


def test_on_one_policy_leaves_the_list_to_be_pointed_into() -> None:
    focus = on(FULL, "b")
    assert (focus.listed, focus.shown) == (("b", "a", "c"), 2)


def test_on_several_policies_makes_them_the_list() -> None:
    focus = on(FULL, "d", "e")
    assert (focus.listed, focus.shown) == (("d", "e"), 2)


def test_listing_has_nothing_in_hand_and_only_what_was_seen_is_recent() -> None:
    focus = FULL.listing(("d", "e", "f"), shown=2, region="city", topics=("talent",), aspect=Aspect.LIST, levels=("市级",))
    assert focus == Focus(
        levels=("市级",), region="city", topics=("talent",), aspect=Aspect.LIST,
        recent=("d", "e", "a", "b"), listed=("d", "e", "f"), shown=2,
    )  # fmt: skip


def test_listing_without_a_place_keeps_the_place() -> None:
    assert FULL.listing(("d",), shown=1, region=None, topics=(), aspect=None).region == "east"


def test_moved_keeps_the_subject_and_changes_the_place() -> None:
    focus = FULL.moved("north", ("talent",))
    assert (focus.policies, focus.rule, focus.region, focus.topics) == ((), None, "north", ("talent",))
    assert (focus.aspect, focus.levels, focus.recent) == (Aspect.AMOUNT, ("国家级",), ("a", "b"))


def test_with_base_changes_nothing_else() -> None:
    focus = FULL.with_base(5000.0, "square_metre")
    assert (focus.base, focus.unit) == (5000.0, "square_metre")
    assert focus.count == 1
    assert focus.with_base(300000.0, "yuan", 3) == FULL


def test_recent_has_no_repeats_and_an_end() -> None:
    focus = Focus()
    for number in range(RECENT + 5):
        focus = on(on(focus, f"p{number}"), "same")
    assert len(focus.recent) == len(set(focus.recent)) == RECENT
    assert focus.recent[:2] == ("same", f"p{RECENT + 4}")


def test_transitions_leave_the_focus_before_as_it_was() -> None:
    before = FULL.plain()
    on(FULL, "z")
    FULL.listing(("z",), shown=1, region=None, topics=(), aspect=None)
    FULL.moved("north", ())
    FULL.with_base(1.0, "yuan")
    assert FULL.plain() == before


def test_within_a_book_that_has_everything_nothing_changes() -> None:
    assert FULL.within(make_book(*map(make_policy, "abc"))) == FULL


def test_within_an_edited_book_what_is_gone_is_forgotten() -> None:
    focus = FULL.within(make_book(make_policy("c"), regions=[], topics=[]))
    assert (focus.policies, focus.rule, focus.region, focus.topics) == ((), None, None, ())
    assert (focus.recent, focus.listed) == ((), ("c",))


def test_within_an_edited_book_a_rule_goes_with_its_policy_only() -> None:
    assert FULL.within(make_book(make_policy("a"))).rule == "national"


def test_within_an_edited_book_only_what_is_left_of_the_list_was_seen() -> None:
    """Of b, a, c the first two were shown; without b the list is a, c and c is still to be shown."""
    focus = FULL.within(make_book(make_policy("a"), make_policy("c")))
    assert focus.listed[focus.shown :] == ("c",)


@pytest.mark.parametrize("focus", [Focus(), FULL, FULL.moved("north", ()), on(FULL, "x", "y")])
def test_the_slot_keeps_a_focus(focus: Focus) -> None:
    assert Focus.parse(json.loads(json.dumps(focus.plain()))) == focus


@pytest.mark.parametrize("value", [None, "x", 3, 2.5, True, [], ["policies"], {}, {"aspect": "nonsense"}, {"nothing": 1}])
def test_an_unusable_slot_is_an_empty_focus(value: Any) -> None:
    assert Focus.parse(value) == Focus()


@pytest.mark.parametrize(
    "value",
    [
        {"policies": None},
        {"recent": "abc"},
        {"listed": 5, "shown": "x"},
        {"aspect": ["amount"]},
        {"policies": [["a"]]},
        {"region": []},
        {"levels": {"a": 1}, "base": "viel"},
    ],
)
def test_a_broken_slot_does_no_harm(value: Any) -> None:
    focus = Focus.parse(value).within(make_book(make_policy("a")))
    assert on(focus, "a").policies == ("a",)
    assert focus.plain() == Focus().plain()


def test_a_slot_of_an_older_version_keeps_what_is_still_known() -> None:
    assert Focus.parse({"policies": ["a"], "colour": "red", "aspect": "no longer"}) == Focus(("a",))
