"""How a line of a reply is broken for a phone, by what it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Block = Mapping[str, Any]

# So many 汉字 stand in a line of a message on a phone, about. Longer texts are broken where something ends.
WIDE = 16
BULLET, DASH, INDENT, UNDER_NUMBER = "· ", "  － ", "  ", "   "
_CLOSING = "；。，：”’）》」』】"


def _after(signs: str) -> str:
    """Behind one of some signs, and behind the quotation mark or bracket that closes there."""
    return f"(?<=[{signs}])(?![{_CLOSING}])|(?<=[{signs}][{_CLOSING}])(?![{_CLOSING}])"


_SENTENCES, _CLAUSES = re.compile(_after("。")), re.compile(f"{_after('；。')}|(?<=元，)")
_PHRASES, _STEPS = re.compile(_after("；。，")), re.compile(f"{_after('；。：')}|(?<=元，)")
# Letters and digits are half as wide as 汉字.
_NARROW = re.compile("[\x00-\u02ff]")


def written(block: Block, lines: Sequence[str]) -> list[str]:
    """The lines of a block as lines on a phone; only white space and the bracket round a title are new."""
    return _WRITTEN.get(block["kind"], _words)(block, lines)


def width(text: str) -> float:
    """How wide a text is, in 汉字."""
    return len(text) - len(_NARROW.findall(text)) / 2


def folded(text: str, indent: str = "", ends: re.Pattern[str] = _CLAUSES) -> list[str]:
    """A text that is too long for one line, broken where something ends; short parts share a line."""
    lines: list[str] = []
    for part in ends.split(text):
        if lines and width(lines[-1] + part) <= WIDE:
            lines[-1] += part
        else:
            lines += [part] if part else []
    return [indent + line for line in lines]


def sentences(text: str, indent: str) -> list[str]:
    """A text with every sentence on its own line."""
    return [indent + line for line in _SENTENCES.split(text) if line]


def _words(block: Block, lines: Sequence[str]) -> list[str]:
    """Sentences; many things of one kind under their heading."""
    line = lines[0]
    heading, colon, rest = line.partition("：")
    if rest.count("；") > 1 and "；" not in heading and width(line) > WIDE:
        return [heading + colon, *folded(rest)]
    return [line] if width(line) <= 1.5 * WIDE else folded(line)


def _title(block: Block, lines: Sequence[str]) -> list[str]:
    return [f"【{lines[0]}】"]


def _source(block: Block, lines: Sequence[str]) -> list[str]:
    return list(lines)


def _step(block: Block, lines: Sequence[str]) -> list[str]:
    return folded(lines[0], ends=_STEPS)


def _item(block: Block, lines: Sequence[str]) -> list[str]:
    """On what condition, and under it what there is."""
    heading, colon, rest = lines[0].partition("：")
    return [heading + colon, *(folded(rest, INDENT) if rest else ())]


def _figure(block: Block, lines: Sequence[str]) -> list[str]:
    """On what condition, what for, how much."""
    condition, name = f"{BULLET}{block['condition']}：", f"{block['name']} "
    rest = lines[0].removeprefix(condition)
    if width(rest) <= WIDE or not rest.startswith(name):
        return [condition, *folded(rest, INDENT)]
    return [condition, INDENT + name.rstrip(), *folded(rest.removeprefix(name), INDENT, _PHRASES)]


def _row(block: Block, lines: Sequence[str]) -> list[str]:
    """One thing compared: its name, and for each policy what holds there."""
    heading, *cells = lines
    name, bracket, same = heading.partition("】")
    found = [name + bracket, *(folded(same) if same else ())]
    short = all(width(cell) <= WIDE for cell in cells if not cell.startswith(DASH))
    for cell in cells:
        label, colon, rest = cell.partition("：")
        if cell.startswith(DASH):
            first, *others = folded(cell.removeprefix(DASH))
            found += [DASH + first, *(2 * INDENT + text for text in others)]
        else:
            found += [cell] if short or not rest else [label + colon, *folded(rest, INDENT)]
    return found


_WRITTEN: dict[str, Callable[[Block, Sequence[str]], list[str]]] = {
    "title": _title,
    "source": _source,
    "step": _step,
    "item": _item,
    "figure": _figure,
    "row": _row,
}
