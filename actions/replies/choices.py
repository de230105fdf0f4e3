"""Replies that offer a choice, ask back, or own up that the book has nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.clarifying import Separation
from actions.knowledge.models import Policy, Rule
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.subject import PAGE
from actions.replies import parts
from actions.replies.facts import facts
from actions.replies.figures import figure
from actions.replies.message import Button, Reply
from actions.replies.sources import source_name

ASK = {"region": "您问的是哪个地区？", "topic": "您问的是哪方面？", "kind": "您要哪一种支持？", "audience": "您是哪一类？"}
MOST_BUTTONS = 6
# With so few entries there is room to say what each is.
FEW = 4


def buttons(policies: Iterable[Policy]) -> tuple[Button, ...]:
    """A button for each policy, which asks what it is."""
    return tuple(Button(parts.label(policy), f"介绍一下{parts.short_name(policy)}") for policy in policies)


def listed(book: PolicyBook, query: Query, finding: Finding) -> Reply:
    """A numbered choice; a long one with the question that narrows it."""
    shown = finding.policies[:PAGE]
    first = finding.offset + 1
    lines = [_heading(book, finding, len(shown))]
    for number, policy in enumerate(shown, first):
        lines.append(f"{number}. {parts.title(book, policy)}{headline(policy, query)}")
        if len(shown) <= FEW:
            lines.append(f"   {policy.summary}")
    left = len(finding.policies) - len(shown)
    if left:
        lines.append(f"还有 {left} 项，说“还有别的吗”接着看。")
    if finding.separation:
        options = "、".join(f"{option.name}（{option.count}）" for option in finding.separation.options)
        lines.append(f"{ASK[finding.separation.dimension]}{options}")
    sources = dict.fromkeys(source_name(book, policy) for policy in shown)
    names = "；".join(list(sources)[:4])
    lines.append(f"来源：{names}{' 等' if len(sources) > 4 else ''}。")
    if all({"deadline", "phone"} <= policy.unstated for policy in shown):
        lines.append(f"申报时间和电话报道均未说明，可拨 {book.hotline.number}。")
    chosen = _answers(finding.separation) if finding.separation else buttons(shown[:MOST_BUTTONS])
    return Reply("\n".join(lines), chosen, facts(book, "list", shown))


def _heading(book: PolicyBook, finding: Finding, shown: int) -> str:
    count = len(finding.policies)
    if finding.offset:
        return f"接着看第 {finding.offset + 1} 至 {finding.offset + shown} 项："
    place = book.regions[finding.region].name if finding.region else ""
    if finding.beyond:
        return f"这方面没有别的了。{place}其他方面的还有 {count} 项："
    topics = "、".join(book.topics[topic].name for topic in finding.topics[:2])
    about = f"{place}{'与“' + topics + '”有关的' if topics else '可能相关的'}政策" if not place or topics else f"{place}的政策"
    if finding.separation and finding.aspect not in (Aspect.LIST, Aspect.MATCH):
        return f"{about}，政策库收录 {count} 项，各不相同："
    return f"{about}，政策库收录 {count} 项{'：' if finding.separation else '，想了解哪一项？'}"


def _answers(separation: Separation) -> tuple[Button, ...]:
    return tuple(Button(f"{option.name}（{option.count}）", f"{option.name}的") for option in separation.options)


def headline(policy: Policy, query: Query) -> str:
    """What can be received under a policy, behind a colon; empty where the record states no figure."""
    rules: list[Rule] = [rule for rule in parts.chosen_rules(policy, query) if rule.receivable and figure(rule)]
    shown = "，".join(dict.fromkeys(f"{'、'.join(rule.levels)} {figure(rule)}".strip() for rule in rules[:3]))
    return f"：{shown}" if shown else ""


def uncovered(book: PolicyBook, query: Query, finding: Finding) -> Reply:
    """The book has nothing on a place, or on a subject there."""
    place = book.regions[finding.region].name if finding.region else ""
    topics = "、".join(book.topics[topic].name for topic in finding.topics[:2])
    covered = book.of_region(finding.region) if finding.region else []
    subject = f"{place}{'关于“' + topics + '”' if topics else ''}的政策"
    if covered and not topics:
        subject = f"与此有关的{place}政策"
    lines = [f"抱歉，政策库未收录{subject}，没有找到可以回答的依据。"]
    near = list(finding.related) or covered[:FEW]
    if covered and finding.related:
        lines.append("最接近的是下面这些，您想问的是不是其中一项？")
        lines += [f"{number}. {parts.title(book, policy)}：{policy.summary}" for number, policy in enumerate(near, 1)]
    elif covered:
        lines.append(f"{place}收录的有：{'；'.join(parts.short_name(policy) for policy in near)}。")
    elif near:
        titles = "；".join(parts.title(book, policy) for policy in near)
        lines.append(f"其他地区的相近政策：{titles}（不适用于{place}）。")
    lines.append(f"我只能回答政策库收录的惠企政策；其他情况建议拨打 {book.hotline.number} 向当地核实。")
    return Reply("\n".join(lines), buttons(near[:FEW]), facts(book, "uncovered", [], near) | {"region": finding.region})


def unclear(book: PolicyBook, query: Query, finding: Finding) -> Reply:
    """A question back: which of those before, or which place and policy."""
    if finding.related:
        titles = "；".join(parts.title(book, policy) for policy in finding.related)
        data = facts(book, "unclear", [], finding.related)
        return Reply(f"请问您问的是哪一项？{titles}。", buttons(finding.related), data)
    regions = [book.regions[id] for id in book.covered[:MOST_BUTTONS]]
    text = f"请问您想问哪个地区、哪项政策？例如：{'；'.join(book.examples[:3])}"
    places = tuple(Button(region.name, f"{region.name}有哪些政策？") for region in regions)
    return Reply(text, places, facts(book, "unclear", []))


def confirm(meant: str) -> Reply:
    """A question back: whether a text is what was meant. It states nothing yet."""
    data = {"type": "confirm", "policies": [], "related": []}
    return Reply(f"您是想问“{meant}”吗？", (Button("是的", meant), Button("不是", "不是")), data)


def exhausted(book: PolicyBook, query: Query, finding: Finding) -> Reply:
    """Nothing more to show."""
    text = f"这方面政策库里没有别的了，没有找到更多依据。可以换个地区或主题再问；其他事项可拨 {book.hotline.number}。"
    return Reply(text, (), facts(book, "exhausted", []))


def nothing(book: PolicyBook, query: Query, finding: Finding) -> Reply:
    """The book has nothing on the question."""
    lines = ["抱歉，政策库里没有找到与此有关的政策，无法回答。"]
    if finding.related:
        titles = "；".join(parts.title(book, policy) for policy in finding.related)
        lines.append(f"您想问的是不是：{titles}？")
    lines.append(f"我只能回答政策库收录的惠企政策，您可以换个说法或说明地区；其他事项可拨 {book.hotline.number}。")
    return Reply("\n".join(lines), buttons(finding.related), facts(book, "nothing", [], finding.related))


OUTCOMES: dict[Outcome, Callable[[PolicyBook, Query, Finding], Reply]] = {
    Outcome.LISTED: listed,
    Outcome.UNCOVERED: uncovered,
    Outcome.UNCLEAR: unclear,
    Outcome.EXHAUSTED: exhausted,
    Outcome.NOTHING: nothing,
}
