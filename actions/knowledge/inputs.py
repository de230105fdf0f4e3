"""Which numbers of a question a rule is to be applied to, and how often."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal

from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Benefit, Discount, Matching, PerUnit, Rate
from actions.knowledge.counts import find_parties, monthly
from actions.knowledge.models import Policy
from actions.knowledge.money import exact
from actions.knowledge.query import Query
from actions.knowledge.sums import Sum, bare_numbers, like_year
from actions.knowledge.text import fold
from actions.knowledge.wanting import wanted_sum

AREAS = ("平方米", "平米", "平", "㎡")
# No salary, project or area of one asker reaches these: a slip of the unit, or a joke.
ABSURD = {"yuan": Decimal(10) ** 11, "square_metre": Decimal(10) ** 8}

_JOIN = re.compile(
    r"[\s,，、;；和跟与及到至~～\-—–+或还有是另外又花了投发给去那这一二两三四五六七八九十\d个位名人家项的则分别年月薪元实花]+"
)
_CLAIM = re.compile(
    "(最高|最多|上限|封顶|不超过|至多|[能可会]以?(给|奖|补|拿|领|得|报|享受|配)(到|我们?|你们?|咱们?|公司|企业|个人|多|满|共)*)$"
)
_RANGE = re.compile(r"[^,，。;；]{0,2}[到至~～\-—–]\s*")
_EACH = re.compile("各|每|都|均|分别|一人")
_TOGETHER = re.compile("(合计|一共|总共|总计|加起来|共)(是|有|为|花了?|投了?|给了?)?$")
_REAL = re.compile("实发|实际|实付|到手|真发|发了")
_WRITTEN = re.compile("合同|名义|约定|谈的")
_WHY = re.compile(
    "为什么不|为何不|为啥不|怎么不|凭什么不|怎么才|为什么才|为什么是|为何是|不应该是|不该是|应该是.*才|我算|算出来是|算着"
)
_WRONG = re.compile("不对|不是这个数")
_ASKS = re.compile("多少|几|算|[能可][以会]?[拿领补得给]|怎么")
_NEIGHBOURS = re.compile("[一二两三四五六七八壹贰叁肆伍陆柒捌][二三四五六七八九贰叁肆伍陆柒捌玖]")


@dataclass(frozen=True)
class Input:
    """A number of the question: `count` how many have it, `each` whether it is that of each of them."""

    value: Decimal
    monthly: bool = False
    count: int = 1
    who: str = ""
    each: bool = False
    together: bool = False
    joined: bool = False  # belongs to the number before it
    ranged: bool = False  # with the number before it the two ends of a range
    recalled: bool = False  # the number of an earlier question
    named: bool = False  # the words of the rule's base stand beside it
    written: bool = False  # agreed, not paid: 合同上写年薪40万


def asked_aspect(query: Query) -> Aspect | None:
    """What is asked; a fragment (换成40万呢) asks what was asked before."""
    return query.aspect or query.focus.aspect


def asks_why(query: Query) -> bool:
    """Whether a result is doubted: 为什么不是12万."""
    return bool(_WHY.search(query.text) or _WRONG.search(query.text))


def unit_of(benefit: Benefit) -> str:
    """What a benefit is computed from: yuan, square_metre, or empty where nothing is computed."""
    if isinstance(benefit, (Rate, Matching, Discount)):
        return "yuan"
    return "square_metre" if isinstance(benefit, PerUnit) and benefit.unit in AREAS else ""


def implausible(value: Decimal, unit: str) -> str:
    """Why nothing can be computed from a number: negative, zero, absurd; empty for a fair one."""
    if value <= 0:
        return "negative" if value else "zero"
    return "absurd" if value > ABSURD[unit] else ""


def find_inputs(query: Query, policy: Policy, benefit: Benefit) -> list[Input]:
    """The numbers of the question that a benefit is computed from, best understood first by the words beside them."""
    unit = unit_of(benefit)
    sums = [item for item in query.sums if item.unit == unit]
    bare = () if query.sums else bare_numbers(query.text)
    stated = {yuan for rule in policy.rules for yuan in rule.yuan} if unit == "yuan" else set()
    before_it = recalled(query, policy, unit)
    found: list[Input] = []
    wanted = wanted_sum(query.text, query.sums)
    for item in (*sums, *bare):
        before, after = _around(query.text, item, (*query.sums, *bare))
        one = _input(query.text, item, before, after, benefit)
        doubted = before_it is not None and asks_why(query) and not _corrects(query, item, before_it, benefit)
        claimed = item.value in stated or _CLAIM.search(before) or doubted or item == wanted
        if item in bare and (asked_aspect(query) is not Aspect.CALCULATE or like_year(item.value)):
            claimed = True  # 月租2000 is a number to calculate from, 2000 alone may be anything
        if (one.named and item != wanted) or not claimed:
            found.append(one)
    return _chosen(found, benefit)


def recalled(query: Query, policy: Policy, unit: str) -> Input | None:
    """The number that was last calculated from, where it is still about the same policy."""
    focus = query.focus
    if focus.base is None or focus.unit != unit or policy.id not in focus.policies:
        return None
    return Input(exact(focus.base), count=max(1, focus.count), recalled=True)


def _corrects(query: Query, item: Sum, before: Input, benefit: Benefit) -> bool:
    """Whether a number takes the place of the one before (不对,一共31万5), and is not the result that was expected."""
    if _WHY.search(query.text) or not isinstance(benefit, (Rate, Matching, Discount, PerUnit)):
        return False
    if re.search("不对(吗|吧|么|嘛)|对不对", query.text):
        return False
    factor = next(exact(getattr(benefit, name)) for name in ("rate", "ratio", "factor", "amount") if hasattr(benefit, name))
    raw, cap, most = before.value * factor, getattr(benefit, "cap", None), getattr(benefit, "years", None) or 1
    made = {raw, raw if cap is None else min(raw, exact(cap))}
    return exact(item.value) not in {
        value * years * count for value in made for years in (1, most) for count in (1, before.count)
    }


def written_only(query: Query, items: Iterable[Input]) -> bool:
    """Whether only agreed sums are told (我合同写的是80万) of a rule that counts what is paid, and nothing is asked of them."""
    items = tuple(items)
    return bool(items) and all(item.written for item in items) and not _ASKS.search(query.text)


def _words(benefit: Benefit) -> tuple[str, ...]:
    return tuple(map(fold, benefit.base_words)) if isinstance(benefit, (Rate, Matching, Discount)) else ()


def _around(text: str, item: Sum, sums: Iterable[Sum]) -> tuple[str, str]:
    """The text from the number before to this one, and from this one to the number after."""
    sums = tuple(sums)
    begin = max((other.end for other in sums if other.end <= item.start), default=0)
    end = min((other.start for other in sums if other.start >= item.end), default=len(text))
    return text[begin : item.start], text[item.end : max(end, item.end)]


def _input(text: str, item: Sum, before: str, after: str, benefit: Benefit) -> Input:
    words, paid = _words(benefit), "实际" in getattr(benefit, "base", "")
    clause = re.split("[。;；?？!！]", before)[-1]
    tight = clause.rstrip()
    beside = any(word in clause[-16:] or re.match(rf"[的元\s]*{re.escape(word)}", after) for word in words)
    real = bool(paid and _REAL.search(clause))
    parties = find_parties(before)
    vague = not before and item.start > 0 and bool(_NEIGHBOURS.match(text, item.start - 1))
    return Input(
        exact(item.value),
        monthly=monthly(before, after),
        count=parties[-1].number if parties else 1,
        who=parties[-1].who if parties else "",
        each=bool(_EACH.search(clause[-10:])),
        together=bool(_TOGETHER.search(tight)),
        joined=vague or bool(_JOIN.fullmatch(before)),
        ranged=vague or bool(_RANGE.fullmatch(before)),
        named=real or (beside and not _CLAIM.search(tight)),
        written=bool(paid and not real and _WRITTEN.search(clause)),
    )


def _chosen(found: list[Input], benefit: Benefit) -> list[Input]:
    """Those beside the words of the base, with what is joined to them; else the first with what is joined to it."""
    groups: list[list[Input]] = []
    for item in found:
        if groups and item.joined and (groups[-1][-1].named or not item.named):
            groups[-1].append(item)
        else:
            groups.append([item])
    kept = [group for group in groups if any(item.named for item in group)] or groups[:1]
    items = [item for group in kept for item in group]
    items = [item for item in items if not item.written] or items
    if any(item.monthly for item in items) and not all(item.monthly for item in items) and not isinstance(benefit, Discount):
        items = [item for item in items if not item.monthly]  # 一个月两万，一年24万
    if items and len(items) > 1 and not items[1].ranged:
        items = _not_results(items, benefit)
    return [replace(item, ranged=item.ranged and index > 0) for index, item in enumerate(items)]


def _not_results(items: list[Input], benefit: Benefit) -> list[Input]:
    """Without numbers that are what the rule makes of another one: 40万乘30%应该是12万."""
    if not isinstance(benefit, Rate):
        return items
    made = {item.value * exact(benefit.rate) for item in items}
    return [item for item in items if item.named or item.value not in made] or items
