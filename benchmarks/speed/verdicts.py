"""What the figures were to be, and whether they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# The most (or, of throughput, the least) that ours may be of stock's.
MEDIAN, P95, THROUGHPUT = 1 / 10, 1 / 8, 8.0
START, MEMORY, TRAINING = 1 / 3, 0.60, 1 / 3
# Turn 100 of turn 1; the book of 15,500 policies of that of 155.
GROWTH, LARGE_TURN, LARGE_START = 1.5, 1.5, 2.0
LOOKUP_US = 200.0
SMALL, LARGE = "155", "15500"


@dataclass(frozen=True)
class Verdict:
    """A figure beside its limit, which it must not exceed, or else reach."""

    what: str
    measured: float
    limit: float
    at_least: bool = False

    @property
    def met(self) -> bool:
        """Whether the figure is as it was to be."""
        return self.measured >= self.limit if self.at_least else self.measured <= self.limit


def verdicts(figures: Mapping[str, Any]) -> list[Verdict]:
    """A verdict for every line of what was to be reached, as far as `figures`, part by part, were measured."""
    judges = {
        "turns": _turns,
        "starting": _starting,
        "training": _training,
        "books": _books,
        "lookup": _lookup,
        "answers": _answers,
    }
    return [verdict for part, judge in judges.items() if part in figures for verdict in judge(figures[part])]


def _turns(found: Mapping[str, Any]) -> Iterator[Verdict]:
    ours, stock = found["latency"]["ours"], found["latency"]["stock"]
    for kind, name in (("new", "新会话"), ("continuing", "接着谈")):
        yield Verdict(f"一轮的中位数，{name}：本项目 ÷ 默认", ours[kind]["p50"] / stock[kind]["p50"], MEDIAN)
        yield Verdict(f"一轮的 p95，{name}：本项目 ÷ 默认", ours[kind]["p95"] / stock[kind]["p95"], P95)
    ours, stock = (found["load"][name][0] for name in ("ours", "stock"))
    rate = ours["turns_per_s"] / stock["turns_per_s"]
    yield Verdict(f"{ours['senders']} 人同时问，每秒轮数：本项目 ÷ 默认", rate, THROUGHPUT, at_least=True)
    yield Verdict("同一会话，第 100 轮 ÷ 第 1 轮", found["growth"]["ours"]["ratio"], GROWTH)
    memory = found["resident_mb"]
    yield Verdict("常驻内存：本项目 ÷ 默认", memory["ours"] / memory["stock"], MEMORY)


def _starting(found: Mapping[str, Any]) -> Iterator[Verdict]:
    yield Verdict("冷启动到第一个回答：本项目 ÷ 默认", found["ours"]["median"] / found["stock"]["median"], START)


def _training(found: Mapping[str, Any]) -> Iterator[Verdict]:
    # Not measured at one time: what else the machine did then must not count.
    yield Verdict("训练的 CPU 秒数：本项目 ÷ 默认", found["ours"]["cpu_s"] / found["stock"]["cpu_s"], TRAINING)


def _books(found: Mapping[str, Any]) -> Iterator[Verdict]:
    small, large = found[SMALL], found[LARGE]
    yield Verdict(f"{LARGE} 项政策，一轮的中位数 ÷ {SMALL} 项的", large["ms"]["p50"] / small["ms"]["p50"], LARGE_TURN)
    yield Verdict(f"{LARGE} 项政策，启动 ÷ {SMALL} 项的", large["start_s"] / small["start_s"], LARGE_START)


def _lookup(found: Mapping[str, Any]) -> Iterator[Verdict]:
    for policies in (SMALL, LARGE):
        yield Verdict(f"{policies} 项政策，查找的中位数，微秒", found[policies]["us"]["ours"]["p50"], LOOKUP_US)


def _answers(found: Mapping[str, Any]) -> Iterator[Verdict]:
    yield Verdict("标准问答里与记录不同的轮数", found["different"], 0)
