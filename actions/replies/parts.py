"""The parts of which replies are made, each a line or a few, each from the record it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
from datetime import date

from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Confusion, Policy, Remark, Rule, Scope, Status
from actions.knowledge.query import Query
from actions.knowledge.search import overlap, policy_texts
from actions.knowledge.text import features, fold, words_of
from actions.replies.figures import rule_line

LABEL = 18
# Who asks for the others beside those named, or instead of them, is told all.
OTHERS = re.compile("别的|其[他它余]|不是|非|分别|各[是自给奖补多]")
# The share of a remark's words that must have been said for it to be a repetition.
TOLD = 0.75

UNSTATED = {
    "process": "办理流程",
    "materials": "申报材料",
    "deadline": "申报时间",
    "phone": "联系电话",
    "amount": "金额",
    "conditions": "具体条件",
    "audience": "适用对象",
}


def short_name(policy: Policy) -> str:
    """A policy's name without its trailing bracket."""
    return policy.name.split("（")[0]


def label(policy: Policy) -> str:
    """A name short enough for a button."""
    name = short_name(policy)
    if len(name) <= LABEL:
        return name
    short = next((alias for alias in policy.aliases if 4 <= len(alias) <= LABEL), "")
    return short or name[: LABEL - 1] + "…"


def place_name(book: PolicyBook, policy: Policy) -> str:
    """The place of a policy as people call it: 崂山, not 崂山区."""
    region = book.region_name(policy)
    return region[:-1] if len(region) > 2 and region[-1] in "区市镇" else region


def title(book: PolicyBook, policy: Policy) -> str:
    """The name with its place and, where it is no policy in force, what it is."""
    name = short_name(policy)
    place = "" if place_name(book, policy) in name else f"{book.region_name(policy)}："
    mark = {Status.PLANNED: "（计划）", Status.HISTORIC: "（过往情况）"}.get(policy.status, "")
    return f"{place}{name}{mark}"


def status_line(policy: Policy, today: date) -> str:
    """A plan called a plan, a past result a past result, an expired rule expired; empty for what was in force."""
    if policy.valid_to and date.fromisoformat(policy.valid_to) < today:
        return f"这项政策已于 {policy.valid_to} 到期，以下内容仅供参考，是否延续请向部门核实。"
    if policy.valid_from and date.fromisoformat(policy.valid_from) > today:
        return f"这项政策自 {policy.valid_from} 起施行，现在还没有开始。"
    when = f"（{policy.as_of[:4]} 年）" if policy.as_of else ""
    if policy.status is Status.PLANNED:
        return f"这是报道时的计划{when}，后来是否落地，政策库没有记载。"
    if policy.status is Status.HISTORIC:
        return f"这是过去的成果或活动{when}，不是现在可以申请的政策。"
    return f"有效期至 {policy.valid_to}。" if policy.valid_to else ""


def closed(policy: Policy, today: date) -> bool:
    """Whether a policy cannot be applied for on a day: a plan, a past result, expired or not yet begun."""
    ended = bool(policy.valid_to) and date.fromisoformat(str(policy.valid_to)) < today
    begun = not policy.valid_from or date.fromisoformat(policy.valid_from) <= today
    return policy.status is not Status.IN_FORCE or ended or not begun


def chosen_rules(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The rules for the levels or audiences that the question names, else all."""
    levels, audiences = set(query.ids("level")), set(query.ids("audience"))
    if levels:
        exact = tuple(rule for rule in policy.rules if levels & set(rule.levels))
        if exact:
            return exact
    if audiences and not OTHERS.search(query.text):
        exact = tuple(rule for rule in policy.rules if audiences & set(rule.audiences))
        if exact:
            return (*exact, *(rule for rule in policy.rules if not rule.audiences))
    return policy.rules


def asked_rules(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The rules for just the levels or audiences that the question names."""
    levels, audiences = set(query.ids("level")), set(query.ids("audience"))
    exact = tuple(rule for rule in policy.rules if levels & set(rule.levels))
    return exact or tuple(rule for rule in policy.rules if audiences & set(rule.audiences))


# From so many shared pairs of characters on a question clearly speaks of a rule; then so many rules are enough.
CLEARLY, FEW = 3, 3
ASIDE = (Scope.EXAMPLE_CASE, Scope.ACHIEVEMENT_TOTAL, Scope.TARGET_TOTAL, Scope.PROJECT_INVESTMENT)


def telling_rules(policy: Policy, query: Query) -> tuple[Rule, ...]:
    """The chosen rules without single cases, results and targets, where others answer; asked figures stay."""
    rules = chosen_rules(policy, query)
    asked = {item.value for item in query.sums}
    kept = tuple(rule for rule in rules if rule.scope not in ASIDE or asked & set(rule.yuan))
    return kept if any(rule.receivable for rule in kept) else rules


def audience_line(policy: Policy) -> str:
    """Whom a policy is for; empty where the source does not say."""
    return f"对象：{'；'.join(policy.audience)}。" if policy.audience else ""


def rule_lines(policy: Policy, rules: tuple[Rule, ...], query: Query, most: int = 6) -> list[str]:
    """Rules as a list: what can be received first, then those that the question speaks of; where it clearly speaks of
    some, few others."""
    asked = words_of(query.text) - words_of(policy.name)
    spoken = {rule.id: len(asked & words_of(rule.condition + " " + rule.benefit.name)) for rule in rules}

    def order(rule: Rule) -> tuple[bool, int, bool]:
        words = spoken[rule.id] - (4 if rule.scope is Scope.EXAMPLE_CASE else 0)  # a single case uses its rule's words
        return (not rule.receivable, -words if words >= 2 else 0, rule.scope in ASIDE)

    ordered = sorted(rules, key=order)
    meant = sum(rule.receivable or spoken[rule.id] >= 2 for rule in rules)
    most = min(most, max(FEW, meant)) if max(spoken.values(), default=0) >= CLEARLY else most
    lines = [f"· {rule_line(rule)}" for rule in ordered[:most]]
    if len(ordered) > most:
        lines.append(f"· 另有 {len(ordered) - most} 条，可以接着问。")
    return lines


def missing_levels(policy: Policy, query: Query) -> str:
    """What to say when the question names a level that the record has no rule for."""
    stated = list(dict.fromkeys(level for rule in policy.rules for level in rule.levels))
    known = "".join(text for _, text in policy_texts(policy))
    asked = [level for level in query.ids("level") if level not in stated and level not in known]
    if not asked:
        return ""
    if stated:
        return f"报道只写了{'、'.join(stated)}，没有写{'、'.join(asked)}。"
    return f"报道没有按级别区分，没有写{'、'.join(asked)}。"


def raised_notes(policy: Policy, text: str) -> list[Remark]:
    """The notes that the question raises, the most closely matched first."""
    return _raised(policy.notes, text, words_of(text))


def raised_gaps(policy: Policy, text: str) -> list[Remark]:
    """The gaps that the question raises, the most closely matched first; the policy's own name raises none."""
    return _raised(policy.gaps, text, words_of(text) - words_of(policy.name))


def _raised(remarks: tuple[Remark, ...], text: str, asked: Set[str]) -> list[Remark]:
    folded = fold(text)
    scored = []
    for remark in remarks:
        score = 3 * overlap(folded, remark.about)
        score += sum(1 for feature in words_of(remark.text) if feature in asked)
        if score >= 4:
            scored.append((score, remark))
    return [remark for _, remark in sorted(scored, key=lambda item: -item[0])]


def sentence(text: str) -> str:
    """A text with the stop at its end."""
    return text if text.endswith(("。", "？", "！")) else f"{text}。"


def told(text: str, lines: Iterable[str], share: float = TOLD) -> bool:
    """Whether lines before say most of what a text says."""
    wanted = words_of(text)
    return len(wanted & set(features(fold("\n".join(lines))))) >= share * len(wanted)


def confusion_line(book: PolicyBook, confusion: Confusion) -> str:
    """The difference from another policy, with that policy's name; empty where only the name would be said again."""
    other = book.policies.get(confusion.other)
    if other is None or not confusion.text.startswith("那"):
        return sentence(confusion.text)
    name, text = short_name(other), confusion.text
    if text.startswith("那是") and set(text[2:]) <= {*name, *book.region_name(other), *"的项目"}:
        return ""
    return sentence(f"{name}是{text[2:]}" if text.startswith("那是") else f"{name}：{text}")


def department_text(book: PolicyBook, policy: Policy) -> str:
    """Who answers for a policy, or the plain statement that the source names nobody."""
    department, contact = book.department_of(policy), policy.contact
    if department is None:
        return "报道没有提到负责部门"
    if contact.basis == "named":
        return f"{department.name}（报道点名）"
    if contact.basis == "example_case":
        return f"报道没有写明负责部门，只在个案里提到{department.name}"
    return f"报道没有点名受理部门，发布主体是{department.name}"


def department_line(book: PolicyBook, policy: Policy) -> str:
    """Who answers for a policy, with its phone or the way on."""
    department, text = book.department_of(policy), department_text(book, policy)
    if department and department.phone:
        return sentence(f"部门：{text}，电话 {department.phone}。{department.note}".removesuffix("。"))
    return f"部门：{text}；没有给出电话，可拨 {book.hotline.number} 转接核实。"


def unstated_line(policy: Policy, skip: tuple[str, ...] = (), most: int = 4) -> str:
    """What the source leaves open, in one line."""
    items = [gap.text for gap in policy.gaps if gap.text not in skip][:2]
    items += [UNSTATED[key] for key in ("amount", "deadline", "materials", "process") if key in policy.unstated]
    items = [item for item in dict.fromkeys(items) if item not in skip][:most]
    return f"报道未说明：{'；'.join(items)}。" if items else ""
