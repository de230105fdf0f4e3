"""Random walks: whatever is said in whatever order, there is an answer, and no sum comes from nowhere.

The messages are training examples of all intents, noise among them, with the intent that they stand under or any other.
"""

from __future__ import annotations

import random
import re
from datetime import date
from fractions import Fraction
from operator import add, mul, sub, truediv
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.knowledge import PolicyBook
from actions.knowledge.reading import Reader
from actions.knowledge.sums import bare_numbers
from bot.evaluation.judging import visible
from tests.dialogue import Talk
from tests.replies.test_every_sum import SCALE, stated, sums_in
from tests.test_turns import message

DATA = Path(__file__).resolve().parents[1] / "data" / "nlu"
ANNOTATION = re.compile(r"\[([^\]]+)\]\([^)]+\)")
TURNS, WALKS = 20, 80
NOISE = ["", "？？？", "😂👍", "/restart", "<b>a</b>", "a" * 400, "9" * 60]
NOISE += ["是", "不是", "不清楚", "2", "第二个", "-5万", "年薪40万", "0元"]
NOISE += ["想拿5万，年薪得多少", "投多少能拿到顶格", "拿到20万要多少", "二三十万呢", "我合同写的是80万", "不对，一共31万5"]


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


# A shown trace: operands and result, either way round: 40 万元 × 30% = 12 万元; 30 万元（每年 10 万元 × 3 年.
# ≈ is a quotient rounded up by less than 0.01 万元: 10 万元 ÷ 30% ≈ 33.34 万元.
QUANTITY = r"(\d[\d,.]*)\s*(百万|千万|万|亿)?\s*(?:元|平方米|%|年)?"
TRACE = re.compile(rf"{QUANTITY}((?:\s*[×+−－÷]\s*{QUANTITY})+)\s*[=≈]\s*{QUANTITY}")
BACKWARDS = re.compile(rf"{QUANTITY}（(?:每年|推算：)?\s*{QUANTITY}((?:\s*[×+−－]\s*{QUANTITY})+)")
TERM = re.compile(rf"([×+−－÷])\s*({QUANTITY})")
SIGNS = {"×": mul, "÷": truediv, "+": add, "−": sub, "－": sub}


def value(text: str) -> Fraction:
    """A quantity in its own unit, a share as such: 40 万元 → 400000, 30% → 3/10."""
    found = re.match(QUANTITY, text)
    assert found, text
    return Fraction(found[1].replace(",", "")) * SCALE[found[2] or ""] / (100 if found[0].endswith("%") else 1)


def traced(text: str) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """(operands, results) of the calculations that a text shows, each recomputed."""
    operands: set[tuple[int, str]] = set()
    results: set[tuple[int, str]] = set()
    for line in text.splitlines():
        shown = [(found[0], *map(str.strip, re.split("[=≈]", found[0]))) for found in TRACE.finditer(line)]
        shown += [(found[0], found[0].split("（")[1], found[0].split("（")[0]) for found in BACKWARDS.finditer(line)]
        for whole, left, right in shown:
            total = value(left.removeprefix("每年").removeprefix("推算：").strip())
            for sign, term, *_ in TERM.findall(left):
                total = SIGNS[sign](total, value(term))
            if "≈" in whole:
                assert "÷" in whole, whole
                assert 0 < value(right) - total < 100, whole
            else:
                assert abs(total - value(right)) <= Fraction(1, 100), whole
            operands |= sums_in(left)
            results |= sums_in(right)
    return operands, results


def unfounded(book: PolicyBook, said: list[dict[str, Any]], told: set[tuple[int, str]]) -> set[tuple[int, str]]:
    """The sums shown that stand in no cited record, in no shown trace, and were not the asker's own words."""
    shown = sums_in(visible(said))
    operands, results = traced(visible(said))
    founded = told | results
    for part in said:
        custom = part.get("custom") or {}
        for item in custom.get("policies", []):
            founded |= stated(book, item["id"])
        for item in custom.get("related", []):
            founded |= sums_in(item["name"])
    return (shown | operands) - founded


@pytest.mark.parametrize(
    "shown",
    [
        "10 万元 ÷ 30% ≈ 33.33 万元",
        "10 万元 ÷ 30% = 33.34 万元",
        "10 万元 ÷ 30% ≈ 33.35 万元",
        "100 万元 ÷ 5% ≈ 2000 万元",
        "3 万元 × 3 ≈ 9 万元",
    ],
)
def test_a_wrong_trace_is_noticed(shown: str) -> None:
    assert traced("10 万元 ÷ 30% ≈ 33.34 万元") == ({(10_000_000, "元")}, {(33_340_000, "元")})
    with pytest.raises(AssertionError):
        traced(shown)


@pytest.mark.parametrize("seed", range(WALKS))
def test_walk(book: PolicyBook, today: date, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", today.isoformat())
    reader = Reader(book)
    chance, talk, told = random.Random(seed), Talk(), set[tuple[int, str]]()
    for text, intent in walk(chance):
        heard = message(book, text, intent, chance.choice((0.3, 0.6, 0.95)))
        said = talk.say(heard)
        given = [*reader.sums(heard["text"]), *bare_numbers(heard["text"])]
        told |= {(round(abs(item.value) * 100), "元") for item in given}
        assert visible(said).strip(), (text, intent)
        assert unfounded(book, said, told) == set(), (text, intent, visible(said))
