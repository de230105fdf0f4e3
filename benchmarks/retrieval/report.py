"""The figures as Markdown tables, in Chinese: for the terminal and for results.md."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb
from pathlib import Path
from typing import Any

from benchmarks.retrieval.figures import Answered
from benchmarks.retrieval.methods import METHODS
from benchmarks.retrieval.questions import DEVELOPMENT, HELD_OUT

PARTS = {HELD_OUT: "留出题", DEVELOPMENT: "开发题"}
GROUPS = {"unnamed": "没点名的", "unnamed_chinese": "其中非英文", "all": "全部"}
STYLED = ("pairs-ranking", "ranking", "ranking+use", "ranking+e5")
BEGIN, END = "<!-- 表格由命令写入：起 -->", "<!-- 表格由命令写入：止 -->"

Rows = Mapping[str, Mapping[str, Any]]


def tables(rows: Rows) -> str:
    """All tables."""
    parts = [part for part in PARTS if any(part in row["figures"] for row in rows.values())]
    blocks = [_overview(rows, part) for part in parts]
    blocks.append(_costs(rows))
    blocks += [_against(rows, part) for part in parts]
    blocks += [_styles(rows, part) for part in parts]
    return "\n\n".join(block for block in blocks if block)


def compared(row: Sequence[Answered], other: Sequence[Answered]) -> dict[str, float | int]:
    """How often one search is right at rank 1 where the other is not, and the odds of that by chance (sign test)."""
    pairs = [(one.rank == 1, two.rank == 1) for one, two in zip(row, other, strict=True)]
    won, lost = pairs.count((True, False)), pairs.count((False, True))
    fewer = sum(comb(won + lost, count) for count in range(min(won, lost) + 1))
    points = 100 * (won - lost) / len(pairs) if pairs else 0.0
    return {"points": round(points, 1), "won": won, "lost": lost, "p": round(min(1.0, 2 * fewer / 2 ** (won + lost)), 3)}


def insert(page: Path, text: str) -> None:
    """Put the tables between the two marks of a page."""
    content = page.read_text(encoding="utf-8")
    head, rest = content.split(BEGIN)
    _, tail = rest.split(END)
    page.write_text(f"{head}{BEGIN}\n\n{text}\n\n{END}{tail}", encoding="utf-8")


def _overview(rows: Rows, part: str) -> str:
    counts = next(iter(rows.values()))["figures"][part]["groups"]
    head = [""]
    for group, name in GROUPS.items():
        head += [f"{name}（{counts[group]['questions']}）第 1", "前 3", "MRR"]
    body = []
    for name, row in rows.items():
        groups = row["figures"][part]["groups"]
        body.append([_name(name), *(f"{groups[group][key]:.1f}" for group in GROUPS for key in ("rank_1", "rank_3", "mrr"))])
    return _titled(f"{PARTS[part]}：对的政策排在第 1、前 3 的百分比，平均倒数名次 × 100", head, body)


def _costs(rows: Rows) -> str:
    read = next(iter(rows.values()))["costs"]["read_ms_p50"]
    head = ["", "一问 ms 中位", "p95", "准备 s", "内存 MB", "混合的权重"]
    body = []
    for name, row in rows.items():
        costs, mix = row["costs"], row.get("mix")
        said = "" if not mix else f"{mix['weight']}" if mix["constant"] is None else f"{mix['weight']}，k = {mix['constant']}"
        figures = (f"{costs[key]:g}" for key in ("search_ms_p50", "search_ms_p95", "load_s", "memory_mb"))
        body.append([_name(name), *figures, said])
    return _titled(f"代价：每问检索的 CPU 时间（读懂一句另需 {read:g} ms，各行相同）", head, body)


def _against(rows: Rows, part: str) -> str:
    head = ["", "比"]
    for group in GROUPS.values():
        head += [f"{group} 差（分）", "胜：负（p）"]
    body = []
    for name, row in rows.items():
        found = row["figures"][part].get("against")
        if not found:
            continue
        body.append([_name(name), f"`{METHODS[name].against}`"])
        for group in GROUPS:
            against = found[group]
            chance = f"{against['p']:g}" if against["p"] else "<0.001"
            body[-1] += [f"{against['points']:+.1f}", f"{against['won']}：{against['lost']}（{chance}）"]
    return _titled(f"{PARTS[part]}：第 1 名的差别，逐题相比", head, body) if body else ""


def _styles(rows: Rows, part: str) -> str:
    shown = [name for name in STYLED if name in rows] or list(rows)[:5]
    head = ["风格", "题数", *(f"`{name}`" for name in shown)]
    body = []
    for style, groups in rows[shown[0]]["figures"][part]["styles"].items():
        count = f"{groups['all']['questions']}（{groups['unnamed']['questions']}）"
        cells = (rows[name]["figures"][part]["styles"][style] for name in shown)
        body.append([style, count, *(f"{cell['all']['rank_1']:.0f}（{cell['unnamed']['rank_1']:.0f}）" for cell in cells)])
    return _titled(f"{PARTS[part]}：各种风格第 1 名的百分比，括号里是没点名的", head, body)


def _name(name: str) -> str:
    return f"`{name}` {METHODS[name].title}"


def _titled(title: str, head: list[str], body: list[list[str]]) -> str:
    lines = [head, ["---", *["--:"] * (len(head) - 1)], *body]
    return f"**{title}**\n\n" + "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
