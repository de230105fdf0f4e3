"""From starting the processes to the first answer, and what the models weigh."""

from __future__ import annotations

import statistics
from pathlib import Path
from typing import TypedDict

from benchmarks.speed import assistants


class Start(TypedDict):
    """Seconds from the start of all processes to the first answer to a policy question: each, and the median."""

    seconds: list[float]
    median: float


def starting(folder: Path, model: Path, times: int) -> dict[str, Start]:
    """Start both, one after the other, so many times. The files that they read have been read before."""
    seconds: dict[str, list[float]] = {"ours": [], "stock": []}
    for _ in range(times):
        for name, found in seconds.items():
            assistant = assistants.ours(folder) if name == "ours" else assistants.stock(folder, model)
            try:
                found.append(round(assistant.first_answer(), 2))
            finally:
                assistant.stop()
    return {name: Start(seconds=found, median=statistics.median(found)) for name, found in seconds.items()}
