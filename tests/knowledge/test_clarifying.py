"""The question that separates many policies, and the answers to it."""

from __future__ import annotations

import random

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.clarifying import MOST_OPTIONS, kinds_named, narrowed, separate
from tests.knowledge.books import make_book, make_policy

POLICIES = [
    make_policy("a", region="east", topics=("rd",), kind="reward", audiences=("micro",)),
    make_policy("b", region="east", topics=("talent", "rd"), kind="fund", audiences=("talent",)),
    make_policy("c", region="north", topics=("rd",), kind="reward"),
    make_policy("d", region="city", topics=("vr",), kind="fund"),
]
BOOK = make_book(*POLICIES)


def test_one_policy_or_none_needs_no_question() -> None:
    assert separate(BOOK, []) is None
    assert separate(BOOK, POLICIES[:1]) is None


def test_policies_that_do_not_differ_are_not_separated() -> None:
    same = [make_policy(id) for id in "xyz"]
    assert separate(make_book(*same), same) is None


def test_options_count_the_policies_that_they_leave() -> None:
    found = separate(BOOK, POLICIES)
    assert found is not None
    assert found.dimension == "region"
    assert [(option.id, option.name, option.count) for option in found.options] == [
        ("east", "东区", 2),
        ("north", "北区", 1),
        ("city", "甲市", 1),
    ]


@pytest.mark.parametrize(
    ("known", "dimension"),
    [
        ((), "region"),
        (("region",), "topic"),
        (("region", "topic"), "kind"),
        (("region", "topic", "kind"), "audience"),
    ],
)
def test_what_is_known_is_not_asked(known: tuple[str, ...], dimension: str) -> None:
    found = separate(BOOK, POLICIES, known)
    assert found is not None
    assert found.dimension == dimension


def test_all_known_nothing_to_ask() -> None:
    assert separate(BOOK, POLICIES, ("region", "topic", "kind", "audience")) is None


def test_a_dimension_that_separates_much_better_goes_first() -> None:
    policies = [make_policy(f"p{n}", region="east" if n else "north", topics=(("rd", "talent", "vr")[n % 3],)) for n in range(9)]
    found = separate(make_book(*policies), policies)
    assert found is not None
    assert found.dimension == "topic"


@pytest.mark.parametrize(
    ("answers", "left"),
    [
        ({}, ""),
        ({"region": ["east"]}, "ab"),
        ({"region": ["city"]}, "abd"),  # east lies in the city
        ({"region": ["east", "north"]}, "abc"),
        ({"topic": ["rd"]}, "abc"),
        ({"topic": ["rd"], "region": ["north"]}, "c"),
        ({"kind": ["fund"]}, "bd"),
        ({"audience": ["micro"]}, "a"),
        ({"audience": ["micro"], "kind": ["fund"]}, ""),
    ],
)
def test_narrowed(answers: dict[str, list[str]], left: str) -> None:
    assert [policy.id for policy in narrowed(BOOK, "abcd", answers)] == list(left)


def test_narrowed_keeps_the_order_of_the_list() -> None:
    assert [policy.id for policy in narrowed(BOOK, "cba", {"topic": ["rd"]})] == ["c", "b", "a"]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("要奖励", {"reward"}),
        ("基金呢", {"fund"}),
        ("奖励和基金", {"reward", "fund"}),
        ("不要基金，要奖励", {"reward"}),
        ("除了奖励", set()),
        ("不是基金", set()),
        ("都行", set()),
        ("", set()),
    ],
)
def test_kinds_named(text: str, kinds: set[str]) -> None:
    assert kinds_named(BOOK, text) == kinds


def test_in_the_real_book_every_option_leaves_what_it_says(book: PolicyBook) -> None:
    """For lists of any size: the options are few, each leaves some but not all, and answering one leaves its count."""
    lists = [book.of_region(region) for region in book.regions] + [book.of_topic(topic) for topic in book.topics]
    chance = random.Random(1)
    lists += [chance.sample(list(book.policies.values()), size) for size in range(2, 40, 3)]
    separated = 0
    for policies in lists:
        found = separate(book, policies)
        if found is None:
            continue
        separated += 1
        assert 2 <= len(found.options) <= MOST_OPTIONS
        assert [option.count for option in found.options] == sorted((o.count for o in found.options), reverse=True)
        for option in found.options:
            assert 0 < option.count < len(policies)
            left = narrowed(book, [policy.id for policy in policies], {found.dimension: [option.id]})
            assert len(left) >= option.count  # a place takes in the places inside it, a topic also what is second
    assert separated > 40
