"""The quick check of a shape says yes only where jsonschema finds nothing; what it reads is what a close look reads."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge.documents import Document, read_document
from actions.knowledge.marked import examine
from actions.knowledge.plain import UnusualError, plain_value
from actions.knowledge.shapes import quick_check
from actions.knowledge.structure import quick, validator
from tests.conftest import BOOK
from tests.knowledge.books import EAST, TEXTS, VOCABULARY, faulty
from tests.knowledge.test_broken_books import SHAPE

WRONG: list[Any] = [None, True, 0, -1, 1.0, 1.5, 10**30, "", "A b", "x", [], ["x", "x"], [1], [None], {}, {"id": "x"}, {"x": 1}]


def close(text: str) -> Document:
    document = Document("east.yml", text)
    examine(document)
    return document


def spots(value: Any) -> Iterator[tuple[Any, Any]]:
    """(dict or list, key or index) of every value inside a value."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value):
        yield value, key
        if isinstance(item, (dict, list)):
            yield from spots(item)


def broken(value: Any, chance: random.Random) -> Any:
    """The value with one thing in it replaced, left out or added."""
    found = copy.deepcopy(value)
    inside, key = chance.choice(list(spots(found)))
    how = chance.randrange(4)
    if how == 0:
        del inside[key]
    elif how == 1 and isinstance(inside, dict):
        inside[f"{key}x"] = chance.choice(WRONG)
    elif how == 1:
        inside.append(inside[key])
    else:
        inside[key] = chance.choice(WRONG)
    return found


@pytest.mark.parametrize(("name", "text"), [("book", VOCABULARY), ("region", EAST)], ids=["book", "region"])
def test_quick_yes_is_never_wrong(name: str, text: str) -> None:
    value, chance = plain_value(text), random.Random(8)
    assert quick(name)(value)
    said = [(quick(name)(other), validator(name).is_valid(other)) for other in (broken(value, chance) for _ in range(400))]
    assert (True, False) not in said
    assert said.count((False, True)) <= 10  # jsonschema is seldom asked for nothing
    assert (False, False) in said
    assert (True, True) in said


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string", "format": "date"}, "2022-05-25"),
        ({"items": [{}]}, []),
        ({"additionalProperties": {"type": "string"}}, {}),
        ({"enum": [1, 2]}, 1),
        ({"if": {"type": "string"}, "then": {}}, 1),
        ({"not": {}}, 1),
    ],
    ids=str,
)
def test_what_is_not_known_is_left_to_jsonschema(schema: dict[str, Any], value: Any) -> None:
    assert not quick_check(schema)(value)


def test_plain_values_are_those_of_a_close_look() -> None:
    for path in sorted(BOOK.glob("*.yml")):
        text = path.read_text(encoding="utf-8")
        assert plain_value(text) == close(text).value


@pytest.mark.parametrize(
    "text",
    [
        "[1, 1_000, 0.5, .5, 1e3, true, No, null, ~, 2022-05-25, '1', \"2\", <<, =, a b]",
        "a:\nb: ''\nc: |\n  x\n  y\nd: >-\n  e\n  f\n",
        "x",
        "- &a 1\n- 2",
        "!!str 1",
        "? a\n: b",
        "--- a\n...",
    ],
)
def test_scalars_are_read_alike(text: str) -> None:
    document = close(text)
    assert document.problems == []
    try:
        found = plain_value(text)
    except UnusualError:
        return
    assert repr(found) == repr(document.value)


@pytest.mark.parametrize(
    "text", ["[&a 1, *a]", "{a: 1, a: 2}", "1:30", "[0x1g, 0o]\n--- 1", "a: b: c", "[", "\t- a", "a\x07", ""]
)
def test_unusual_texts_are_looked_at_closely(text: str) -> None:
    with pytest.raises(UnusualError):
        plain_value(text)


def test_places_are_worked_out_only_when_wanted(tmp_path: Path) -> None:
    path = tmp_path / "east.yml"
    path.write_text(EAST, encoding="utf-8")
    document = read_document(path, "east.yml")
    assert document.marks == {}
    assert document.place(("policies", 1, "name")) == (59, 5)
    assert document.marks == close(EAST).marks


@pytest.mark.parametrize("fault", [fault for fault in SHAPE if fault.file == "east.yml"], ids=lambda fault: fault.name)
def test_faults_of_shape_are_no_quick_yes(fault: Any) -> None:
    document = close(faulty(fault)["east.yml"])
    assert document.problems or not quick("region")(document.value)
    assert quick("region")(close(TEXTS["east.yml"]).value)
