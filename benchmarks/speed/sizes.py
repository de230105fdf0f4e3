"""Ours with books of 155, 1,550 and 15,500 policies: starting, answering, and memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from typing import TypedDict

from benchmarks.speed import assistants
from benchmarks.speed.assistants import Assistant
from benchmarks.speed.books import book
from benchmarks.speed.client import Client
from benchmarks.speed.figures import Spread, spread
from benchmarks.speed.latency import warm_up

POLICIES = 155
COPIES = (1, 10, 100)
# Before the one that is asked; the first of them compiles the book.
STARTS = 3


class Size(TypedDict):
    """Seconds of the first start, with nothing compiled yet, and (median) of later ones; milliseconds a turn, MB after that."""

    first_start_s: float
    start_s: float
    ms: Spread
    resident_mb: float


def sizes(folder: Path, texts: Sequence[str], rounds: int) -> dict[str, Size]:
    """By the number of policies, what ours takes; all three are asked by turns."""
    running: dict[str, Assistant] = {}
    starts: dict[str, list[float]] = {}
    try:
        for copies in COPIES:
            name, files, cache = str(POLICIES * copies), book(copies), folder / f"cache-{copies}"
            starts[name] = []
            for _ in range(STARTS):
                started = assistants.ours(folder, files, cache, f"ours-{name}")
                try:
                    starts[name].append(started.first_answer())
                finally:
                    started.stop()
            running[name] = assistants.ours(folder, files, cache, f"ours-{name}")
            starts[name].append(running[name].first_answer())
        warm_up(running, texts)
        times = _asked(running, texts, rounds)
        return {
            name: Size(
                first_start_s=round(starts[name][0], 2),
                start_s=round(median(starts[name][1:]), 2),
                ms=spread(times[name]),
                resident_mb=assistant.resident_mb(),
            )
            for name, assistant in running.items()
        }
    finally:
        for assistant in running.values():
            assistant.stop()


def _asked(running: Mapping[str, Assistant], texts: Sequence[str], rounds: int) -> dict[str, list[float]]:
    clients = {name: Client(assistant.port) for name, assistant in running.items()}
    times: dict[str, list[float]] = {name: [] for name in clients}
    order = list(clients)
    for place in range(rounds):
        for number, text in enumerate(texts):
            for name in order:
                times[name].append(clients[name].ask(f"new-{place}-{number}", text)[0])
            order.reverse()
    for client in clients.values():
        client.close()
    return times
