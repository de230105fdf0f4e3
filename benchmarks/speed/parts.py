"""The parts of the benchmark: what each starts, measures and gives as its figures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.speed import assistants, learning
from benchmarks.speed.questions import mixed

WARM_UP = 20
SENDERS = (16, 64)


@dataclass(frozen=True)
class Scale:
    """How much is measured: rounds of the sixty questions, long conversations, seconds of load, starts, browser turns.

    `epochs` is how long the stock model's DIET was trained.
    """

    rounds: int
    conversations: int
    load_s: float
    starts: int
    lookups: int
    browser_turns: int
    epochs: int = learning.EPOCHS


FULL = Scale(rounds=5, conversations=3, load_s=20.0, starts=3, lookups=10, browser_turns=25)
QUICK = Scale(rounds=1, conversations=1, load_s=5.0, starts=1, lookups=2, browser_turns=13)
Part = Callable[[Path, Scale], Any]


def turns(folder: Path, scale: Scale) -> dict[str, Any]:
    """Both running, one asked at a time: latency, growth, load, then the memory that they hold."""
    from benchmarks.speed import growth, latency, load  # noqa: PLC0415 - each part imports what it needs

    questions = mixed()
    model, _ = learning.stock(scale.epochs)
    both = {"ours": assistants.ours(folder), "stock": assistants.stock(folder, model)}
    try:
        for assistant in both.values():
            assistant.first_answer()
        latency.warm_up(both, [question.text for question in questions[:WARM_UP]])
        found: dict[str, Any] = {"latency": latency.latency(both, questions, scale.rounds)}
        found["growth"] = growth.growth(both, scale.conversations)
        found["load"] = {
            name: [load.load(assistant.port, senders, scale.load_s) for senders in SENDERS] for name, assistant in both.items()
        }
        found["resident_mb"] = {name: assistant.resident_mb() for name, assistant in both.items()}
        return found
    finally:
        for assistant in both.values():
            assistant.stop()


def training(folder: Path, scale: Scale) -> dict[str, learning.Training]:
    """Ours trained now; stock's training as it was."""
    return {"ours": learning.ours(), "stock": learning.stock(scale.epochs)[1]}


def starting(folder: Path, scale: Scale) -> Any:
    """Cold starts of both."""
    from benchmarks.speed import starting as found  # noqa: PLC0415

    return found.starting(folder, learning.stock(scale.epochs)[0], scale.starts)


def books(folder: Path, scale: Scale) -> Any:
    """Ours with larger books."""
    from benchmarks.speed import sizes  # noqa: PLC0415

    return sizes.sizes(folder, [question.text for question in mixed()], scale.rounds)


def lookup(folder: Path, scale: Scale) -> Any:
    """Looking up alone, in each book."""
    from benchmarks.speed import lookup as found  # noqa: PLC0415
    from benchmarks.speed.books import book  # noqa: PLC0415
    from benchmarks.speed.sizes import COPIES, POLICIES  # noqa: PLC0415

    return {str(POLICIES * copies): found.lookup(book(copies), scale.lookups) for copies in COPIES}


def browser(folder: Path, scale: Scale) -> Any:
    """A turn on our page."""
    from benchmarks.speed import browser as found  # noqa: PLC0415

    return found.browser(folder, scale.browser_turns)


def floor(folder: Path, scale: Scale) -> Any:
    """A bare Sanic."""
    from benchmarks.speed import floor as found  # noqa: PLC0415

    return found.floor(folder, [question.text for question in mixed()], scale.rounds + 1)


def answers(folder: Path, scale: Scale) -> Any:
    """The standard questions again."""
    from benchmarks.speed import answers as found  # noqa: PLC0415

    return found.answers()


PARTS: dict[str, Part] = {
    "floor": floor,
    "turns": turns,
    "starting": starting,
    "training": training,
    "books": books,
    "lookup": lookup,
    "browser": browser,
    "answers": answers,
}
