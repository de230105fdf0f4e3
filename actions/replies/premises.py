"""What a question takes for granted and the record does not bear out: corrected first, in one line each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from actions.knowledge.asking import tells_own_place
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Cap, Discount, Policy, Rate, Rule, Scope, Unstated
from actions.knowledge.query import Finding, Query
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

_GIFT = re.compile("白给|白送|白拿|不用还|无偿|给钱|发钱|领钱|拿钱|补贴|奖励|补助|奖金")
_WHAT = re.compile(
    "(是不是|是|算不算|算|属于)(财政)?(贷款|借款|补贴|奖励|补助|白给|无偿|免费给)(的|款|性质)?(?=[吗吧么呢还不,?]|$)"
    "|(贷款|补贴|奖励|补助)还是"
)
_REPAY = re.compile("[要用得需]还(?=[吗么不?,钱本款回]|$)|归还|偿还|还款|还本|是贷款|贷款[吧吗]|还是贷款")
_BORROWED = re.compile("贷|息|还款|归还|周转|担保")
_GIVES = ("reward", "subsidy")
_GIVES_NO_MONEY = ("fund", "service", "approval", "platform", "recognition", "achievement")

_NOW = re.compile(
    "(现在|今年|马上|这就|明天|下周|还|能|可以|要|想)去?(直接|就)?(领|报名|申报|申请|拿到)|今年.{0,4}(报|申|领)|去[领报申]"
)
_EVERYONE = re.compile("都能[拿领给]|一律|直接给|每家都|人人|保底|稳拿|固定[给的奖]|[肯一]定[能给有拿是]")
_GOVERNMENT = ("政府", "管委会", "管理委员会")


@dataclass(frozen=True)
class Correction:
    """One line, and the other policy that it cites."""

    text: str
    cited: Policy | None = None


def corrections(book: PolicyBook, today: date, query: Query, finding: Finding, policy: Policy) -> list[Correction]:
    """What must be put right before a question about a policy is answered, the most telling first."""
    lines = [_place(book, query, finding, policy), _nature(book, query, finding.aspect, policy), _status(query, policy, today)]
    found = [Correction(line) for line in lines if line]
    if finding.aspect not in (Aspect.CALCULATE, Aspect.MATCH, Aspect.COMPARE) and not calculation_lines(query, policy):
        found += [*_sums(book, query, policy), *_discounts(book, query, policy)]
    return found + [Correction(line) for line in (_upper_limit(query, policy), _department(book, query, policy)) if line]


# -- figures --


def _sums(book: PolicyBook, query: Query, policy: Policy) -> Iterator[Correction]:
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
        return f"您提到的数字是“{rule.benefit.name}”{'（' + scope + '）' if scope else ''}。"
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


def _discounts(book: PolicyBook, query: Query, policy: Policy) -> Iterator[Correction]:
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
    subjects = {policy.topics[0], *query.ids("topic")}
    found = [
        (other, rule)
        for other in book.policies.values()
        if other.id != policy.id and (other.topics[0] in subjects or other.id in query.ids("policy"))
        for rule in other.rules
        if rule.receivable and fits(rule)
    ]
    if len(found) != 1:
        return None
    ((other, rule),) = found
    name = f"{parts.title(book, other)}（{rule.condition}）"
    return Correction(f"{figure}在这条报道里没有依据；政策库里写这个数的是{name}。", other)


def _upper_limit(query: Query, policy: Policy) -> str:
    """Who thinks that everybody gets the sum is told that it is the most that is given."""
    rules = [rule for rule in parts.chosen_rules(policy, query) if rule.receivable]
    asked = [rule for rule in rules if set(rule.yuan) & {item.value for item in query.sums}] or rules
    limits = [rule for rule in asked if isinstance(rule.benefit, Cap) or (isinstance(rule.benefit, Rate) and rule.yuan)]
    if not limits or len(limits) < len(asked) or not _EVERYONE.search(query.text):
        return ""
    return f"{sum_text(limits[0].yuan[0])}是最高额，不是都按这个数给。"


# -- what it is, where, when, whose --


def _nature(book: PolicyBook, query: Query, aspect: Aspect, policy: Policy) -> str:
    """A loan taken for a gift, a service taken for money, a reward taken for a loan; also where just that is asked."""
    nature, text = book.kinds[policy.kind].nature, query.text
    own = " ".join([policy.name, *policy.aliases, *(rule.benefit.name for rule in policy.rules)])
    # Beside something else the word may well be meant for that: 高新贷和上市补助哪个多.
    gift = aspect is not Aspect.COMPARE and any(word not in own for word in _GIFT.findall(text))
    if policy.kind == "loan":
        return f"这是{nature}。" if gift or _WHAT.search(text) or _REPAY.search(text) else ""
    if policy.kind in _GIVES_NO_MONEY:
        promised = any(rule.receivable or isinstance(rule.benefit, Unstated) for rule in policy.rules)
        no_money = "" if "不" in nature else "，报道没有写给申请者的资金"
        return f"这是{nature}{no_money}。" if (gift or _WHAT.search(text)) and not promised else ""
    if policy.kind in _GIVES and not _BORROWED.search(own):
        return f"这是{nature}，报道没有提到要归还。" if _WHAT.search(text) or _REPAY.search(text) else ""
    return ""


def _status(query: Query, policy: Policy, today: date) -> str:
    """The status first, where the question takes it that one can apply now."""
    closed = parts.closed(policy, today)
    return parts.status_line(policy, today) if closed and _NOW.search(query.text) else ""


def _place(book: PolicyBook, query: Query, finding: Finding, policy: Policy) -> str:
    if not finding.outside:
        return ""
    place, own = book.regions[finding.outside].name, book.region_name(policy)
    if tells_own_place(query.text):
        return f"您提到{place}，这项政策属于{own}，报道没有说{place}的企业也能享受。"
    return f"这项在{own}，不在{place}；报道没有说{place}的企业也能享受。"


def _department(book: PolicyBook, query: Query, policy: Policy) -> str:
    """Another department than the one that the source names."""
    department = book.department_of(policy)
    if department is None or policy.contact.basis != "named":
        return ""
    known = " ".join([department.name, policy.contact.note, *(text for _, text in policy_texts(policy))])
    names = [mention for mention in query.mentions if mention.kind in ("policy", "region")]
    for mention in query.mentions:
        if mention.kind != "department" or department.id in mention.ids or mention.text.endswith(_GOVERNMENT):
            continue
        inside = any(name.start < mention.end and mention.start < name.end for name in names)
        if not inside and mention.text not in known:
            return f"报道点名的是{department.name}，不是{mention.text}。"
    return ""
