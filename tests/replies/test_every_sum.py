"""Every sum in every reply stands in the records that the reply cites, or follows from the question by one of their rules.

All policies, all aspects, several questions. The sums are read with this module's own pattern, not the library's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import pytest

from actions.knowledge import Aspect, Finding, Focus, Outcome, PolicyBook, Query, resolve
from actions.knowledge.models import Discount, Fixed, Matching, PerUnit, Policy, Rate, Scope, Service, Unstated
from actions.knowledge.reading import Reader
from actions.replies.answers import Answers
from actions.replies.figures import SCOPE_NAMES
from actions.replies.message import Reply

Sum = tuple[int, str]
SUM = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*[余多]?\s*(百万|千万|万|亿)?\s*[余多]?\s*(元|美元)")
SCALE = {"百万": 10**6, "千万": 10**7, "万": 10**4, "亿": 10**8, "": 1}

# What is asked of every policy, in place of {name}.
QUESTIONS = [
    "{name}",
    "{name}给多少？市级的呢，小微企业呢",
    "{name}能给100万元吗",
    "{name}按年薪40万、租500平方米算，三年一共多少",
    "{name}的电话、地址、利率、名额，能不能叠加，什么时候到账",
    "一家企业能拿多少，总共多少资金，项目投资多少，{name}有没有个案",
]


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
    yield from (source.title, source.title_note, source.date_note)
    for rule in policy.rules:
        yield from (rule.condition, rule.note, rule.benefit.name)
        if isinstance(rule.benefit, (Service, Unstated)):
            yield rule.benefit.text
        if isinstance(rule.benefit, Rate):
            yield rule.benefit.base_unclear


def stated(book: PolicyBook, policy: Policy) -> set[Sum]:
    """The sums that a record states, as figures or in words."""
    found = {item for text in texts_of(book, policy) for item in sums_in(text)}
    for rule in policy.rules:
        found |= in_yuan(*rule.yuan)
        if isinstance(rule.benefit, Fixed) and rule.benefit.currency == "USD":
            found.add((round(rule.benefit.amount * 100), "美元"))
    return found


def computed(query: Query, policy: Policy) -> set[Sum]:
    """What the receivable rules of a policy make of the question's own numbers, with the numbers themselves."""
    values: set[float] = set()
    for rule in (rule for rule in policy.rules if rule.receivable):
        benefit = rule.benefit
        if isinstance(benefit, Rate) and benefit.cap and benefit.years:
            values.add(benefit.cap * benefit.years)
        for given in query.sums:
            result: list[float] = []
            if isinstance(benefit, PerUnit) and given.unit == "square_metre":
                result = [given.value * benefit.amount]
            elif isinstance(benefit, Rate) and given.unit == "yuan":
                raw = given.value * benefit.rate
                result = [given.value, raw, min(raw, benefit.cap or raw), min(raw, benefit.cap or raw) * (benefit.years or 1)]
            elif isinstance(benefit, (Matching, Discount)) and given.unit == "yuan":
                result = [given.value, given.value * (benefit.ratio if isinstance(benefit, Matching) else benefit.factor)]
            values |= set(result)
    return in_yuan(*values)


def visible(reply: Reply) -> str:
    return "\n".join([reply.text, *(part for button in reply.buttons for part in (button.title, button.question))])


def check(book: PolicyBook, query: Query, reply: Reply) -> None:
    cited = [book.policies[item["id"]] for item in reply.custom["policies"]]
    allowed = set().union(*(stated(book, policy) | computed(query, policy) for policy in cited))
    assert sums_in(visible(reply)) <= allowed, (query.text, sums_in(visible(reply)) - allowed, reply.text)
