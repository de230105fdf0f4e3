"""What `:why` prints: how the question was taken, what was found by what, and how a sum was calculated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from actions.knowledge.money import number_text, yuan_text
from actions.replies.figures import percent
from bot.console.cards import FITS
from bot.console.debugging import OUTCOMES, criteria
from bot.console.said import Said
from bot.console.tracing import Hit, Search, Trace

Data = Mapping[str, Any]

ASPECTS = {
    "amount": "给多少",
    "calculate": "能算出多少",
    "conditions": "什么条件",
    "audience": "给谁",
    "department": "找哪个部门",
    "contact": "电话、地址、网址",
    "process": "怎么办",
    "materials": "要什么材料",
    "deadline": "什么时候",
    "source": "出处",
    "introduction": "介绍",
    "list": "有哪些",
    "match": "适合哪些",
    "compare": "有什么区别",
    "status": "现在还有效吗",
    "detail": "一个细节",
}
STEPS = {
    "together": "几项相加",
    "months": "几个月相加",
    "parts": "几份相加",
    "rate": "按标准计",
    "cap": "不超过上限",
    "saved": "比原价省",
    "count": "几个合计",
    "years": "几年合计",
}
# How the operands of a step are put together; all others are multiplied.
SIGNS = {"together": " + ", "saved": " − "}
VERDICTS = {"met": "满足", "failed": "不满足", "open": "还不知道"}
SILENT = "服务器不说它怎样理解、怎样找到的；想看，用不带 --url 的 huiqi shell。"
NO_CALCULATION = "没有计算。"
# How many of those that were considered and not used are named.
_BESIDE = 2


def why(said: Said) -> list[str]:
    """Why this answer, in words for the clerk."""
    data = [answer for message in said.messages for answer in _answers(message.get("custom") or {})]
    told = {policy["id"]: policy["name"] for answer in data for policy in answer.get("policies") or ()}
    lines = [*_understood(said.trace), *_found(said.trace, told)] if said.trace else [SILENT, *_used(told)]
    lines += [line for answer in data for line in _decided(answer, said.trace)]
    return lines + ([line for answer in data for line in _calculations(answer)] or [NO_CALCULATION])


def _answers(custom: Data) -> list[Data]:
    """The data of the answers in a message: several, where it asked several things."""
    return list(custom.get("answers") or [custom])


def _understood(trace: Trace) -> Iterator[str]:
    yield f"读作：{trace.text}"
    asked = dict.fromkeys(ASPECTS[search.aspect] for search in trace.searches)
    yield f"意图：{trace.intents[0][0]}（{trace.intents[0][1]:.1%}）" + (f"，问的是“{'”“'.join(asked)}”" if asked else "")
    named = dict.fromkeys(entity["text"] for entity in trace.entities)
    if named:
        yield f"认出的词：{'、'.join(named)}"


# -- what was found --


def _found(trace: Trace, told: Mapping[str, str]) -> Iterator[str]:
    left = dict(told)
    for search in trace.searches:
        yield _outcome(search)
        used = [id for id in search.found if id in told]
        if search.outcome == "listed":
            yield from _used({id: told[id] for id in used})
        elif used:
            hits = {hit.policy: hit for hit in search.hits}
            for id in used:
                scored = _hit(hits[id]) if id in hits else f"{told[id]}（{id}）"
                yield f"· 用了 {scored}{_said_before(trace, id, hits.get(id))}"
            others = [hit for hit in search.hits if hit.policy not in used][:_BESIDE]
            if others:
                yield f"· 没有选 {'；'.join(map(_hit, others))}"
        for id in used:
            left.pop(id, None)
    yield from _used(left)


def _outcome(search: Search) -> str:
    count = f" {len(search.found)} 项" if search.found else ""
    return f"在政策库里：{OUTCOMES[search.outcome]}{count}，依据 {search.evidence:.0%}（点名是 100%）"


def _hit(hit: Hit) -> str:
    return f"{hit.name}（{hit.policy}）：{hit.score:.1f} 分，{criteria(hit)}"


def _said_before(trace: Trace, id: str, hit: Hit | None) -> str:
    """Where a policy stood before that nothing in the question names."""
    if hit and (hit.named or hit.topical):
        return ""
    listed = trace.focus_before["listed"]
    if id in listed:
        return f"；前面列表里的第 {listed.index(id) + 1} 项"
    return "；正在谈的" if id in trace.focus_before["policies"] else ""


def _used(told: Mapping[str, str]) -> list[str]:
    names = [f"{name}（{id}）" for id, name in told.items()]
    return [f"· 用了 {'、'.join(names)}"] if names else []


# -- what was decided --


def _decided(answer: Data, trace: Trace | None) -> Iterator[str]:
    """Why nothing was answered, what was asked back, and how policies were matched."""
    if answer.get("type") == "decline" and trace:
        name, share = trace.intents[0]
        evidence = max((search.evidence for search in trace.searches), default=0.0)
        yield f"婉拒：意图 {name} 的把握是 {share:.0%}，政策库里的依据只有 {evidence:.0%}"
    if answer.get("type") == "question":
        yield f"在问企业情况 {answer['fact']}：还不知道的情况里，它最能定下结果"
    for fit in answer.get("fits") or ():
        marks = "".join(f"；{condition['text']}：{VERDICTS[condition['verdict']]}" for condition in fit["conditions"])
        yield f"· 对照 {fit['policy']}：{FITS[fit['fit']]}。地区：{VERDICTS[fit['place']]}{marks}"


# -- what was calculated --


def _calculations(answer: Data) -> Iterator[str]:
    for item in answer.get("calculations") or ():
        policy = answer["policies"][0]
        rule = next(rule for rule in policy["rules"] if rule["id"] == item["rule"])
        yield f"计算用条款 {policy['id']}/{rule['id']}：{rule['condition']}：{rule['benefit']} {rule['figure']}".rstrip()
        for number, step in enumerate(item["steps"], 1):
            yield f"  {number}. {STEPS[step['step']]}：{_step(step, item['unit'])}"
        yield f"  得 {yuan_text(item['result'])}" + ("（上限起了作用）" if item["capped"] else "")
        source = policy["source"]
        where = f"，{source['where']}" if source["where"] else ""
        yield f"  出处：《{source['title']}》（{source['publisher']}，{source['date'] or '日期未载'}）{where}"


def _step(step: Data, unit: str) -> str:
    """A step with its numbers; only its base can be an area."""
    name, operands = step["step"], step["operands"]
    area = unit == "square_metre" and name in ("together", "months", "parts")
    result = _quantity(step["result"], area)
    if name in SIGNS:
        return f"{SIGNS[name].join(_quantity(value, area) for value in operands)} = {result}"
    first, second = operands
    if name == "cap":
        return f"{yuan_text(first)} 和上限 {yuan_text(second)}，取小的 = {result}"
    if name == "rate":
        of_area = unit == "square_metre"
        return f"{_quantity(first, of_area)} × {yuan_text(second) if of_area else percent(second)} = {result}"
    return f"{_quantity(first, area)} × {number_text(second)} = {result}"


def _quantity(value: float, area: bool) -> str:
    return f"{number_text(value)} 平方米" if area else yuan_text(value)
