"""What `:debug` prints of a turn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.knowledge.focus import Focus
from bot.console.cells import Ink, beside, padded, width_of
from bot.console.tracing import Hit, Search, Trace

KINDS = {
    "policy": "政策",
    "region": "地区",
    "level": "级别",
    "department": "部门",
    "audience": "对象",
    "topic": "主题",
    "attribute": "细节",
    "sum": "金额",
    "area": "面积",
}
OUTCOMES = {
    "found": "找到",
    "listed": "列出",
    "uncovered": "未收录",
    "unclear": "不清楚问的是什么",
    "exhausted": "没有更多",
    "nothing": "没有",
}
_LABEL = 8
# How many intents, and items of a list, are shown.
_INTENTS, _ITEMS = 3, 4


def debugged(trace: Trace, colour: bool) -> list[str]:
    """The turn from the text as it was read to the time it took, a line or more for each step."""
    ink = Ink(colour)
    parts = (
        ("读作", [trace.text]),
        ("分词", [ink.dim("│").join(trace.tokens)]),
        ("意图", [_intents(trace)]),
        ("实体", list(_entities(trace))),
        ("焦点", list(_changes(trace.focus_before, trace.focus_after))),
        ("情况单", _values(trace.profile)),
        ("其他槽", _values(trace.slots)),
        ("动作", list(_actions(trace))),
        ("检索", [line for search in trace.searches for line in _search(search, ink)]),
        ("条款", trace.rules),
        ("测算", [_calculation(item) for item in trace.calculations]),
        ("用时", [_times(trace)]),
    )
    return [line for label, lines in parts if lines for line in _labelled(label, lines, ink)]


def criteria(hit: Hit) -> str:
    """What speaks for a policy: 点名、主题、文字对上 62%."""
    found = [name for name, so in (("点名", hit.named), ("主题", hit.topical), ("金额或算法", hit.figured)) if so]
    found += [f"文字对上 {hit.coverage:.0%}"] if hit.coverage else []
    found += [f"前面谈过 +{hit.remembered:g}"] if hit.remembered else []
    return "、".join(found) or "地区或零星的字"


def _labelled(label: str, lines: list[str], ink: Ink) -> list[str]:
    first, *others = beside("", lines, _LABEL)
    return [ink.dim(padded(label, _LABEL)) + first[_LABEL:], *others]


def _intents(trace: Trace) -> str:
    shown = [f"{name} {share:.1%}" for name, share in trace.intents[:_INTENTS]]
    return "；其次 ".join(["".join(shown[:1]), "、".join(shown[1:])])


def _entities(trace: Trace) -> Iterator[str]:
    for entity in trace.entities:
        values = "、".join(map(str, entity["values"]))
        kind = KINDS.get(entity["kind"], entity["kind"])
        yield f"{kind} [{entity['start']}:{entity['end']}] “{entity['text']}” → {values}（{entity['extractor']}）"


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What changed, and what stayed, without what is as at the beginning."""
    for key in after:
        if before[key] != after[key]:
            yield f"{key}：{_value(before[key])} → {_value(after[key])}"
    empty = Focus().plain()
    same = [f"{key}：{_value(after[key])}" for key in after if before[key] == after[key] != empty[key]]
    if same:
        yield f"没有变的：{'，'.join(same)}"


def _values(values: Mapping[str, Any]) -> list[str]:
    return [f"{key}：{_value(value)}" for key, value in values.items() if value not in (None, [], {}, "")]


def _value(value: Any) -> str:
    """A slot's value in short."""
    if isinstance(value, Mapping):
        return "，".join(f"{key}={_value(item)}" for key, item in value.items() if item is not None) or "空"
    if isinstance(value, list):
        more = f" 等 {len(value)} 个" if len(value) > _ITEMS else ""
        return "、".join(map(str, value[:_ITEMS])) + more or "空"
    if isinstance(value, bool):
        return "是" if value else "否"
    return "空" if value is None or value == "" else str(value)


def _actions(trace: Trace) -> Iterator[str]:
    for name, policy, confidence in trace.actions:
        yield f"{name}（{policy or '没有策略'} {confidence:.2f}）"
    if trace.called:
        yield "运行 " + "，".join(f"{name} {spent:.1f} ms" for name, spent in trace.called)
    if trace.loop_before or trace.loop_after:
        yield f"表单 {trace.loop_before or '没有'} → {trace.loop_after or '没有'}"


def _search(search: Search, ink: Ink) -> list[str]:
    count = f" {len(search.found)} 项" if search.found else ""
    head = f"“{search.text}”问 {search.aspect}：{OUTCOMES[search.outcome]}{count}，依据 {search.evidence:.2f}"
    widest = max((width_of(hit.policy) for hit in search.hits), default=0)
    lines = [f"{hit.score:6.1f}  {padded(hit.policy, widest)}  {criteria(hit)}" for hit in search.hits]
    marked = [ink.bold(f"{line}  ← 回答用了") if hit.used else line for line, hit in zip(lines, search.hits, strict=True)]
    return [head, *marked]


def _calculation(item: Mapping[str, Any]) -> str:
    steps = "；".join(f"{step['step']}({', '.join(map(str, step['operands']))}) = {step['result']}" for step in item["steps"])
    return f"{item['policy']}/{item['rule']}：{steps} → {item['result']}"


def _times(trace: Trace) -> str:
    parts = f"理解 {trace.nlu_ms:.1f} + 对话 {trace.dialogue_ms:.1f} + 动作 {trace.action_ms:.1f}"
    return f"{parts} = 共 {trace.total_ms:.1f} ms"
