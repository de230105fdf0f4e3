"""The figures as Markdown tables whose columns also line up in a terminal, where a Chinese character takes two."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

SET_NAMES = {"held_out": "留出集", "development": "开发集"}
KIND_NAMES = {"answer": "作答", "unknown": "说明没有", "clarify": "反问", "decline": "婉拒", "talk": "寒暄"}
ENTITY_NAMES = {"region": "地区", "level": "级别", "department": "部门", "policy": "政策", "sum": "金额"}
UNREAD = "（未读）"
GOAL = 0.9
MOST_CONFUSIONS = 12


def table(head: Sequence[str], rows: Sequence[Sequence[str]], names: int = 1) -> str:
    """A Markdown table: the first columns are names, to the left; the others are figures, to the right."""
    cells = [list(head), *(list(row) for row in rows)]
    widths = [max(3, *map(width, column)) for column in zip(*cells, strict=True)]
    lines = [_line(row, widths, names) for row in cells]
    lines.insert(
        1,
        "|"
        + "|".join(f" {'-' * size} " if place < names else f" {'-' * (size - 1)}: " for place, size in enumerate(widths))
        + "|",
    )
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int], names: int) -> str:
    padded = []
    for place, (cell, size) in enumerate(zip(row, widths, strict=True)):
        gap = " " * (size - width(cell))
        padded.append(cell + gap if place < names else gap + cell)
    return f"| {' | '.join(padded)} |"


def width(text: str) -> int:
    """The columns that a text takes in a terminal."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def percent(share: float | None) -> str:
    """A share in per cent."""
    return "–" if share is None else f"{100 * share:.1f}"


def headline(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(name, value) of the figures that tell most."""
    intents, linking, declining, times = (found[key] for key in ("intents", "linking", "declining", "milliseconds"))
    rows = [
        ("问题", str(found["questions"])),
        ("通过 %", percent(found["share"])),
        ("说错或编造，句", str(found["wrong_or_invented"])),
        ("意图准确率 %", percent(intents["accuracy"])),
        ("意图 macro-F1 %", percent(intents["macro_f1"])),
        ("把握的校准误差 %", percent(found["calibration"]["expected_error"])),
        ("政策排第 1 %", percent(linking["rank_1"])),
        ("政策在前 3 %", percent(linking["rank_3"])),
        ("政策 MRR %", percent(linking["mrr"])),
        ("几项政策都答到 %", percent(linking["all_shown"])),
        ("婉拒精确率 %", percent(declining["precision"])),
        ("婉拒召回率 %", percent(declining["recall"])),
        ("一轮中位数，毫秒", _number(times["p50"])),
        ("一轮 95 %，毫秒", _number(times["p95"])),
    ]
    return rows + [(name, str(found[key])) for name, key in (("太长未读，句", "refused"), ("出错，句", "errors")) if found[key]]


def _number(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f}"


def passes(groups: Mapping[str, Mapping[str, Any]], heading: str, names: Mapping[str, str] | None = None) -> str:
    """Passed questions by group; a group below the goal is marked."""
    rows = [
        (
            (names or {}).get(group, group),
            str(counts["asked"]),
            str(counts["passed"]),
            percent(counts["share"]) + (" ↓" if counts["share"] < GOAL else "  "),
        )
        for group, counts in groups.items()
    ]
    return table((heading, "问题", "通过", "通过 %  "), rows)


def scores(each: Mapping[str, Mapping[str, Any]], heading: str, names: Mapping[str, str] | None = None) -> str:
    """Precision, recall and F1 by intent or by kind of entity."""
    rows = [
        (
            (names or {}).get(name, name),
            str(figure["wanted"]),
            str(figure["found"]),
            *(percent(figure[key]) for key in ("precision", "recall", "f1")),
        )
        for name, figure in each.items()
    ]
    return table((heading, "应有", "找到", "精确率 %", "召回率 %", "F1 %"), rows)


def confusions(pairs: Sequence[Mapping[str, Any]]) -> str:
    """The commonest wrong intents."""
    rows = [(pair["intent"], pair["taken_for"] or UNREAD, str(pair["times"])) for pair in pairs[:MOST_CONFUSIONS]]
    return table(("应为", "认成", "次数"), rows, names=2)


def reliability(bins: Sequence[Mapping[str, Any]]) -> str:
    """How often the surest intent is right, by how sure it is."""
    rows = [
        (f"{row['from']:.1f}–{row['to']:.1f}", str(row["count"]), percent(row["confidence"]), percent(row["right"]))
        for row in bins
        if row["count"]
    ]
    return table(("把握", "问题", "平均把握 %", "认对 %"), rows)


def sections(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(heading, table) of everything."""
    return [
        ("总览", table(("指标", "数值"), headline(found))),
        ("按写法", passes(found["styles"], "写法")),
        ("按应有的回答", passes(found["kinds"], "回答", KIND_NAMES)),
        ("按文件", passes(found["parts"], "文件")),
        ("实体", scores(found["entities"], "种类", ENTITY_NAMES)),
        ("意图", scores(found["intents"]["each"], "意图")),
        ("最常认错的意图", confusions(found["intents"]["confusions"])),
        ("把握与正确率", reliability(found["calibration"]["bins"])),
    ]


def text(found: Mapping[str, Any]) -> str:
    """All tables for the terminal."""
    return "\n\n".join(f"{heading}\n{body}" for heading, body in sections(found))
