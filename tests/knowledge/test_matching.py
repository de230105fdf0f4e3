"""Which policies fit a company: three-valued conditions, places, order, and the next question."""

from __future__ import annotations

import random
from itertools import product

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.benefits import Cap, Service
from actions.knowledge.matching import MOST_QUESTIONS, Fit, Verdict, assess, candidates, check, fitting_rules, next_question
from actions.knowledge.models import Fact, FactTest, Policy, Region, Requirement, RequirementKind, Rule, Scope, Status
from actions.knowledge.profile import REGION, Profile
from tests.knowledge.books import make_book, make_policy

MET, FAILED, OPEN = Verdict.MET, Verdict.FAILED, Verdict.OPEN
GATE, BONUS, DISCRETION = RequirementKind.GATE, RequirementKind.BONUS, RequirementKind.DISCRETION
FACTS = [
    Fact("micro", "小微企业", "size", "是小微企业吗？", excludes=("large",)),
    Fact("large", "大型企业", "size", "是大型企业吗？", excludes=("micro",)),
    Fact("tech", "高企", "qualification", "是高企吗？"),
    Fact("trade", "外贸企业", "sector", "做外贸吗？"),
    Fact("farm", "农业企业", "sector", "做农业吗？"),
    Fact("loan", "要贷款", "need", "要贷款吗？"),
]
REGIONS = [Region("city", "甲市"), Region("east", "东区", (), "city"), Region("town", "镇", (), "east"), Region("north", "北区")]
MONEY = Rule("money", "符合条件", Cap("奖励", 100000), Scope.PER_APPLICANT)


def need(*any_of: str, none: tuple[str, ...] = (), kind: RequirementKind = GATE) -> Requirement:
    return Requirement(kind, "、".join(any_of) or "说不准", FactTest(any_of, none))


def policy(id: str, *needs: Requirement, **changes: object) -> Policy:
    return make_policy(id, "", *changes.pop("rules", (MONEY,)), eligibility=needs, **changes)  # type: ignore[misc]


def book_of(*policies: Policy) -> PolicyBook:
    return make_book(*policies, facts=FACTS, regions=REGIONS)


# -- one condition --

VALUES = {"yes": True, "no": False, "?": None}


def known(**values: bool | None) -> Profile:
    return Profile(facts={id: value for id, value in values.items() if value is not None})


@pytest.mark.parametrize(("one", "two"), list(product(VALUES, VALUES)))
def test_any_of_two(one: str, two: str) -> None:
    expected = MET if "yes" in (one, two) else FAILED if (one, two) == ("no", "no") else OPEN
    assert check(FactTest(any=("a", "b")), known(a=VALUES[one], b=VALUES[two])) is expected


@pytest.mark.parametrize(("one", "two"), list(product(VALUES, VALUES)))
def test_none_of_two(one: str, two: str) -> None:
    expected = FAILED if "yes" in (one, two) else MET if (one, two) == ("no", "no") else OPEN
    assert check(FactTest(none=("a", "b")), known(a=VALUES[one], b=VALUES[two])) is expected


@pytest.mark.parametrize(
    ("wanted", "barred", "expected"),
    [
        ("yes", "yes", FAILED),
        ("yes", "no", MET),
        ("yes", "?", OPEN),
        ("no", "yes", FAILED),
        ("no", "no", FAILED),
        ("no", "?", FAILED),
        ("?", "yes", FAILED),
        ("?", "no", OPEN),
        ("?", "?", OPEN),
    ],
)
def test_any_and_none_together(wanted: str, barred: str, expected: Verdict) -> None:
    assert check(FactTest(("a",), ("b",)), known(a=VALUES[wanted], b=VALUES[barred])) is expected


def test_what_no_machine_can_check_stays_open() -> None:
    assert check(FactTest(), known(a=True)) is OPEN


def test_more_that_is_told_never_opens_what_was_decided() -> None:
    """Telling something unknown may decide an open condition, and changes no verdict that was given."""
    chance = random.Random(7)
    ids = "abcdef"
    for _ in range(500):
        test = FactTest(tuple(chance.sample(ids, 2)), tuple(chance.sample(ids, chance.randint(0, 2))))
        told = {id: chance.random() < 0.5 for id in chance.sample(ids, 3)}
        before = check(test, Profile(facts=told))
        after = check(test, Profile(facts={chance.choice(ids): chance.random() < 0.5} | told))
        assert before in (OPEN, after)


# -- one policy --


@pytest.mark.parametrize(
    ("region", "verdict"),
    [("east", MET), ("town", MET), ("city", OPEN), ("north", FAILED), (None, OPEN)],
    ids=["same", "inside", "around", "elsewhere", "unknown"],
)
def test_place(region: str | None, verdict: Verdict) -> None:
    one = policy("one", need("micro"))
    assert assess(book_of(one), one, Profile(region)).place is verdict


@pytest.mark.parametrize(
    ("needs", "facts", "fit"),
    [
        ([need("micro")], {"micro": True}, Fit.FITS),
        ([need("micro")], {}, Fit.MAYBE),
        ([need("micro")], {"micro": False}, Fit.NOT),
        ([need("micro"), need("tech")], {"micro": True}, Fit.MAYBE),
        ([need("micro"), need("tech")], {"micro": True, "tech": False}, Fit.NOT),
        ([need("micro"), need()], {"micro": True}, Fit.MAYBE),
        ([need("micro"), need("tech", kind=BONUS)], {"micro": True}, Fit.FITS),
        ([need("micro"), need("tech", kind=BONUS)], {"micro": True, "tech": False}, Fit.FITS),
        ([need("micro"), need(kind=DISCRETION)], {"micro": True}, Fit.MAYBE),
        ([need("micro"), need(kind=DISCRETION)], {"micro": False}, Fit.NOT),
        ([need("micro"), need("tech", kind=DISCRETION)], {"micro": True, "tech": True}, Fit.MAYBE),
        ([], {}, Fit.FITS),
    ],
)
def test_fit(needs: list[Requirement], facts: dict[str, bool], fit: Fit) -> None:
    one = policy("one", *needs)
    assert assess(book_of(one), one, Profile("east", facts)).fit is fit


@pytest.mark.parametrize(("region", "fit"), [("north", Fit.NOT), ("city", Fit.MAYBE), (None, Fit.MAYBE), ("town", Fit.FITS)])
def test_the_place_is_a_gate(region: str | None, fit: Fit) -> None:
    one = policy("one", need("micro"))
    assert assess(book_of(one), one, Profile(region, {"micro": True})).fit is fit


def test_met_and_open_requirements() -> None:
    needs = [need("micro"), need("tech"), need("loan", kind=BONUS), need(kind=DISCRETION), need("large")]
    one = policy("one", *needs)
    found = assess(book_of(one), one, Profile("east", {"micro": True, "large": False}))
    assert found.met == 1
    assert found.open == (needs[1], needs[3])
    assert [verdict for _, verdict in found.marks] == [MET, OPEN, OPEN, OPEN, FAILED]


def test_fitting_rules() -> None:
    plain, micro = Rule("plain", "", Service("办理")), Rule("micro", "", Service("办理"), test=FactTest(("micro",)))
    other = Rule("other", "", Service("办理"), test=FactTest(none=("micro",)))
    one = make_policy("one", "", plain, micro, other)
    assert fitting_rules(one, Profile()) == (plain, micro, other)
    assert fitting_rules(one, Profile(facts={"micro": True})) == (micro, plain)
    assert fitting_rules(one, Profile(facts={"micro": False})) == (other, plain)


# -- all policies --


def ids(book: PolicyBook, profile: Profile) -> list[str]:
    return [found.policy.id for found in candidates(book, profile)]


def test_candidates_need_something_told_that_speaks_for_them() -> None:
    book = book_of(
        policy("fits", need("micro")),
        policy("maybe", need("micro"), need("tech")),
        policy("not", need("micro"), need("large")),
        policy("silent", need("tech")),
        policy("historic", need("micro"), status=Status.HISTORIC),
        policy("result", need("micro"), kind="achievement"),
        policy("elsewhere", need("micro"), region="north"),
        policy("open"),
    )
    assert ids(book, Profile("east", {"micro": True, "large": False})) == ["fits", "maybe"]
    assert ids(book, Profile("east")) == []


def test_order() -> None:
    """In force before planned, money before services, sure before unsure, few open points before many, near before far."""
    service = (Rule("plain", "", Service("办理")),)
    book = book_of(
        policy("g-planned", need("micro"), status=Status.PLANNED),
        policy("f-service", need("micro"), rules=service),
        policy("e-two-open", need("micro"), need("tech"), need("loan")),
        policy("d-one-open", need("micro"), need("tech")),
        policy("c-far", need("micro"), region="city"),
        policy("b-near", need("micro")),
        policy("a-near", need("micro")),
    )
    assert ids(book, Profile("east", {"micro": True})) == [
        "a-near", "b-near", "c-far", "d-one-open", "e-two-open", "f-service", "g-planned",
    ]  # fmt: skip


# -- the next question --


def test_the_place_is_asked_first_and_once() -> None:
    book = book_of(policy("one", need("micro"), need("tech")))
    assert next_question(book, Profile(facts={"micro": True})) == REGION
    assert next_question(book, Profile(facts={"micro": True}).asking(REGION).declining()) == "tech"


def test_the_fact_that_decides_most_is_asked() -> None:
    policies = [policy(f"p{n}", need("micro"), need("tech")) for n in range(3)] + [policy("q", need("micro"), need("loan"))]
    assert next_question(book_of(*policies), Profile("east", {"micro": True})) == "tech"


def test_money_decides_more_than_a_service() -> None:
    service = policy("a", need("micro"), need("tech"), rules=(Rule("plain", "", Service("办理")),))
    assert next_question(book_of(service, policy("b", need("micro"), need("loan"))), Profile("east", {"micro": True})) == "loan"


def test_a_rule_for_some_only_is_worth_a_question() -> None:
    rules = (MONEY, Rule("more", "", Cap("奖励", 200000), Scope.PER_APPLICANT, test=FactTest(("tech",))))
    book = book_of(policy("one", need("micro"), rules=rules))
    assert next_question(book, Profile("east", {"micro": True})) == "tech"
    assert next_question(book, Profile("east", {"micro": True, "tech": False})) is None


def test_nothing_is_asked_that_is_known_or_was_asked() -> None:
    book = book_of(policy("one", need("micro"), need("tech")), policy("two", need("micro"), need("loan"), need("large")))
    profile = Profile("east", {"micro": True, "large": False})
    assert next_question(book, profile) == "tech"
    assert next_question(book, profile.asking("tech").declining()) is None
    assert next_question(book, profile.learn(book, no=["tech"])) is None


def test_who_told_his_trade_is_not_asked_for_another() -> None:
    book = book_of(policy("one", need("micro"), need("farm")))
    assert next_question(book, Profile("east", {"micro": True})) == "farm"
    assert next_question(book, Profile("east", {"micro": True, "trade": True})) is None
    assert next_question(book, Profile("east", {"micro": True, "trade": False})) == "farm"


def test_what_is_far_away_is_not_asked_for() -> None:
    book = book_of(policy("one", need("micro"), need("tech"), need("loan"), need("trade")))
    assert next_question(book, Profile("east", {"micro": True})) is None


def test_questions_come_to_an_end(book: PolicyBook) -> None:
    """Whatever is told first and answered on the way, every question is new, unknown, and there are few of them."""
    chance = random.Random(3)
    facts = list(book.facts)
    for _ in range(120):
        profile = Profile().learn(book, chance.choice([None, "laoshan", "qingdao", "jimo"]), yes=chance.sample(facts, 2))
        asked: list[str] = []
        while (fact := next_question(book, profile)) is not None:
            assert fact not in asked
            assert not profile.knows(fact) or fact == REGION  # the district, where the city is known
            assert fact == REGION or fact in book.facts
            asked.append(fact)
            assert len(asked) <= MOST_QUESTIONS
            profile = profile.asking(fact)
            answer = chance.choice(["yes", "no", "unsure"])
            if answer == "unsure":
                profile = profile.declining()
            elif fact == REGION:
                profile = profile.learn(book, "laoshan")
            else:
                profile = profile.learn(book, yes=[fact]) if answer == "yes" else profile.learn(book, no=[fact])


# -- the real book --


def wanted(policy: Policy, choice: int) -> list[str]:
    """One fact for every condition that facts decide: the first or the last of those that do."""
    return [need.test.any[choice] for need in policy.eligibility if need.kind is GATE and need.test.any]


@pytest.mark.parametrize("choice", [0, -1], ids=["first", "last"])
def test_every_policy_can_be_met(book: PolicyBook, choice: int) -> None:
    """For every policy there is something to tell that meets all its conditions that facts decide."""
    checked = 0
    for policy in book.policies.values():
        if not policy.eligibility:
            continue
        profile = Profile().learn(book, policy.region, yes=wanted(policy, choice))
        found = assess(book, policy, profile)
        assert found.place is MET
        for need, verdict in found.marks:
            if need.kind is GATE:
                assert verdict is (MET if need.test.facts else OPEN), (policy.id, need.text)
        assert found.fit is not Fit.NOT
        checked += 1
    assert checked > 100


def test_who_meets_a_policy_is_offered_it(book: PolicyBook) -> None:
    for policy in book.policies.values():
        if policy.eligibility and policy.status is not Status.HISTORIC and policy.kind != "achievement" and wanted(policy, 0):
            profile = Profile().learn(book, policy.region, yes=wanted(policy, 0))
            assert policy.id in ids(book, profile), policy.id


def test_every_fact_of_the_book_decides_something(book: PolicyBook) -> None:
    used = {fact for policy in book.policies.values() for need in policy.eligibility for fact in need.test.facts}
    used |= {fact for policy in book.policies.values() for rule in policy.rules for fact in rule.test.facts}
    leading = {fact for told in book.facts.values() for fact in (*told.implies, *told.excludes)}
    assert [fact for fact in book.facts if fact not in used | leading] == []


def test_every_test_of_a_rule_can_be_met_together_with_its_policy(book: PolicyBook) -> None:
    for policy in book.policies.values():
        for rule in policy.rules:
            if rule.test.facts:
                profile = Profile().learn(book, policy.region, yes=rule.test.any, no=rule.test.none)
                assert check(rule.test, profile) is MET, (policy.id, rule.id)
                assert rule in fitting_rules(policy, profile)


def test_more_told_never_brings_back_a_policy_that_does_not_fit(book: PolicyBook) -> None:
    chance = random.Random(11)
    facts = list(book.facts)
    for _ in range(60):
        told = {fact: chance.random() < 0.5 for fact in chance.sample(facts, 12)}
        more = {**{fact: chance.random() < 0.5 for fact in facts}, **told}
        for policy in chance.sample(list(book.policies.values()), 20):
            if assess(book, policy, Profile("laoshan", told)).fit is Fit.NOT:
                assert assess(book, policy, Profile("laoshan", more)).fit is Fit.NOT
