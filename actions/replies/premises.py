"""What a question takes for granted and the record does not bear out: corrected first, in one line each."""

from __future__ import annotations

import re
from datetime import date

from actions.knowledge.asking import tells_own_place
from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Unstated
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Query
from actions.knowledge.search import policy_texts
from actions.replies import parts
from actions.replies.calculations import calculation_lines
from actions.replies.claims import Correction, discount_corrections, sum_corrections, upper_limit

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
_GOVERNMENT = ("政府", "管委会", "管理委员会")


def corrections(book: PolicyBook, today: date, query: Query, finding: Finding, policy: Policy) -> list[Correction]:
    """What must be put right before a question about a policy is answered, the most telling first."""
    lines = [_place(book, query, finding, policy), _nature(book, query, finding.aspect, policy), _status(query, policy, today)]
    found = [Correction(line) for line in lines if line]
    if finding.aspect not in (Aspect.CALCULATE, Aspect.MATCH, Aspect.COMPARE) and not calculation_lines(query, policy):
        found += [*sum_corrections(book, query, policy), *discount_corrections(book, query, policy)]
    return found + [Correction(line) for line in (upper_limit(query, policy), _department(book, query, policy)) if line]


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
