"""The figures as tables to read (Markdown, in Chinese)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.speed.figures import shown
from benchmarks.speed.verdicts import Verdict, verdicts
from bot.evaluation.tables import table

Figures = Mapping[str, Any]
NONE = "–"
SIDES = ("本项目", "Rasa 默认", "本项目 ÷ 默认")
NOTE = (
    "“Rasa 默认”是 Rasa 自带的默认管线和策略（`stock.yml`，分词器换成 jieba），同一份例句（实体照政策库标注）、同样的规则和动作，"
    "`rasa run` 加 `rasa run actions`，存储照默认（内存）；DIET 认出、政策库里却没有的词，动作不用。“本项目”是 `huiqi serve`，"
    "存储照默认（SQLite）。两边轮流问同样的 60 个开发集问题。"
)
EPOCHS = "Rasa 自己的默认是 100 轮，用时大致按轮数增加；回答的快慢、模型的大小与轮数无关。"


def page(results: Figures) -> str:
    """All figures as a page; the same text is printed."""
    figures = {name: part["figures"] for name, part in results["parts"].items()}
    blocks = ["# 速度：与 Rasa 默认并排", _machine(results), NOTE]
    judged = verdicts(figures)
    if judged:
        blocks += ["## 是否达到", judgement(judged)]
    for name, (title, told) in SECTIONS.items():
        if figures.get(name):
            blocks += [f"## {title}", told(figures[name])]
        elif name in figures:
            blocks += [f"## {title}", "没有测：没有找到 Chromium。"]
    return "\n\n".join(blocks) + "\n"


def judgement(judged: list[Verdict]) -> str:
    """Every verdict as a row."""
    rows = [
        (one.what, shown(one.measured), f"{'≥' if one.at_least else '≤'} {shown(one.limit)}", "达到" if one.met else "未达到")
        for one in judged
    ]
    return table(("要求", "测得", "限度", ""), rows)


def _machine(results: Figures) -> str:
    machine = results["machine"]
    told = f"机器：{machine['cores']} 核，{machine['processor']}，{machine['memory_gb']} GB，Python {machine['python']}，无 GPU。"
    stamps = {(part["when"], part["commit"], part["quick"]) for part in results["parts"].values()}
    days = sorted({when[:10] for when, _, _ in stamps})
    commits = "、".join(sorted({commit for _, commit, _ in stamps if commit}))
    told += f"日期：{days[0]}" + (f" 至 {days[-1]}" if len(days) > 1 else "") + "。" if days else ""
    told += f"提交：{commits}。" if commits else ""
    busiest = max((part["load"] for part in results["parts"].values()), default=0.0)
    told += f"每一部分开始以前，机器的负载至多 {busiest}。"
    return told + ("\n\n有的部分只粗测了一遍（`--quick`），数字仅供参考。" if any(quick for _, _, quick in stamps) else "")


def _turns(found: Figures) -> str:
    """Latency, growth, load and memory of both."""
    ours, stock = found["latency"]["ours"], found["latency"]["stock"]
    rows: list[tuple[str, ...]] = []
    for kind, name in (("new", "新会话"), ("continuing", "接着谈（10 轮的会话）")):
        for key in ("p50", "p95", "p99"):
            rows.append(_sides(f"一轮毫秒，{name}，{key}", ours[kind][key], stock[kind][key]))
    rows.append(_sides("一轮的 CPU 毫秒，服务器全部进程，平均", ours["cpu_ms"], stock["cpu_ms"]))
    for turn, time in found["growth"]["ours"]["turns"].items():
        rows.append(_sides(f"一轮毫秒，同一会话第 {turn} 轮", time, found["growth"]["stock"]["turns"][turn]))
    ratios = (found["growth"][name]["ratio"] for name in ("ours", "stock"))
    rows.append(("第 100 轮 ÷ 第 1 轮", *(f"{ratio:.2f}" for ratio in ratios), ""))
    for one, other in zip(found["load"]["ours"], found["load"]["stock"], strict=True):
        rows.append(_sides(f"每秒轮数，{one['senders']} 人同时问", one["turns_per_s"], other["turns_per_s"]))
        rows.append(_sides(f"一轮毫秒，{one['senders']} 人同时问，p95", one["ms"]["p95"], other["ms"]["p95"]))
    rows.append(_sides("常驻内存 MB（全部进程，测完以后）", found["resident_mb"]["ours"], found["resident_mb"]["stock"]))
    rows.append(("40 个库里有答案的问题，答出政策的", str(ours["cited"]), str(stock["cited"]), ""))
    return table(("", *SIDES), rows)


def _starting(found: Figures) -> str:
    rows: list[tuple[str, ...]] = [
        _sides("进程启动到第一个政策回答，秒（中位数）", found["ours"]["median"], found["stock"]["median"])
    ]
    rows.append(("每一次", *("、".join(f"{one:g}" for one in found[name]["seconds"]) for name in ("ours", "stock")), ""))
    return table(("", *SIDES), rows)


def _training(found: Figures) -> str:
    names = {"train_s": "训练秒数", "cpu_s": "训练 CPU 秒数", "peak_mb": "训练时的最大内存 MB", "model_mb": "模型 MB"}
    rows = [_sides(name, found["ours"][key], found["stock"][key]) for key, name in names.items()]
    epochs = f"“Rasa 默认”的 DIET 训练 {found['stock']['epochs']} 轮。"
    return f"{table(('', *SIDES), rows)}\n\n{epochs}{EPOCHS}"


def _books(found: Figures) -> str:
    head = ("政策数", "一轮毫秒 p50", "p95", "再次启动，秒", "第一次启动，秒", "常驻内存 MB")
    rows = [
        (
            name,
            *(
                shown(value)
                for value in (one["ms"]["p50"], one["ms"]["p95"], one["start_s"], one["first_start_s"], one["resident_mb"])
            ),
        )
        for name, one in found.items()
    ]
    return table(head, rows) + "\n\n启动：进程启动到第一个政策回答。第一次启动时，政策库还没有编译过。"


def _lookup(found: Figures) -> str:
    ways = {
        "ours": "本项目",
        "fts5": "SQLite FTS5",
        "scan": "逐项比较",
        "ranking": "本项目，连同其他依据",
        "resolving": "本项目，直到查清",
    }
    head = ("政策数", *(f"{name} {key}" for name in ways.values() for key in ("p50", "p95")))
    return table(
        head, [(size, *(shown(one["us"][way][key]) for way in ways for key in ("p50", "p95"))) for size, one in found.items()]
    )


def _spread(what: str) -> Callable[[Figures], str]:
    def told(found: Figures) -> str:
        return table(("", "p50", "p95"), [(what, shown(found["p50"]), shown(found["p95"]))])

    return told


def _answers(found: Figures) -> str:
    return f"问了标准问答的 {found['turns']} 轮，与记录不同的 {found['different']} 轮。"


def _sides(name: str, ours: float, stock: float) -> tuple[str, str, str, str]:
    return name, shown(ours), shown(stock), f"{ours / stock:.3f}" if stock else NONE


SECTIONS: dict[str, tuple[str, Callable[[Figures], str]]] = {
    "turns": ("一轮对话", _turns),
    "starting": ("启动", _starting),
    "training": ("训练", _training),
    "books": ("政策更多的时候（本项目）", _books),
    "lookup": ("只查政策库（CPU 微秒）", _lookup),
    "browser": ("浏览器里的一轮", _spread("从回车到看见回答，毫秒")),
    "floor": ("下限：只回一句现成的话的 Sanic", _spread("一轮毫秒")),
    "answers": ("回答有没有变", _answers),
}
