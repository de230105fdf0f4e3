"""The cards of the web page in a terminal: the same blocks in the same order (docs/网页接入.md#消息)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, groupby
from typing import TYPE_CHECKING, Any

from bot.console.cells import Ink, beside, padded, width_of, wrapped
from bot.console.tables import comparison

if TYPE_CHECKING:
    from bot.channels.messages import Message

Block = Mapping[str, Any]
Choice = tuple[int, str, str]  # number, label, question

CHOOSE = "可选"
STATES = {"planned": "计划", "historic": "过往"}
FITS = {"fits": "符合", "maybe": "可能符合，需确认", "not": "不符合"}
MARKS = {"met": "✓ 满足", "failed": "✗ 不满足", "open": "? 待确认"}
KINDS = {"bonus": "（加成）", "discretion": "（由部门认定）"}
# All in cells: a card at its widest and narrowest, the widest figures with a column of their own, the columns of labels and
# of numbers, and the space between columns.
_WIDEST, _NARROWEST, _FIGURE, _LABEL, _NUMBER, _SPACE = 100, 40, 26, 8, 4, 2
_GAP, _SOURCE = re.compile("报道未说明：?"), re.compile("来源(?:（([^）]*)）)?：(?=《)")
_AGE = re.compile("(.*?)((?:距今约|材料没有写年份)[^《》]*)")
# Kinds of which neighbours make one list or table, and kinds that stand right under each other.
_LISTED = frozenset(("figure", "item", "field", "row", "option", "step", "source"))
_CLOSE = frozenset(("field", "note", "gap"))


def card(message: Message, left: list[Choice], width: int, ink: Ink) -> list[str]:
    """A message as a card, open to the right: fonts differ on how wide some signs are, and none can break it.

    `left` are the choices of the turn that are not shown yet; those of this message are taken from it.
    """
    body = list(_Card(left, max(_NARROWEST, min(width, _WIDEST)) - 2, ink).lines(message))
    if len(body) < 2:
        return [f"{ink.dim('─')} {line}" for line in body]
    bars = [ink.dim("╭"), *([ink.dim("│")] * (len(body) - 2)), ink.dim("╰")]
    return [f"{bar} {line}".rstrip() for bar, line in zip(bars, body, strict=True)]


class _Card:
    """Lays out the blocks of one message in lines of at most `width` cells."""

    def __init__(self, left: list[Choice], width: int, ink: Ink):
        self._left, self._width, self._ink = left, width, ink

    def lines(self, message: Message) -> Iterator[str]:
        """The blocks, a blank line between those of different kinds, then the buttons."""
        blocks = (message.get("custom") or {}).get("blocks") or [{"kind": "text", "text": message["text"]}]
        before = ""
        for (kind, _), group in groupby(enumerate(blocks), key=lambda item: _key(*item)):
            found = self._shown(kind, [block for _, block in group])
            close = {before, kind} <= _CLOSE or (before, kind) in (("text", "text"), ("title", "status"))
            yield from ["", *found] if before and not close else found
            before = kind
        taken = [self._take(button["payload"]) for button in message.get("quick_replies") or ()]
        buttons = [choice for choice in taken if choice]
        if buttons:
            yield ""
            yield from self._buttons(buttons)

    def _take(self, question: str) -> Choice | None:
        """The choice that asks a question; None for a button that only repeats what was shown."""
        found = next((choice for choice in self._left if choice[2] == question), None)
        if found:
            self._left.remove(found)
        return found

    def _shown(self, kind: str, blocks: Sequence[Block]) -> list[str]:
        show: Callable[[Sequence[Block]], list[str]] = getattr(self, f"_{kind}", self._text)
        return show(blocks)

    # -- words --

    def _text(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for text in block["text"].split("\n") for line in wrapped(text, self._width)]

    def _title(self, blocks: Sequence[Block]) -> list[str]:
        return list(chain.from_iterable(map(self._titled, blocks)))

    def _titled(self, block: Block) -> list[str]:
        tags = "·".join(tag for tag in (block.get("region"), STATES.get(block.get("state", ""))) if tag)
        lines = wrapped(block["text"], self._width)
        bold = [self._ink.bold(line) for line in lines]
        if not tags:
            return bold
        tag = self._ink.dim(f"［{tags}］")
        beside_it = width_of(f"{lines[-1]} ［{tags}］") <= self._width
        return [*bold[:-1], f"{bold[-1]} {tag}"] if beside_it else [*bold, tag]

    def _status(self, blocks: Sequence[Block]) -> list[str]:
        return [self._ink.bold(line) for line in self._text(blocks)]

    def _break(self, blocks: Sequence[Block]) -> list[str]:
        return [self._ink.dim("─" * (self._width // 2))]

    def _labelled(self, label: str, text: str, ink: Callable[[str], str] = str) -> list[str]:
        first, *others = wrapped(text, self._width - _LABEL)
        return [self._ink.dim(padded(label, _LABEL)) + ink(first), *(" " * _LABEL + ink(line) for line in others)]

    def _field(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in self._labelled(block["name"], block["text"])]

    def _note(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in self._labelled("注意", block["text"])]

    def _gap(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in self._labelled("未说明", _GAP.sub("", block["text"], count=1))]

    def _source(self, blocks: Sequence[Block]) -> list[str]:
        found = []
        for block in blocks:
            text = _SOURCE.sub(lambda match: f"{match[1]}：" if match[1] else "", block["text"], count=1)
            told, age = match.groups() if (match := _AGE.fullmatch(text)) else (text, "")
            found += self._labelled("来源", told, self._ink.dim)
            found += self._labelled("", age, self._ink.dim) if age else []  # on a line of its own, as on the page
        return found

    # -- sums --

    def _figure(self, blocks: Sequence[Block]) -> list[str]:
        widest = max(width_of(block["figure"]) for block in blocks)
        return [line for block in blocks for line in self._sum(block["figure"], _about(block), min(widest, _FIGURE))]

    def _result(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in self._sum(block["figure"], [block["text"]], width_of(block["figure"]))]

    def _sum(self, figure: str, about: Sequence[str], column: int) -> list[str]:
        """A sum, and beside it what it is for; under it where the sum is too wide for the column."""
        column = min(column, self._width // 2)
        start = column + 2 * _SPACE
        first, *others = about
        lines = wrapped(first, self._width - start)
        lines += [self._ink.dim(line) for text in others for line in wrapped(text, self._width - start)]
        head = " " * _SPACE + self._ink.bold(self._ink.accent(figure))
        if width_of(figure) > column:
            return [head, *(" " * start + line for line in lines)]
        return [head + " " * (start - _SPACE - width_of(figure)) + lines[0], *(" " * start + line for line in lines[1:])]

    def _item(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in beside("·", wrapped(block["text"], self._width - 2), 2)]

    def _step(self, blocks: Sequence[Block]) -> list[str]:
        return [self._ink.dim("测算步骤"), *self._item(blocks)]

    def _row(self, blocks: Sequence[Block]) -> list[str]:
        return comparison(blocks, self._width, self._ink)

    # -- choices --

    def _choice(self, question: str, text: str) -> list[str]:
        choice = self._take(question)
        number = f"{choice[0]:>2}" if choice else ""
        first, *others = wrapped(text, self._width - _NUMBER)
        start = self._ink.accent(number) + " " * (_NUMBER - len(number))
        return [start + first, *(" " * _NUMBER + line for line in others)]

    def _under(self, text: str, ink: Callable[[str], str]) -> list[str]:
        return [" " * _NUMBER + ink(line) for line in wrapped(text, self._width - _NUMBER)]

    def _option(self, blocks: Sequence[Block]) -> list[str]:
        return list(chain.from_iterable(map(self._listed, blocks)))

    def _listed(self, block: Block) -> list[str]:
        fit = f" ［{FITS[block['fit']]}］" if "fit" in block else ""
        lines = self._choice(block["question"], block["title"] + fit)
        lines += self._under(block["figure"], self._ink.bold) if "figure" in block else []
        lines += self._under(block["text"], self._ink.dim) if "text" in block else []
        for mark in block.get("marks") or ():
            lines += self._under(f"{MARKS[mark['verdict']]}：{mark['text']}{KINDS.get(mark['kind'], '')}", self._ink.dim)
        return lines

    def _more(self, blocks: Sequence[Block]) -> list[str]:
        return [line for block in blocks for line in self._choice(block["question"], block["text"])]

    def _topics(self, blocks: Sequence[Block]) -> list[str]:
        found: list[str] = []
        for group in (group for block in blocks for group in block["groups"]):
            found += ["", self._ink.bold(group["name"])] if found else [self._ink.bold(group["name"])]
            found += [line for question in group["questions"] for line in self._choice(question["text"], question["text"])]
        return found

    def _buttons(self, buttons: Sequence[Choice]) -> Iterator[str]:
        """The buttons in rows, each with its number."""
        start = width_of(CHOOSE)
        row, used = self._ink.dim(CHOOSE), start
        for number, label, _ in buttons:
            taken = width_of(f"  {number} {label}")
            if used > start and used + taken > self._width:
                yield row
                row, used = " " * start, start
            row, used = f"{row}  {self._ink.accent(str(number))} {label}", used + taken
        yield row


def _key(place: int, block: Block) -> tuple[str, int]:
    """Neighbours with the same key stand in one list."""
    kind = str(block["kind"])
    return kind, -1 if kind in _LISTED else place


def _about(block: Block) -> list[str]:
    """What a figure is for: its condition, then its name, the whole of its terms, and its note."""
    return [block["condition"], *(block[key] for key in ("name", "terms", "note") if block.get(key))]
