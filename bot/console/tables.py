"""A comparison of policies in a terminal: what is compared, and what each policy says to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from typing import Any

from bot.console.cells import Ink, padded, wrapped

Row = Mapping[str, Any]  # a block of the kind `row`

# The narrowest columns that are still read as columns, and the space between them, in cells.
_NARROWEST, _SPACE = 24, 2
NOTHING = "—"


def comparison(rows: Sequence[Row], width: int, ink: Ink) -> list[str]:
    """A table with a column for each policy where columns fit, else one policy under the other."""
    labels = list(dict.fromkeys(cell["label"] for row in rows for cell in row["cells"] if cell["label"]))
    column = (width - _SPACE * max(0, len(labels) - 1)) // max(1, len(labels))
    if not labels or column < _NARROWEST:
        return list(chain.from_iterable(_stacked(row, width, ink) for row in rows))
    lines = _columns([[label] for label in labels], column, ink.bold)
    for row in rows:
        texts = {cell["label"]: cell["texts"] for cell in row["cells"]}
        lines += ["", ink.dim(row["name"])]
        if "" in texts:  # the same for all
            lines += [line for text in texts[""] for line in wrapped(text, width)]
        else:
            lines += _columns([texts.get(label) or [NOTHING] for label in labels], column)
    return lines


def _columns(cells: Sequence[Sequence[str]], width: int, ink: Callable[[str], str] = str) -> list[str]:
    columns = [[line for text in texts for line in wrapped(text, width)] for texts in cells]
    rows = ([column[place] if place < len(column) else "" for column in columns] for place in range(max(map(len, columns))))
    return [ink((" " * _SPACE).join(padded(cell, width) for cell in row).rstrip()) for row in rows]


def _stacked(row: Row, width: int, ink: Ink) -> list[str]:
    lines = [ink.dim(row["name"])]
    for cell in row["cells"]:
        lines += [ink.bold(line) for line in wrapped(cell["label"], width)] if cell["label"] else []
        lines += [f"  {line}" for text in cell["texts"] for line in wrapped(text, width - 2)]
    return lines
