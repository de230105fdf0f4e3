"""The figures that a question claims of a policy, and what must be put right about them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from actions.knowledge.benefits import Cap, Discount, Rate
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.query import Query
from actions.knowledge.search import policy_texts
from actions.knowledge.sums import find_sums
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.figures import SCOPE_NAMES, sum_text

# Numbers that are the asker's own and no claim about the policy.
_OWN = re.compile(
    "(营业?收入?|产值|投资|投入|花|资本|年度薪酬|年薪|工资|薪酬|税收?|销售额?|租金|月租|房租|造价|估值|利润|流水|规模|融|挣|赚|交)"
    "[^,;?!]{0,5}$"
)
_DIGITS = {char: float(number) for number, char in enumerate("一二三四五六七八九", 1)}
_DISCOUNT = re.compile(r"(\d(?:\.\d)?|[一二三四五六七八九])\s*折(?!腾|旧|算|叠)")

_EVERYONE = re.compile("都能[拿领给]|一律|直接给|每家都|人人|保底|稳拿|固定[给的奖]|[肯一]定[能给有拿是]")


@dataclass(frozen=True)
class Correction:
    """One line, and the other policy that it cites."""

    text: str
    cited: Policy | None = None


def sum_corrections(book: PolicyBook, query: Query, policy: Policy) -> Iterator[Correction]:
    """A sum that means something else in the record, or is in no rule of it."""
    money = [item for item in query.sums if item.unit == "yuan"]
    values = {item.value for item in money}
    meant = [rule for rule in policy.rules if set(rule.yuan) & values]
    if meant and all(rule.scope is Scope.THRESHOLD for rule in meant) and not _claimed(query):
        return  # a company tells how it stands to the threshold
    if meant:
        line = _other_meaning(query, policy, meant, values)
        if line:
            yield Correction(line)
        return
    claimed = _claimed(query)
    if claimed and not set(claimed) <= _sums_in_words(policy):
        plain = Correction("您提到的金额在这条报道里没有依据，以下以报道为准。")
        yield _another(book, query, policy, sum_text(claimed[0]), lambda rule: claimed[0] in rule.yuan) or plain


def _claimed(query: Query) -> list[float]:
    """The sums that a question states as the policy's, not as the asker's own."""
    return [item.value for item in query.sums if item.unit == "yuan" and not _OWN.search(query.text[: item.start])]


def without_basis(query: Query, policies: Sequence[Policy]) -> str:
    """What to say where a sum stands in none of several records; empty where it does or is calculated from."""
    claimed = set(_claimed(query))
    stated = {yuan for policy in policies for rule in policy.rules for yuan in rule.yuan}
    stated |= {yuan for policy in policies for yuan in _sums_in_words(policy)}
    if not claimed or claimed & stated or any(calculation_lines(query, policy) for policy in policies):
        return ""
    return "您提到的金额在这几条报道里没有依据，以下以报道为准。"


def _other_meaning(query: Query, policy: Policy, meant: Sequence[Rule], values: set[float]) -> str:
    rule = meant[0]
    if not any(rule.receivable for rule in meant):
        scope = SCOPE_NAMES[rule.scope] if rule.scope else ""
        value = next(value for value in rule.yuan if value in values)
        return f"您提到的 {sum_text(value)} 是“{rule.benefit.name}”{'（' + scope + '）' if scope else ''}。"
    chosen = parts.asked_rules(policy, query)
    if not chosen or len(meant) > 1 or any(rule in chosen for rule in meant):
        return ""
    value = next(value for value in rule.yuan if value in values)
    return f"{sum_text(value)}对应的是{'、'.join(rule.levels) or rule.condition}，不是{_asked_names(query, chosen)}。"


def _asked_names(query: Query, chosen: Sequence[Rule]) -> str:
    levels = [level for rule in chosen for level in rule.levels if level in query.ids("level")]
    return "、".join(dict.fromkeys(levels or [rule.condition for rule in chosen]))


def _sums_in_words(policy: Policy) -> set[float]:
    """The sums that a record states outside its figures."""
    return {item.value for _, text in policy_texts(policy) for item in find_sums(text)}


def discount_corrections(book: PolicyBook, query: Query, policy: Policy) -> Iterator[Correction]:
    """A discount that the record does not have and another one has."""
    for match in _DISCOUNT.finditer(query.text):
        factor = round((_DIGITS.get(match[1]) or float(match[1])) / 10, 3)
        has_it = partial(_discounted, factor)
        found = None if any(map(has_it, policy.rules)) else _another(book, query, policy, f"{factor * 10:g} 折", has_it)
        if found:
            yield found


def _discounted(factor: float, rule: Rule) -> bool:
    return isinstance(rule.benefit, Discount) and abs(rule.benefit.factor - factor) < 0.001


def _another(book: PolicyBook, query: Query, policy: Policy, figure: str, fits: Callable[[Rule], bool]) -> Correction | None:
    """The one other policy on the subject whose figure it is; None where there is none or more than one."""
    subjects = dict.fromkeys((policy.topics[0], *query.ids("topic")))
    on_subject = [other.id for topic in subjects for other in book.of_topic(topic) if other.topics[0] == topic]
    others = [book.policies[id] for id in dict.fromkeys((*on_subject, *query.ids("policy"))) if id != policy.id]
    found = [(other, rule) for other in others for rule in other.rules if rule.receivable and fits(rule)]
    if len(found) != 1:
        return None
    ((other, rule),) = found
    name = f"{parts.title(book, other)}（{rule.condition}）"
    return Correction(f"{figure}在这条报道里没有依据；政策库里写这个数的是{name}。", other)


def upper_limit(query: Query, policy: Policy) -> str:
    """Who thinks that everybody gets the sum is told that it is the most that is given."""
    rules = [rule for rule in parts.chosen_rules(policy, query) if rule.receivable]
    asked = [rule for rule in rules if set(rule.yuan) & {item.value for item in query.sums}] or rules
    limits = [rule for rule in asked if isinstance(rule.benefit, Cap) or (isinstance(rule.benefit, Rate) and rule.yuan)]
    if not limits or len(limits) < len(asked) or not _EVERYONE.search(query.text):
        return ""
    return f"{sum_text(limits[0].yuan[0])}是最高额，不是都按这个数给。"
