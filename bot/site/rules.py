"""Rules as plain values: what can be received, its numbers large, apart from every other figure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from actions.knowledge.benefits import Service, Unstated
from actions.knowledge.models import Rule
from actions.replies.figures import SCOPE_NAMES, benefit_text, figure, short_figure

# What of a figure is printed large: the numbers with their unit. 最高, 每家 and the rest stay plain.
_NUMBER = re.compile(r"(\d[\d.]*(?: ?[万亿]?(?:美元|元)(?:/平方米)?| ?%| 折)|\d+:\d[\d.]*)")

Piece = tuple[str, bool]


@dataclass(frozen=True)
class RuleView:
    """A rule: `figure` in pieces where it can be received, else `text`, with `scope` where a number is nothing to receive."""

    condition: str
    name: str
    levels: tuple[str, ...]
    figure: tuple[Piece, ...]
    terms: str
    text: str
    scope: str
    note: str


def rule_view(rule: Rule) -> RuleView:
    """A rule, what can be received apart from what cannot."""
    whole, short = figure(rule), short_figure(rule)
    received = rule.receivable and bool(whole)
    bare = benefit_text(replace(rule, note=""))
    scope = SCOPE_NAMES[rule.scope] if rule.scope and whole else ""
    text = bare if isinstance(rule.benefit, (Service, Unstated)) else whole
    return RuleView(
        rule.condition,
        rule.benefit.name,
        rule.levels,
        pieces(short) if received else (),
        whole if received and whole != short else "",
        "" if received else text,
        scope,
        rule.note,
    )


def pieces(shown: str) -> tuple[Piece, ...]:
    """A figure in pieces, the numbers marked; one without a number that is known here is marked as a whole."""
    if not shown:
        return ()
    found = tuple((piece, bool(_NUMBER.fullmatch(piece))) for piece in _NUMBER.split(shown) if piece)
    return found if any(strong for _, strong in found) else ((shown, True),)
