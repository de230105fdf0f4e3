"""The trained models in one process, asked by turns, so that whatever else the machine does disturbs all alike."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.core.agent import Agent

from benchmarks.classifiers.measure import Watch, chooser
from benchmarks.massive.figures import BLOCK, Asked


def by_turns(models: dict[str, str], warm_up: Sequence[str], texts: Sequence[str]) -> dict[str, Asked]:
    """Ask every model every text, a block at a time; who begins changes with the block."""
    intent_of = {row: chooser(Agent.load(model)) for row, model in models.items()}
    for text in warm_up:  # dictionaries and graphs are built at the first ones
        for ask in intent_of.values():
            ask(text)
    asked = {row: Asked() for row in models}
    rows = list(models)
    for start in range(0, len(texts), BLOCK):
        for row in rows:
            watch = Watch()
            for text in texts[start : start + BLOCK]:
                asked[row].intents.append(intent_of[row](text))
                clock, cpu = watch.lap()
                asked[row].clock.append(1000 * clock)
                asked[row].cpu.append(1000 * cpu)
        rows.reverse()
    return asked
