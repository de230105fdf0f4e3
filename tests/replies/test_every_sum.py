"""Every sum in every reply stands in the records that the reply cites, or follows from the question by one of their rules.

All policies, all aspects, several questions. The sums are read with this module's own pattern, not the library's.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook, Query, resolve
from actions.knowledge.benefits import Discount, Fixed, Matching, PerUnit, Rate, Service, Unstated
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.reading import Reader
from actions.knowledge.sums import bare_numbers
from actions.replies.answers import Answers
from actions.replies.calculations import calculations, trace
from actions.replies.message import Reply

Sum = tuple[int, str]
SUM = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*[余多]?\s*(百万|千万|万|亿)?\s*[余多]?\s*(元|美元)")
SCALE = {"百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8, "": 1}

# What is asked of every policy: its bare name with every aspect, and questions that bring up more.
PLAIN = "{name}"
QUESTIONS = [
    ("{name}给多少？市级的呢，小微企业呢", Aspect.AMOUNT),
    ("{name}能给100万元吗", Aspect.DETAIL),
    ("{name}按年薪40万、租500平方米算，三年一共多少", Aspect.CALCULATE),
    ("{name}，三家子公司一共多少", Aspect.CALCULATE),
    ("{name}，一个年薪20万一个年薪50万，领两年一共多少", Aspect.CALCULATE),
    ("{name}，三家公司研发投入都是3000万，能拿多少", Aspect.CALCULATE),
    ("{name}，月薪两万五，税收从4.8亿涨到5.3亿，两个人领五年", Aspect.CALCULATE),
    ("{name}，20到35.5万，或者1200到3000平", Aspect.CALCULATE),
    ("{name}，两个项目各花了1234567.89元", Aspect.AMOUNT),
    ("{name}，租金每月3333元，租一年要交多少", Aspect.CALCULATE),
    ("{name}，为什么不是12万", Aspect.CALCULATE),
    ("{name}，投多少能拿到顶格", Aspect.CALCULATE),
    ("{name}，想拿5万，要投多少", Aspect.AMOUNT),
    ("{name}，想拿1234.5万，要投多少", Aspect.CALCULATE),
    ("{name}，二三十万", Aspect.CALCULATE),
    ("{name}，我合同写的是80万", Aspect.CALCULATE),
    ("{name}，负5万、0元、1万亿元、-300平方米", Aspect.CALCULATE),
    ("{name}，我们年薪40万、租500平方米", Aspect.INTRODUCTION),
    ("{name}的电话、地址、利率、名额，能不能叠加，什么时候到账", Aspect.CONTACT),
    ("一家企业能拿多少，总共多少资金，项目投资多少，{name}有没有个案", Aspect.AMOUNT),
]
NEEDED = re.compile("要投多少|投多少能")
SCOPE_WORDS = {
    Scope.POOL_TOTAL: "资金总额",
    Scope.THRESHOLD: "门槛",
    Scope.EXAMPLE_CASE: "个案",
    Scope.ACHIEVEMENT_TOTAL: "累计成果",
    Scope.TARGET_TOTAL: "工作目标",
    Scope.PROJECT_INVESTMENT: "项目投资额",
}


def sums_in(text: str) -> set[Sum]:
    """The sums of money of a text: (value in hundredths, currency)."""
    return {
        (round(float(number.replace(",", "")) * SCALE[scale] * 100), currency) for number, scale, currency in SUM.findall(text)
    }


def in_yuan(*values: float) -> set[Sum]:
    return {(round(value * 100), "元") for value in values}


def texts_of(book: PolicyBook, policy: Policy) -> Iterator[str]:
    """All that a record and its source say in words."""
    source = book.source_of(policy)
    yield from (policy.name, policy.summary, policy.process, policy.deadline, policy.contact.note, policy.source_where)
    yield from (*policy.audience, *policy.conditions, *policy.materials)
    yield from (remark.text for remark in (*policy.notes, *policy.gaps))
    yield from (confusion.text for confusion in policy.confusions)
    yield from (book.policies[confusion.other].name for confusion in policy.confusions)
    yield from (source.title, source.title_note, source.date_note)
    for rule in policy.rules:
        yield from (rule.condition, rule.note, rule.benefit.name)
        yield re.sub("([万亿])(?=[、或])", r"\1元", rule.condition)  # 5 亿、10 亿或 30 亿元
        if isinstance(rule.benefit, (Service, Unstated)):
            yield rule.benefit.text
        if isinstance(rule.benefit, Rate):
            yield rule.benefit.base_unclear


@cache
def stated(book: PolicyBook, id: str) -> set[Sum]:
    """The sums that a record states, as figures or in words."""
    policy = book.policies[id]
    found = {item for text in texts_of(book, policy) for item in sums_in(text)}
    for rule in policy.rules:
        found |= in_yuan(*rule.yuan)
        if isinstance(rule.benefit, Fixed) and rule.benefit.currency == "USD":
            found.add((round(rule.benefit.amount * 100), "美元"))
    return found


def recomputed(item: dict[str, Any], rule: Rule, question: set[Fraction]) -> set[Fraction]:
    """The sums of a trace, from the record and the question by this module's own arithmetic; the trace must agree."""
    benefit, given = rule.benefit, [number(value) for value in item["given"]]
    factor, cap, most = Fraction(1), None, 1
    if isinstance(benefit, Rate):
        factor, most = number(benefit.rate), benefit.years or 1
        cap = number(benefit.cap) if benefit.cap is not None else None
    elif isinstance(benefit, Matching):
        factor = number(benefit.ratio)
    elif isinstance(benefit, Discount):
        factor = number(benefit.factor)
    elif isinstance(benefit, PerUnit):
        factor = number(benefit.amount)
    else:
        assert isinstance(benefit, Fixed)
        assert given == [number(benefit.amount)]
    assert rule.receivable
    assert isinstance(benefit, Fixed) or set(given) <= question, (item, question)
    assert 1 <= item["years"] <= most
    base = sum(given, Fraction(0)) * item["months"] * item["parts"]
    raw = Fraction(math.floor(base * factor * 100 + Fraction(1, 2)), 100)
    each = raw if cap is None else min(raw, cap)
    whole = each * item["count"] * item["years"]
    told = {key: number(item[key]) for key in ("base", "factor", "raw", "each", "result")}
    assert told == {"base": base, "factor": factor, "raw": raw, "each": each, "result": whole}
    assert (item["cap"] is None) == (cap is None)
    assert cap is None or number(item["cap"]) == cap
    assert item["capped"] == (each < raw)
    between = {sum(given, Fraction(0)), sum(given, Fraction(0)) * item["months"], each * item["count"]}
    saved = {base - raw} if isinstance(benefit, Discount) else set()
    if item["unit"] == "square_metre":
        return {raw, each, each * item["count"], whole}
    return {*given, *between, *saved, base, raw, each, whole}


def needed(rule: Rule, wanted: set[Fraction]) -> set[Fraction]:
    """What has to be put into a rule to get a wanted sum or its cap, rounded up to 100 yuan where it is not even."""
    benefit = rule.benefit
    factor = {Rate: "rate", Matching: "ratio"}.get(type(benefit))
    if factor is None:
        return set()
    cap = getattr(benefit, "cap", None)
    targets = {min(value, number(cap)) if cap else value for value in wanted} | ({number(cap)} if cap else set())
    found = {target / number(getattr(benefit, factor)) for target in targets}
    return {value if (value * 100).denominator == 1 else Fraction(math.ceil(value / 100) * 100) for value in found}


def computed(query: Query, policy: Policy) -> set[Sum]:
    """What the receivable rules of a policy make of the question's own numbers, with the numbers themselves."""
    question = {number(item.value) for item in (*query.sums, *bare_numbers(query.text))}
    question |= {number(query.focus.base)} if query.focus.base is not None else set()
    values = {abs(value) for value in question}
    by_rule: dict[str, list[dict[str, Any]]] = {}
    for item in map(trace, calculations(query, policy)):
        rule = next(rule for rule in policy.rules if rule.id == item["rule"])
        values |= recomputed(json.loads(json.dumps(item)), rule, question)
        by_rule.setdefault(rule.id, []).append(item)
    for items in by_rule.values():
        yearly = [number(item["each"]) * item["count"] for item in items]
        values |= {sum(yearly, Fraction(0)), sum(yearly, Fraction(0)) * items[0]["years"]}
        values.add(abs(max(yearly) - min(yearly)))
    for rule in policy.rules:
        if rule.receivable and isinstance(rule.benefit, Rate) and rule.benefit.cap and rule.benefit.years:
            values |= {number(rule.benefit.cap) * years for years in range(1, rule.benefit.years + 1)}
        if rule.receivable and NEEDED.search(query.text):
            values |= needed(rule, question)
        if rule.scope is Scope.THRESHOLD:
            values |= {12 * value for value in question}
    return {(round(value * 100), "元") for value in values}


def number(value: float) -> Fraction:
    """The number as it was written."""
    return Fraction(str(value))


def visible(reply: Reply) -> str:
    return "\n".join([reply.text, *(part for button in reply.buttons for part in (button.title, button.question))])


def foreign(book: PolicyBook, query: Query, reply: Reply) -> set[Sum]:
    """The sums in a reply that neither the cited records, their rules nor the names of related ones account for."""
    cited = [book.policies[item["id"]] for item in reply.custom["policies"]]
    allowed = set().union(*(stated(book, policy.id) | computed(query, policy) for policy in cited))
    related = {name for item in reply.custom["related"] for name in sums_in(item["name"])}
    return sums_in(visible(reply)) - allowed - related


def bare_name(policy: Policy) -> str:
    return policy.name.split("（")[0]


@pytest.fixture(scope="module")
def reader(book: PolicyBook) -> Reader:
    return Reader(book, segment=lambda run: [run])


@pytest.fixture(scope="module")
def answers(book: PolicyBook, today: date) -> Answers:
    return Answers(book, today)


@pytest.fixture(scope="module")
def replies(book: PolicyBook, reader: Reader, answers: Answers) -> list[tuple[Policy, Query, Reply]]:
    """The replies about every policy: its name with every aspect, and the other questions."""
    found = []
    for policy in book.policies.values():
        asked = [(PLAIN, list(Aspect)), *((question, [aspect]) for question, aspect in QUESTIONS)]
        for question, aspects in asked:
            plain = reader.query(reader.read(question.format(name=bare_name(policy))), None, Focus())
            for aspect in aspects:
                query = replace(plain, aspect=aspect)
                reply = answers.reply(query, Finding(Outcome.FOUND, aspect, (policy,)))
                found.append((policy, query, reply))
    return found


def test_replies_about_one_policy(book: PolicyBook, replies: list[tuple[Policy, Query, Reply]]) -> None:
    assert len(replies) == len(book.policies) * (len(Aspect) + len(QUESTIONS))
    for policy, query, reply in replies:
        cited, *others = (book.policies[item["id"]] for item in reply.custom["policies"])
        assert cited == policy
        # Where a question puts another record's figure on this one, the reply names the record that states it.
        assert all(bare_name(other) in reply.text for other in others), (query, reply.text)
        assert not foreign(book, query, reply), (query, reply.text)


def test_sums_are_seen(book: PolicyBook, replies: list[tuple[Policy, Query, Reply]]) -> None:
    """The check is worth something: every receivable sum appears, and a sum from elsewhere is noticed."""
    seen: dict[str, set[Sum]] = {}
    for policy, _, reply in replies:
        seen.setdefault(policy.id, set()).update(sums_in(reply.text))
    for policy in book.policies.values():
        for rule in policy.rules:
            if rule.receivable:
                assert in_yuan(*rule.yuan) <= seen[policy.id], (policy.id, rule.id)
    _, query, reply = replies[0]
    changed = replace(reply, text=reply.text + "最高 1234.5 万元")
    assert foreign(book, query, changed) == {(1_234_500_000, "元")}


def test_other_figures_are_called_what_they_are(replies: list[tuple[Policy, Query, Reply]]) -> None:
    seen = set()
    for policy, query, reply in replies:
        for rule in policy.rules:
            word = SCOPE_WORDS.get(rule.scope) if rule.scope else None
            begins = f"· {rule.condition}：{rule.benefit.name} "
            for line in reply.text.splitlines():
                if word and line.startswith(begins):
                    seen.add(rule.scope)
                    assert word in line, (query.text, line)
    assert seen == set(SCOPE_WORDS)


def test_facts_say_the_same_as_the_text(replies: list[tuple[Policy, Query, Reply]]) -> None:
    for policy, _, reply in replies:
        item = reply.custom["policies"][0]
        assert {rule["id"]: tuple(rule["yuan"]) for rule in item["rules"]} == {rule.id: rule.yuan for rule in policy.rules}
        for rule, fact in zip(policy.rules, item["rules"], strict=True):
            assert {value for value, currency in sums_in(fact["figure"]) if currency == "元"} == {
                v for v, _ in in_yuan(*rule.yuan)
            }


def test_questions_as_they_are_understood(book: PolicyBook, reader: Reader, answers: Answers) -> None:
    """The same through search, which may find several policies or another one."""
    for number, policy in enumerate(book.policies.values()):
        question, aspect = QUESTIONS[number % len(QUESTIONS)]
        query = reader.query(reader.read(question.format(name=bare_name(policy))), aspect, Focus())
        finding = resolve(book, query)
        reply = answers.reply(query, finding)
        assert not foreign(book, query, reply), (query, reply.text)


def test_replies_about_two_policies(book: PolicyBook, reader: Reader, answers: Answers) -> None:
    everything = list(book.policies.values())
    for number, policy in enumerate(everything):
        for other in {everything[number - 1].id, *(confusion.other for confusion in policy.confusions[:1])}:
            both = (policy, book.policies[other])
            aspect = (Aspect.AMOUNT, Aspect.COMPARE, Aspect.DEPARTMENT)[number % 3]
            query = reader.query(reader.read(f"{bare_name(policy)}，给100万元吗"), aspect, Focus())
            reply = answers.reply(query, Finding(Outcome.FOUND, aspect, both))
            assert not foreign(book, query, reply), (query, reply.text)


def lists(book: PolicyBook, reader: Reader, answers: Answers) -> Iterator[tuple[Query, Finding, Reply]]:
    """The replies to questions for lists: every place, every topic."""
    for word in [region.name for region in book.regions.values()] + [topic.name for topic in book.topics.values()]:
        query = reader.query(reader.read(f"{word}有哪些政策"), Aspect.LIST, Focus())
        finding = resolve(book, query)
        yield query, finding, answers.reply(query, finding)


def test_lists(book: PolicyBook, reader: Reader, answers: Answers) -> None:
    outcomes = set()
    for query, finding, reply in lists(book, reader, answers):
        outcomes.add(finding.outcome)
        assert not foreign(book, query, reply), (query, reply.text)
    assert {Outcome.LISTED, Outcome.UNCOVERED} <= outcomes


def test_lists_offer_only_what_can_be_received(book: PolicyBook, reader: Reader, answers: Answers) -> None:
    offered = 0
    for query, finding, reply in lists(book, reader, answers):
        for line in reply.text.splitlines():
            policy = next(
                (policy for policy in finding.policies if re.match(rf"\d+\. .*{re.escape(bare_name(policy))}", line)), None
            )
            if policy:
                received = {item for rule in policy.rules if rule.receivable for item in in_yuan(*rule.yuan)}
                sums = sums_in(line) - sums_in(policy.name)
                assert sums <= received, (query.text, line)
                offered += len(sums)
    assert offered > 20


@pytest.mark.parametrize("outcome", [Outcome.FOUND, Outcome.UNCOVERED, Outcome.NOTHING])
def test_related_policies(book: PolicyBook, answers: Answers, outcome: Outcome) -> None:
    query = Query("能给多少")
    policies = (book.policies["laoshan-hightech-first"],) if outcome is Outcome.FOUND else ()
    for policy in book.policies.values():
        finding = Finding(outcome, Aspect.AMOUNT, policies, related=(policy,), region="licang")
        reply = answers.reply(query, finding)
        assert not foreign(book, query, reply), reply.text
