"""The main figures of both side by side as a plot: plain SVG on a logarithmic axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from benchmarks.speed.figures import shown

ACROSS, ROW, LEFT, RIGHT, TOP = 460, 44, 210, 90, 34
COLOURS = {"ours": "#1f6feb", "stock": "#8b949e"}
NAMES = {"ours": "本项目", "stock": "Rasa 默认"}
STYLE = "text { font: 13px system-ui, sans-serif; fill: #57606a } .axis { stroke: #d0d7de }"


@dataclass(frozen=True)
class Pair:
    """A figure of ours and of stock's, both in the same unit."""

    label: str
    ours: float
    stock: float


def pairs(figures: Mapping[str, Any]) -> Iterator[Pair]:
    """What is drawn, as far as it was measured."""
    if "turns" in figures:
        ours, stock = figures["turns"]["latency"]["ours"], figures["turns"]["latency"]["stock"]
        yield Pair("一轮 p50，新会话，毫秒", ours["new"]["p50"], stock["new"]["p50"])
        yield Pair("一轮 p95，新会话，毫秒", ours["new"]["p95"], stock["new"]["p95"])
        growth = figures["turns"]["growth"]
        yield Pair("第 100 轮，毫秒", growth["ours"]["turns"]["100"], growth["stock"]["turns"]["100"])
        one, other = figures["turns"]["load"]["ours"][0], figures["turns"]["load"]["stock"][0]
        yield Pair(f"{one['senders']} 人同时问，p95，毫秒", one["ms"]["p95"], other["ms"]["p95"])
    if "starting" in figures:
        yield Pair("冷启动，秒", figures["starting"]["ours"]["median"], figures["starting"]["stock"]["median"])
    if "training" in figures:
        yield Pair("训练，秒", figures["training"]["ours"]["train_s"], figures["training"]["stock"]["train_s"])
    if "turns" in figures:
        memory = figures["turns"]["resident_mb"]
        yield Pair("常驻内存，MB", memory["ours"], memory["stock"])


def chart(figures: Mapping[str, Any]) -> str:
    """The plot; shorter is better. Empty where no figure of both was measured."""
    rows = list(pairs(figures))
    if not rows:
        return ""
    least = math.floor(math.log10(min(min(row.ours, row.stock) for row in rows)))
    most = math.ceil(math.log10(max(max(row.ours, row.stock) for row in rows)))
    scale = ACROSS / max(most - least, 1)
    bottom = TOP + ROW * len(rows)
    drawn = [f'<text x="{LEFT}" y="16">短的好；对数刻度</text>']
    for side, at in (("ours", LEFT + 160), ("stock", LEFT + 250)):
        drawn.append(f'<rect x="{at}" y="6" width="12" height="12" fill="{COLOURS[side]}"/>')
        drawn.append(f'<text x="{at + 18}" y="16">{NAMES[side]}</text>')
    for power in range(least, most + 1):
        x = LEFT + scale * (power - least)
        drawn.append(f'<line class="axis" x1="{x:.0f}" y1="{TOP - 8}" x2="{x:.0f}" y2="{bottom}"/>')
        drawn.append(f'<text x="{x:.0f}" y="{bottom + 16}" text-anchor="middle">{10.0**power:g}</text>')
    for number, row in enumerate(rows):
        top = TOP + ROW * number
        drawn.append(f'<text x="{LEFT - 10}" y="{top + 22}" text-anchor="end">{escape(row.label)}</text>')
        for place, (side, value) in enumerate((("ours", row.ours), ("stock", row.stock))):
            width = max(scale * (math.log10(value) - least), 1)
            y = top + 4 + 16 * place
            drawn.append(f'<rect x="{LEFT}" y="{y}" width="{width:.1f}" height="13" fill="{COLOURS[side]}"/>')
            drawn.append(f'<text x="{LEFT + width + 6:.1f}" y="{y + 11}">{shown(value)}</text>')
    size = f'width="{LEFT + ACROSS + RIGHT}" height="{bottom + 26}"'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="本项目与 Rasa 默认">'
    return "\n".join([head, f"<style>{STYLE}</style>", *drawn, "</svg>"]) + "\n"
