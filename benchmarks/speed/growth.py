"""How a turn's time grows with the conversation: the same questions over and over in one."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import TypedDict

from benchmarks.speed.assistants import Assistant
from benchmarks.speed.client import Client
from benchmarks.speed.questions import REPEATED

# The turns that are told, each by the window of turns around it in which every question is asked once.
WINDOWS = {"1": (0, 5), "25": (20, 25), "50": (45, 50), "100": (95, 100)}
TURNS = 100


class Growth(TypedDict):
    """Milliseconds a turn at the first, the 25th, 50th and 100th, and how the last compares with the first."""

    conversations: int
    turns: dict[str, float]
    ratio: float


def growth(assistants: Mapping[str, Assistant], conversations: int) -> dict[str, Growth]:
    """Hold conversations of a hundred turns with all assistants, a turn of each at a time."""
    clients = {name: Client(assistant.port) for name, assistant in assistants.items()}
    times: dict[str, list[list[float]]] = {name: [] for name in clients}
    order = list(clients)
    for conversation in range(conversations):
        for name in order:
            times[name].append([])
        for turn in range(TURNS):
            for name in order:
                times[name][-1].append(clients[name].ask(f"long-{conversation}", REPEATED[turn % len(REPEATED)])[0])
            order.reverse()
    for client in clients.values():
        client.close()
    return {name: told(times[name]) for name in clients}


def told(conversations: Sequence[Sequence[float]]) -> Growth:
    """The figures of conversations: of each question the median over all of them, of a window the mean of its questions."""
    turns = {
        name: statistics.mean(statistics.median(one[turn] for one in conversations) for turn in range(start, end))
        for name, (start, end) in WINDOWS.items()
    }
    rounded = {name: round(time, 2) for name, time in turns.items()}
    return Growth(conversations=len(conversations), turns=rounded, ratio=round(turns["100"] / turns["1"], 3))
