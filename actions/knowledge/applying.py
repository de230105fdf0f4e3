"""A question put into a policy's rules: which rules, which numbers, for how many and for how long."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Discount, Rate
from actions.knowledge.calculation import Calculation, computing, for_several, who_of
from actions.knowledge.counts import Party, find_months, find_parties, find_people, find_years
from actions.knowledge.inputs import Input, asked_aspect, asks_why, find_inputs, implausible, recalled, unit_of, written_only
from actions.knowledge.models import Policy, Rule
from actions.knowledge.query import Query
from actions.knowledge.text import words_of
from actions.knowledge.wanting import asks_needed

WHOLE = re.compile("一共|总共|合计|领满|累计|加起来|总计|满年限|全部")
_NOT = re.compile("(要是不是|(?<!是)不是|并非|不属于|不算|非|除了?)$")
_SAVING = re.compile("省|便宜|付|交|优惠")


def calculate(query: Query, policy: Policy) -> list[Calculation]:
    """What the question's own numbers come to; nothing where it gives none or no rule computes."""
    return list(_calculated(query, policy))


# An answer asks for the same several times.
@lru_cache(maxsize=16)
def _calculated(query: Query, policy: Policy) -> tuple[Calculation, ...]:
    found: list[Calculation] = []
    rules = rules_for(query, policy)
    for rule in rules:
        items = [item for item in inputs_for(query, policy, rule) if not implausible(item.value, unit_of(rule.benefit))]
        if not unsplit(query, rule, items):
            found += _apply(query, rule, items)
    several = party(query)
    if several and not found and not asks_needed(query.text, query.sums) and asked_aspect(query) is Aspect.CALCULATE:
        found = for_several(policy, several.number, several.who)
    return tuple(found)


def rules_for(query: Query, policy: Policy) -> list[Rule]:
    """The policy's computing rules for whom and what the question names, else all of them."""
    rules = computing(policy.rules)
    mentions = [mention for mention in query.mentions if mention.kind == "audience"]
    others = {id for m in mentions if _NOT.search(query.text[: m.start]) for id in m.ids}
    wanted = {id for mention in mentions for id in mention.ids} - others
    rules = [rule for rule in rules if not rule.audiences or not others.issuperset(rule.audiences)] or rules
    if any(wanted & set(rule.audiences) for rule in rules):
        rules = [rule for rule in rules if wanted & set(rule.audiences)]
    return _spoken_of(query, rules)


def _spoken_of(query: Query, rules: list[Rule]) -> list[Rule]:
    """Of several rules those whose own words the question uses, else the one in hand."""
    words = [words_of(rule.condition + " " + rule.benefit.name) for rule in rules]
    if len(rules) < 2:
        return rules
    shared, asked = frozenset.intersection(*words), words_of(query.text)
    scores = [len((own - shared) & asked) for own in words]
    if max(scores) >= 2 and min(scores) == 0 and not all(rule.audiences for rule in rules):
        return [rule for rule, score in zip(rules, scores, strict=True) if score >= 2]
    return [rule for rule in rules if rule.id == query.focus.rule and not query.mentions] or rules


def inputs_for(query: Query, policy: Policy, rule: Rule) -> list[Input]:
    """The question's numbers for a rule; without any, that of an earlier question where this one goes on from it."""
    items = find_inputs(query, policy, rule.benefit)
    if written_only(query, items):
        return []
    needed = asks_needed(query.text, query.sums)
    goes_on = not needed and (
        asked_aspect(query) is Aspect.CALCULATE
        or query.aspect is None  # a fragment: 技能载体的呢
        or (query.aspect in (Aspect.AMOUNT, Aspect.DETAIL) and not query.ids("policy"))
        or WHOLE.search(query.text)
        or asks_why(query)
        or find_years(query.text)
        or party(query)
        or (isinstance(rule.benefit, Discount) and _SAVING.search(query.text))
    )
    before = recalled(query, policy, unit_of(rule.benefit)) if goes_on and not items else None
    return [before] if before else items


def agreed_only(query: Query, policy: Policy, rule: Rule) -> bool:
    """Whether all that is told for a rule that counts what is paid was agreed, not paid."""
    return written_only(query, find_inputs(query, policy, rule.benefit))


def party(query: Query) -> Party | None:
    """The first of whom the question counts two or more."""
    return next((found for found in find_parties(query.text) if found.number >= 2), None)


def years_for(query: Query, rule: Rule) -> int:
    """Over how many years a result is summed up: those asked for, the rule's own at most."""
    most = rule.benefit.years if isinstance(rule.benefit, Rate) else None
    if not most:
        return 1
    asked = find_years(query.text)
    if asked is None:
        return most if asked_aspect(query) is Aspect.CALCULATE or WHOLE.search(query.text) else 1
    return min(asked, most)


def yearly(rule: Rule) -> bool:
    """Whether a rule counts by years, so that a sum of one month is not yet its base."""
    benefit = rule.benefit
    return isinstance(benefit, Rate) and any("年" in text for text in (benefit.base, benefit.per, *benefit.base_words))


def _apply(query: Query, rule: Rule, items: Sequence[Input]) -> list[Calculation]:
    benefit, unit, years = rule.benefit, unit_of(rule.benefit), years_for(query, rule)
    per = who_of(benefit.per) if isinstance(benefit, Rate) else ""
    several = (find_people(query.text) if per == "person" else None) or party(query)
    ranged = any(item.ranged for item in items)
    if per == "company" and len(items) > 1 and not ranged and not any(item.who == "company" for item in items):
        given = tuple(item.value for item in items for _ in range(item.count))
        # All of one company: one base, one cap.
        return [Calculation(rule, given, unit, 12 if items[0].monthly and yearly(rule) else 1)]
    found = []
    for item in items:
        one = len(items) == 1 or ranged
        count, who = (several.number, several.who) if several and one else (item.count, item.who)
        if item.recalled and not several:
            count, who = (1 if find_parties(query.text) else item.count), per
        months = 12 if item.monthly and yearly(rule) else 1
        if isinstance(benefit, Discount):
            months = find_months(query.text) or 1
        parts = 1
        if item.together and count > 1:
            count = 1
        elif per == "company" or not isinstance(benefit, Rate):
            spread = item.each or (item.recalled and who in ("company", "building"))
            if per != "company" or who != "company":
                count, parts = 1, count if spread and count > 1 else 1
        elif per == "person" and who in ("company", "building", "project"):
            count = 1
        found.append(Calculation(rule, (item.value,), unit, months, parts, count, years, item.recalled))
    return found


def unsplit(query: Query, rule: Rule, items: Sequence[Input]) -> bool:
    """Whether a sum of several people together (三个人合计60万) hides what each of them has."""
    several = party(query)
    per = who_of(rule.benefit.per) if isinstance(rule.benefit, Rate) else ""
    of_them = several is not None and (several.who == per or (per == "person" and not several.who))
    return bool(per and of_them and any(item.together for item in items))
