"""The report as one HTML page that needs nothing but itself: no scripts, no fonts, no requests."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from typing import Any

from bot.evaluation import svg, tables
from bot.evaluation.svg import Bar
from bot.evaluation.tables import GOAL, KIND_NAMES, SET_NAMES, UNREAD, percent

STYLE = """
:root { color-scheme: light dark; --paper: #fbfbf9; --card: #ffffff; --ink: #22262a; --faint: #6b7278; --line: #e3e5e3;
  --good: #3f7d6e; --low: #c0683c; --goal: #8a8f94; }
@media (prefers-color-scheme: dark) { :root { --paper: #16191c; --card: #1e2226; --ink: #e4e6e8; --faint: #9aa1a8;
  --line: #32383e; --good: #62b09c; --low: #e08e62; --goal: #7d848b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); line-height: 1.6;
  font: 15px/1.6 system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif; }
main { max-width: 1080px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 24px; margin: 0 0 4px; }
h2 { font-size: 17px; margin: 0 0 4px; }
p { margin: 0 0 12px; color: var(--faint); }
section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 20px; margin-top: 20px;
  overflow-x: auto; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(420px, 1fr)); gap: 0 20px; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: 12px; margin: 20px 0 0; }
dl div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px 14px; }
dt { color: var(--faint); font-size: 13px; }
dd { margin: 0; font-size: 22px; font-variant-numeric: tabular-nums; }
dd small { font-size: 13px; color: var(--faint); }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 14px 4px 0; text-align: right; border-bottom: 1px solid var(--line); font-weight: normal; }
th { color: var(--faint); font-size: 13px; }
th:first-child, td:first-child { text-align: left; }
svg { display: block; max-width: 100%; height: auto; }
svg text { font-size: 13px; fill: var(--ink); font-variant-numeric: tabular-nums; }
svg .faint { fill: var(--faint); font-size: 12px; }
svg .count { font-size: 11px; }
svg .bar { fill: var(--good); }
svg .low { fill: var(--low); }
svg .grid { stroke: var(--line); }
svg .frame { fill: none; stroke: var(--line); }
svg .goal { stroke: var(--goal); stroke-dasharray: 4 4; }
svg .curve { fill: none; stroke: var(--good); stroke-width: 1.5; }
svg .point { fill: var(--good); fill-opacity: 0.55; }
"""
HALF = 240  # pixels across for the bars of a plot that shares its line with another
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(found: Mapping[str, Any]) -> str:
    """The page of a run's figures."""
    title = f"评测：{SET_NAMES[found['set']]}"
    parts = [
        f"<h1>{title}</h1>",
        f"<p>{found['questions']} 个问题，每个开一段新的对话。虚线是 {100 * GOAL:g} %，不到的条是橙色。读法：docs/评测.md。</p>",
        _tiles(found),
        _section("各种写法的通过率", "一个问题可以有几种写法。", svg.bars(_groups(found["styles"]), "各种写法的通过率", GOAL)),
        '<div class="pair">',
        _section("按应有的回答", "", svg.bars(_groups(found["kinds"], KIND_NAMES), "各种回答的通过率", GOAL, HALF)),
        _section("按文件", "", svg.bars(_groups(found["parts"]), "各文件的通过率", GOAL, HALF)),
        "</div>",
        '<div class="pair">',
        _section(
            "意图的把握可信吗",
            "横轴是把握，纵轴是认对的比例，都是 %。点在虚线上，把握就名副其实；点大，句数多。",
            svg.reliability(found["calibration"]["bins"], "把握与正确率"),
        ),
        _section("实体", "精确率、召回率、F1 都是 %。", _entities(found["entities"])),
        "</div>",
        _section("各意图的 F1", "右边是应属这个意图的句数。", svg.bars(_f1(found["intents"]["each"]), "各意图的 F1")),
        _section(
            "意图混淆",
            "行是应有的意图，列是认成的意图。绿色认对，橙色认错，颜色深浅是占这一行的份额。",
            _confusion(found["intents"]),
        ),
    ]
    return (
        '<!doctype html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(parts)
        + "\n</main>\n</body>\n</html>\n"
    )


def _section(heading: str, note: str, body: str) -> str:
    told = f"<p>{escape(note)}</p>" if note else ""
    return f"<section><h2>{escape(heading)}</h2>{told}{body}</section>"


def _tiles(found: Mapping[str, Any]) -> str:
    return (
        "<dl>"
        + "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in tables.headline(found))
        + "</dl>"
    )


def _groups(groups: Mapping[str, Mapping[str, Any]], names: Mapping[str, str] | None = None) -> list[Bar]:
    return [
        Bar((names or {}).get(group, group), counts["share"], f"{counts['passed']} / {counts['asked']}")
        for group, counts in groups.items()
    ]


def _f1(each: Mapping[str, Mapping[str, Any]]) -> list[Bar]:
    ordered = sorted(each.items(), key=lambda item: (-item[1]["f1"], item[0]))
    return [Bar(name, figure["f1"], str(figure["wanted"])) for name, figure in ordered]


def _confusion(intents: Mapping[str, Any]) -> str:
    each, pairs = intents["each"], intents["confusions"]
    rows = list(each)
    counts = {(name, name): figure["right"] for name, figure in each.items()}
    counts |= {(pair["intent"], pair["taken_for"] or UNREAD): pair["times"] for pair in pairs}
    columns = rows + sorted({column for _, column in counts if column not in each})
    return svg.heat_map(rows, columns, counts, "意图混淆")


def _entities(each: Mapping[str, Mapping[str, Any]]) -> str:
    head = "".join(f"<th>{name}</th>" for name in ("种类", "应有", "找到", "精确率", "召回率", "F1"))
    rows = "".join(
        f"<tr><td>{tables.ENTITY_NAMES[kind]}</td><td>{figure['wanted']}</td><td>{figure['found']}</td>"
        + "".join(f"<td>{percent(figure[key])}</td>" for key in ("precision", "recall", "f1"))
        + "</tr>"
        for kind, figure in each.items()
    )
    return f"<table><tr>{head}</tr>{rows}</table>"
