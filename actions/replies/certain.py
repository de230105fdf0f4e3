"""What can be said where nothing can be computed: caps, fixed sums, thresholds, numbers that cannot be."""

from __future__ import annotations

from decimal import Decimal

from actions.knowledge.applying import agreed_only, inputs_for, rules_for
from actions.knowledge.aspect import Aspect
from actions.knowledge.benefits import Cap, Fixed, PerUnit, Unstated
from actions.knowledge.inputs import asked_aspect, implausible, unit_of
from actions.knowledge.models import Policy, Rule, Scope
from actions.knowledge.money import exact, number_text, yuan_text
from actions.knowledge.query import Query
from actions.knowledge.sums import Sum
from actions.knowledge.thresholds import Crossing, find_crossings
from actions.replies.figures import figure

WHY = {
    "negative": "{noun}不会是负数，这样算不出来。请告诉我实际是多少？",
    "zero": "{noun}是 0 的话，没有可以算的数。请告诉我实际是多少？",
    "absurd": "这个数大得不像{noun}，是不是单位写错了？请核对后告诉我。",
}


def noun(rule: Rule) -> str:
    """What a rule computes from, in the record's words."""
    benefit = rule.benefit
    return "面积" if isinstance(benefit, PerUnit) else str(getattr(benefit, "base", "这个数"))


def implausible_lines(query: Query, policy: Policy) -> list[str]:
    """A kind word on numbers that cannot be meant: negative, zero, absurd."""
    lines = []
    for rule in rules_for(query, policy):
        for item in inputs_for(query, policy, rule):
            fault = implausible(item.value, unit_of(rule.benefit))
            if fault:
                lines.append(WHY[fault].format(noun=noun(rule)))
    return list(dict.fromkeys(lines))


def agreed_lines(query: Query, policy: Policy) -> list[str]:
    """That a rule counts what is paid, where only what was agreed is told: 我合同写的是80万."""
    rules = [rule for rule in rules_for(query, policy) if agreed_only(query, policy, rule)]
    return [f"报道按“{noun(rule)}”计，合同上写的数不能直接用来算。请告诉我实际给付了多少？" for rule in rules[:1]]


def crossing_lines(query: Query, policy: Policy) -> list[str]:
    """Which thresholds of the record the question's numbers have passed, and what it then states; nothing more."""
    crossings = find_crossings(query, policy)
    lines = [line for crossing in crossings for line in _crossing(crossing)]
    if any(crossing.passed for crossing in crossings):
        received = [rule for rule in policy.rules if rule.receivable and figure(rule)]
        tiers = any(len(crossing.passed) + len(crossing.ahead) > 1 for crossing in crossings)
        for rule in received[:2]:
            each = "；各档标准报道未说明，按哪一档给多少不能推算" if tiers else ""
            lines.append(f"报道写的是{rule.benefit.name}{figure(rule)}{each}。")
        if not received:
            lines.append("门槛不是奖励数额；奖励多少，报道没有写。")
    return list(dict.fromkeys(lines))


def _crossing(crossing: Crossing) -> list[str]:
    verb, value, lines = "超过" if crossing.strict else "达到", yuan_text(crossing.value), []
    if crossing.months > 1:
        month = crossing.value / crossing.months
        lines.append(f"报道按年计，先折成一年：{yuan_text(month)} × {crossing.months} = {value}。")
    said = [f"已{verb}{_sums(crossing.passed)}"] if crossing.passed else []
    said += [f"还没有{verb}{_sums(crossing.ahead)}"] if crossing.ahead else []
    came = f"从 {yuan_text(crossing.earlier)} 到 " if crossing.earlier is not None else ""
    lines.append(
        f"{crossing.name} {came}{value}：{'，'.join(said)}{'' if crossing.passed and crossing.ahead else '的门槛'}。".replace(
            "  ", " "
        )
    )
    if crossing.earlier is not None:
        lines.append(f"这次新{verb}的是{_sums(crossing.new)}。" if crossing.new else f"这次没有新{verb}的一档。")
    return lines


def _sums(values: tuple[Decimal, ...]) -> str:
    return " " + "、".join(map(yuan_text, values))


def certain_lines(query: Query, policy: Policy) -> list[str]:
    """What is certain where a calculation is asked for and the record has no rule to compute with."""
    own = _own(query, policy)
    if asked_aspect(query) is not Aspect.CALCULATE or not own or rules_for(query, policy):
        return []
    if implausible(exact(own.value), own.unit):
        return ["这个数（负数、零或过大）没法用来算，请核对后告诉我。"]
    given = yuan_text(own.value) if own.unit == "yuan" else f"{number_text(own.value)} 平方米"
    rules = [rule for rule in policy.rules if rule.receivable and isinstance(rule.benefit, (Cap, Fixed))]
    if not rules and any(isinstance(rule.benefit, Unstated) for rule in policy.rules):
        return [f"报道没有写数额，按您的 {given} 算不出能得多少。"]
    if len(rules) > 2:
        return [f"报道写的是定额或上限，没有写按什么比例算，您的 {given} 代不进去。"]
    return [_certain(rule, given) for rule in rules]


def _certain(rule: Rule, given: str) -> str:
    if isinstance(rule.benefit, Cap):
        return f"报道只写了“{rule.benefit.name}”{figure(rule)}，没有写按什么算；按您的 {given} 能得多少，算不出来。"
    return f"“{rule.benefit.name}”是定额 {figure(rule)}，不随您的 {given} 变化。"


def _own(query: Query, policy: Policy) -> Sum | None:
    """The first number of the question that is no figure of the record."""
    stated = {yuan for rule in policy.rules if rule.scope is not Scope.THRESHOLD for yuan in rule.yuan}
    return next((item for item in query.sums if item.value not in stated), None)
