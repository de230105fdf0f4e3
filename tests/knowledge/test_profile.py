"""What is known of a company: what follows from what, corrections, and what was asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.models import Fact
from actions.knowledge.profile import REGION, Profile
from tests.knowledge.books import make_book

FACTS = [
    Fact("micro", "小微企业", "size", "是小微企业吗？", implies=("sme",), excludes=("large",)),
    Fact("sme", "中小企业", "size", "是中小企业吗？", excludes=("large",)),
    Fact("large", "大型企业", "size", "是大型企业吗？", excludes=("micro", "sme")),
    Fact("first", "首次认定", "event", "首次吗？", implies=("pool",)),
    Fact("pool", "入库", "event", "入库吗？", implies=("tech",)),
    Fact("tech", "高企", "qualification", "是高企吗？", implies=("first",)),  # a ring must not hang
]
BOOK = make_book(facts=FACTS)


def test_a_new_profile_knows_nothing() -> None:
    profile = Profile()
    assert profile.empty
    assert profile.pending is None
    assert not profile.knows("micro")
    assert not profile.knows(REGION)


def test_told_facts_are_known_yes_or_no() -> None:
    profile = Profile().learn(BOOK, "east", no=["tech"])
    assert not profile.empty
    assert profile.facts == {"tech": False}
    assert profile.knows("tech")
    assert profile.knows(REGION)
    assert not profile.knows("micro")


def test_a_fact_brings_what_it_implies_and_excludes() -> None:
    assert Profile().learn(BOOK, yes=["micro"]).facts == {"micro": True, "sme": True, "large": False}
    assert Profile().learn(BOOK, yes=["sme"]).facts == {"sme": True, "large": False}


def test_implications_go_on_and_may_form_a_ring() -> None:
    assert Profile().learn(BOOK, yes=["first"]).facts == {"first": True, "pool": True, "tech": True}


def test_a_no_implies_nothing() -> None:
    assert Profile().learn(BOOK, no=["micro"]).facts == {"micro": False}


def test_what_is_told_later_replaces_what_contradicts_it() -> None:
    micro = Profile().learn(BOOK, yes=["micro"])
    large = micro.learn(BOOK, yes=["large"], no=["micro"])
    assert large.facts == {"micro": False, "sme": False, "large": True}
    assert large.learn(BOOK, yes=["micro"]).facts == {"micro": True, "sme": True, "large": False}
    assert micro.learn(BOOK, no=["micro"]).facts["micro"] is False


def test_yes_and_no_at_once_in_any_order_of_the_facts() -> None:
    for yes, no in ((["large"], ["micro"]), (["large"], ["sme", "micro"])):
        facts = Profile().learn(BOOK, yes=yes, no=no).facts
        assert facts["large"] is True
        assert facts["micro"] is False


def test_no_to_what_follows_from_a_fact_takes_the_fact_back() -> None:
    """Who is no SME is no micro enterprise, whatever was said before."""
    facts = Profile().learn(BOOK, yes=["micro"]).learn(BOOK, no=["sme"]).facts
    assert facts["sme"] is False
    assert facts.get("micro") is not True


def test_the_place_holds_until_another_is_told() -> None:
    profile = Profile().learn(BOOK, "east").learn(BOOK, yes=["micro"])
    assert profile.region == "east"
    assert profile.learn(BOOK, "city").region == "city"


def test_learning_leaves_the_profile_before_as_it_was() -> None:
    before = Profile().learn(BOOK, yes=["micro"])
    before.learn(BOOK, yes=["large"])
    assert before.facts["micro"] is True


def test_pending_is_what_was_asked_last_and_is_not_answered() -> None:
    asked = Profile().asking("tech")
    assert asked.pending == "tech"
    assert asked.learn(BOOK, yes=["micro"]).pending == "tech"
    assert asked.learn(BOOK, no=["tech"]).pending is None
    assert asked.learn(BOOK, yes=["first"]).pending is None
    assert asked.learn(BOOK, no=["tech"]).asking("micro").pending == "micro"


def test_pending_place_is_answered_by_a_place() -> None:
    asked = Profile().asking(REGION)
    assert asked.pending == REGION
    assert asked.learn(BOOK, yes=["tech"]).pending == REGION
    assert asked.learn(BOOK, "east").pending is None


def test_declined_is_neither_pending_nor_known() -> None:
    declined = Profile().asking(REGION).asking("tech").declining()
    assert declined.settled == ("tech",)
    assert declined.pending is None
    assert not declined.knows("tech")
    assert declined.learn(BOOK, yes=["tech"]).knows("tech")


def test_declining_without_a_question_is_nothing() -> None:
    assert Profile().declining() == Profile()


def test_within_an_edited_book_what_is_gone_is_forgotten() -> None:
    profile = Profile("east", {"micro": True, "gone": True}, (REGION, "gone", "micro"), ("micro",))
    assert profile.within(BOOK) == Profile("east", {"micro": True}, (REGION, "micro"), ("micro",))
    assert profile.within(make_book(facts=[], regions=[])) == Profile(None, {}, (REGION,), ("micro",))


PROFILES = [Profile(), Profile("east", {"micro": True, "large": False}, (REGION, "tech"), ("tech",))]


@pytest.mark.parametrize("profile", PROFILES)
def test_the_slot_keeps_a_profile(profile: Profile) -> None:
    assert Profile.parse(json.loads(json.dumps(profile.plain()))) == profile


@pytest.mark.parametrize("value", [None, "x", 3, [], {}, {"facts": None}, {"facts": ["micro"]}, {"asked": None, "settled": 0}])
def test_an_unusable_slot_is_an_empty_profile(value: Any) -> None:
    assert Profile.parse(value) == Profile()


@pytest.mark.parametrize("value", [{"asked": 3}, {"settled": True}, {"region": ["east"]}, {"asked": [["tech"]]}])
def test_a_broken_slot_does_no_harm(value: Any) -> None:
    assert Profile.parse(value).within(BOOK).empty


def test_no_fact_of_the_book_excludes_what_follows_from_it(book: PolicyBook) -> None:
    for fact in book.facts:
        facts = Profile().learn(book, yes=[fact]).facts
        assert facts[fact] is True
        for id in (id for id, so in facts.items() if so):
            assert facts[id] is Profile().learn(book, yes=[id]).facts[id], (fact, id)
            assert not [other for other in book.facts[id].excludes if facts[other]], (fact, id)


def test_exclusions_of_the_book_hold_both_ways(book: PolicyBook) -> None:
    for fact in book.facts.values():
        for other in fact.excludes:
            assert fact.id in book.facts[other].excludes or other in ("sme", "self-employed"), (fact.id, other)
