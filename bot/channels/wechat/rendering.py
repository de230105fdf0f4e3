"""A turn's messages as one plain text for WeChat: short lines, air, numbered choices, the source last."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.channels.wechat.lines import BULLET, DASH, UNDER_NUMBER, WIDE, Block, folded, sentences, width, written
from bot.channels.wechat.pieces import LIMIT, size

if TYPE_CHECKING:
    from bot.channels.messages import Message

TAP, TYPE = "点一下，或回复数字", "回复数字即可"
LEAD = "还可以问："

_NUMBER = re.compile(r"(\d+)\. ")
# The lines that belong to what stands before them, by its kind.
_UNDER = {"row": (BULLET, DASH), "option": (UNDER_NUMBER,)}
# Kinds that stand together without blank lines while they are short.
_GROUPS = {
    **dict.fromkeys(("figure", "item"), "sums"),
    **dict.fromkeys(("option", "more"), "choices"),
    **dict.fromkeys(("text", "field", "note", "gap", "status"), "words"),
}
_TEXT, _BREAK = {"kind": "text"}, {"kind": "break"}
# What would end a link's address; a % only where digits after it would make it such a code itself.
_ENCODED = re.compile(r'[&"<>\x00-\x1f]|%(?=[0-9A-Fa-f]{2})')


@dataclass(frozen=True)
class Rendered:
    """What a turn says in WeChat, and the question that each number in it asks."""

    text: str
    choices: Mapping[int, str]


def rendered(messages: Sequence[Message], links: bool) -> Rendered:
    """The text of a turn. `links`: choices can be tapped, unless only the links make the text too long for one message."""
    typed = _Writer(messages, links=False).write()
    if not links:
        return typed
    tapped = _Writer(messages, links=True).write()
    return typed if size(typed.text) <= LIMIT < size(tapped.text) else tapped


@dataclass(frozen=True)
class _Entry:
    """A line of a reply with those under it, and the block that tells what it is."""

    block: Block
    lines: list[str]

    @property
    def kind(self) -> str:
        return str(self.block["kind"])


@dataclass(frozen=True)
class _Paragraph:
    """Lines that stand together. `airy`: a blank line parts it even from its like."""

    kind: str
    lines: tuple[str, ...] = ()
    airy: bool = False

    @property
    def group(self) -> str:
        return _GROUPS.get(self.kind, self.kind)


class _Writer:
    """Writes one turn; every choice gets its number on the way."""

    def __init__(self, messages: Sequence[Message], links: bool):
        self._messages, self._links = messages, links
        self._choices: dict[int, str] = {}
        shown = (_NUMBER.match(line) for message in messages for line in message["text"].split("\n"))
        self._highest = max((int(number[1]) for number in shown if number), default=0)

    def write(self) -> Rendered:
        """The messages one after the other, then their sources."""
        body: list[_Paragraph] = []
        sources: list[_Paragraph] = []
        for message in self._messages:
            told, cited = _sources_last(_entries(message))
            body += [_Paragraph("break"), *self._told(message, told, bool(cited))]
            sources += [self._lines(entry) for entry in cited]
        if self._choices:
            last = max(index for index, paragraph in enumerate(body) if paragraph.kind in ("option", "more", "buttons"))
            body.insert(last + 1, _Paragraph("hint", (TAP if self._links else TYPE,)))
        return Rendered(_joined([*body, *dict.fromkeys(sources)]), self._choices)

    def _told(self, message: Message, entries: Sequence[_Entry], sourced: bool) -> list[_Paragraph]:
        """What a message says, and under it its buttons, without those that only repeat an option."""
        asked = {*self._choices.values(), *(entry.block.get("question") for entry in entries)}
        buttons = [button for button in message.get("quick_replies") or () if button["payload"] not in asked]
        # A line that ends in all their names becomes their heading.
        names = "、".join(_plain(button["title"]) for button in buttons)
        heading = next((entry for entry in entries if names and entry.kind == "text" and entry.lines[0].endswith(names)), None)
        # Among what can be received and the like either all or none has a line for its condition.
        wide = any(_GROUPS.get(entry.kind) == "sums" and width(entry.lines[0]) > WIDE for entry in entries)
        told = [self._paragraph(entry, wide) for entry in entries if entry is not heading]
        if not buttons:
            return told
        lead = heading.lines[0].removesuffix(names) if heading else LEAD if sourced else ""
        choices = [self._choice(button["title"], button["payload"]) for button in buttons]
        return [*told, _Paragraph("buttons", (lead, *choices) if lead else tuple(choices))]

    def _paragraph(self, entry: _Entry, wide: bool) -> _Paragraph:
        if entry.kind == "break":
            return _Paragraph("break")
        if entry.kind == "option":
            return self._option(entry)
        if entry.kind == "more":
            text = entry.block["text"]
            return _Paragraph("more", (self._choice(text, entry.block["question"]) + entry.lines[0].removeprefix(text),))
        if _GROUPS.get(entry.kind) == "sums":
            return _Paragraph(entry.kind, tuple(written(entry.block, entry.lines) if wide else entry.lines), airy=wide)
        return self._lines(entry)

    def _lines(self, entry: _Entry) -> _Paragraph:
        lines = tuple(written(entry.block, entry.lines))
        return _Paragraph(entry.kind, lines, airy=entry.kind == "row" or len(lines) > 1 or width(lines[0]) > WIDE)

    def _option(self, entry: _Entry) -> _Paragraph:
        block, (line, *under) = entry.block, entry.lines
        rest = line.removeprefix(f"{block['number']}. {block['title']}")
        head = self._choice(block["title"], block["question"], block["number"])
        # What comes behind the colon stands on lines of its own where it is too long.
        lines = [head + rest] if width(line) <= WIDE else [head + rest[:1], *folded(rest[1:], UNDER_NUMBER)]
        for text in under:  # whether it fits, and each kind of mark, on lines of their own
            lines += sentences(text.strip(), UNDER_NUMBER) if "marks" in block else folded(text.strip(), UNDER_NUMBER)
        return _Paragraph("option", tuple(lines), airy=bool(under) or "text" in block)

    def _choice(self, title: str, question: str, number: int = 0) -> str:
        """A choice with its number: the next one, where it has none of its own or another choice has taken that."""
        if not number or number in self._choices:
            number = self._highest = self._highest + 1
        self._choices[number] = question
        if not self._links:
            return f"{number}. {_plain(title)}"
        content = _ENCODED.sub(lambda found: f"%{ord(found[0]):02X}", question)
        return f'{number}. <a href="weixin://bizmsgmenu?msgmenucontent={content}&msgmenuid={number}">{_plain(title)}</a>'


def _plain(text: str) -> str:
    """A text in which nothing is a link, and that UTF-8 can hold."""
    return text.encode(errors="replace").decode().replace("<", "＜")


def _entries(message: Message) -> list[_Entry]:
    """The lines of a message with what they are: its blocks tell of the same lines in the same order."""
    # What a calculation comes to is no line of the text: its steps say it with all that must be said of it.
    laid_out = (message.get("custom") or {}).get("blocks") or ()
    blocks = iter([_shown(block) for block in laid_out if block["kind"] != "result"])
    found: list[_Entry] = []
    for line in _plain(message["text"]).split("\n"):
        if found and line.startswith(_UNDER.get(found[-1].kind, ())):
            found[-1].lines.append(line)
            continue
        block = next(blocks, _TEXT)
        found.append(_Entry(block if line else _BREAK, [line]))
    return found


def _shown(block: Block) -> Block:
    """A block with its words as the text has them; what it asks stays as it is."""
    return {key: _plain(value) if isinstance(value, str) and key != "question" else value for key, value in block.items()}


def _sources_last(entries: Sequence[_Entry]) -> tuple[list[_Entry], list[_Entry]]:
    """The body of a message, and the sources for the end of the text.

    Of several answers in one message each keeps its own source, where the last one has one of its own, too.
    """
    breaks = [index for index, entry in enumerate(entries) if entry.kind == "break"]
    last = breaks[-1] if breaks and any(entry.kind == "source" for entry in entries[breaks[-1] :]) else 0
    body = [entry for entry in entries[last:] if entry.kind != "source"]
    return [*entries[:last], *body], [entry for entry in entries[last:] if entry.kind == "source"]


def _joined(paragraphs: Iterable[_Paragraph]) -> str:
    text, before = "", _Paragraph("break")
    for paragraph in paragraphs:
        if text and paragraph.lines:
            text += "\n" if _close(before, paragraph) else "\n\n"
        text += "\n".join(paragraph.lines)
        before = paragraph
    return text


def _close(before: _Paragraph, after: _Paragraph) -> bool:
    """Whether a paragraph stands right under the one before it."""
    if after.kind == "hint":
        return not before.airy
    if before.kind in ("title", "row"):
        return after.group == "words"
    return before.group == after.group and not (before.airy or after.airy)
