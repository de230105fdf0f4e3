"""Random walks: whatever is said in whatever order, there is an answer, and no sum comes from nowhere.

The messages are training examples of all intents, noise among them, with the intent that they stand under or any other.
"""

from __future__ import annotations

import math
import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.knowledge import PolicyBook
from actions.knowledge.reading import Reader
from tests.dialogue import Talk
from tests.judge import visible
from tests.replies.test_every_sum import stated, sums_in
from tests.test_turns import message

DATA = Path(__file__).resolve().parents[1] / "data" / "nlu"
ANNOTATION = re.compile(r"\[([^\]]+)\]\([^)]+\)")
TURNS, WALKS = 20, 60
NOISE = ["", "？？？", "😂👍", "/restart", "<b>a</b>", "a" * 400, "9" * 60]
NOISE += ["是", "不是", "不清楚", "2", "第二个", "-5万", "年薪40万", "0元"]


def examples() -> dict[str, list[str]]:
    """The training examples of every intent, as people type them."""
    found: dict[str, list[str]] = {}
    for file in sorted(DATA.glob("*.yml")):
        for item in yaml.safe_load(file.read_text(encoding="utf-8"))["nlu"]:
            lines = [line.removeprefix("- ") for line in item["examples"].splitlines()]
            found.setdefault(item["intent"], []).extend(ANNOTATION.sub(r"\1", line) for line in lines)
    return found


EXAMPLES = examples()


def walk(chance: random.Random) -> list[tuple[str, str]]:
    """(text, intent) of the turns of a walk: mostly as trained, sometimes misunderstood, sometimes noise."""
    turns = []
    for _ in range(TURNS):
        intent = chance.choice(sorted(EXAMPLES))
        text = chance.choice(NOISE) if chance.random() < 0.15 else chance.choice(EXAMPLES[intent])
        turns.append((text, chance.choice(sorted(EXAMPLES)) if chance.random() < 0.1 else intent))
    return turns


def sums_of(trace: dict[str, Any]) -> list[float]:
    """The numbers of a shown trace; its steps are recomputed, so that a number cannot pass as a step of itself."""
    known = {float(value) for value in trace["given"]}
    for step in trace["steps"]:
        operands = [float(value) for value in step["operands"]]
        wanted = min(operands) if step["step"] == "cap" else sum(operands) if step["step"] == "sum" else math.prod(operands)
        assert abs(step["result"] - wanted) < 0.01, step
        assert operands[0] in known, step
        known |= {*operands, float(step["result"])}
    return sorted(known)


def unfounded(book: PolicyBook, said: list[dict[str, Any]], told: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """The sums shown that stand in no cited record, in no shown trace, and were not the asker's own words."""
    shown = sums_in(visible(said))
    for part in said:
        custom = part.get("custom") or part.get("json_message") or {}
        for item in custom.get("policies", []):
            shown -= stated(book, item["id"])
        for item in custom.get("related", []):
            shown -= sums_in(item["name"])
        shown -= {(round(float(sum) * 100), "元") for trace in custom.get("calculations", []) for sum in sums_of(trace)}
    return shown - told


@pytest.mark.parametrize("seed", range(WALKS))
def test_walk(book: PolicyBook, today: date, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", today.isoformat())
    chance, talk, told = random.Random(seed), Talk(), set[tuple[int, str]]()
    for text, intent in walk(chance):
        heard = message(book, text, intent, chance.choice((0.3, 0.6, 0.95)))
        said = talk.say(heard)
        told |= {(round(abs(s.value) * 100), "元") for s in Reader(book).sums(heard["text"])}
        assert visible(said).strip(), (text, intent)
        assert unfounded(book, said, told) == set(), (text, intent, visible(said))
