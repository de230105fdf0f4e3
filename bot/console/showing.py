"""A turn as lines of text: as it looks plain, on the web page, in WeChat; and what lies behind it."""

from __future__ import annotations

import re
from collections import Counter, defaultdict, deque
from collections.abc import Iterator

from bot.channels.wechat.lines import WIDE
from bot.channels.wechat.pieces import LIMIT, pieces, size
from bot.channels.wechat.rendering import rendered
from bot.console.cards import CHOOSE, Choice, card
from bot.console.cells import Ink, width_of, wrapped
from bot.console.debugging import debugged
from bot.console.explaining import why
from bot.console.records import policy_card
from bot.console.said import Said

__all__ = ["CHANNELS", "choices", "debugged", "policy_card", "shown", "why", "width_of"]

CHANNELS = ("plain", "web", "wechat")
# A line of a message on a phone, in cells.
_PHONE = 2 * WIDE + 2
_NUMBERED = re.compile(r"(\d+)\. ")
_LINK = re.compile(r"<a [^<>]*>([^<]*)</a>")


def choices(said: Said, channel: str) -> list[Choice]:
    """(number, label, question) of everything that can be chosen: the numbers that `shown` prints.

    They are WeChat's in every channel; only the examples by topic are the web page's alone.
    """
    topics = list(_topics(said)) if channel == "web" else []
    if topics:
        return [(number, text, text) for number, text in enumerate(topics, 1)]
    labels: dict[str, deque[str]] = defaultdict(deque)
    for question, label in _offered(said):
        labels[question].append(label)
    numbers = sorted(rendered(said.messages, links=False).choices.items())
    found = [(number, labels[question].popleft(), question) for number, question in numbers]
    meanings = Counter(label for label, _ in {(label, question) for _, label, question in found})
    # Two answers in one may have a button 申请条件 each.
    return [(number, label if meanings[label] == 1 else question, question) for number, label, question in found]


def shown(said: Said, channel: str, width: int, colour: bool) -> list[str]:
    """The answer as a channel shows it; `width` of the terminal in cells. Plain lines are left whole."""
    if not said.messages:
        return []
    if channel == "web":
        left = choices(said, channel)
        return [line for message in said.messages for line in card(message, left, width, Ink(colour))]
    return list(_wechat(said, width, Ink(colour)) if channel == "wechat" else _plain(said))


def _topics(said: Said) -> Iterator[str]:
    for message in said.messages:
        for block in (message.get("custom") or {}).get("blocks") or ():
            yield from (question["text"] for group in block.get("groups") or () for question in group["questions"])


def _offered(said: Said) -> Iterator[tuple[str, str]]:
    """(question, label) of what can be chosen, in the order in which it is read."""
    for message in said.messages:
        for block in (message.get("custom") or {}).get("blocks") or ():
            if "question" in block:
                yield block["question"], block.get("title") or block["text"]
        yield from ((button["payload"], button["title"]) for button in message.get("quick_replies") or ())


def _plain(said: Said) -> Iterator[str]:
    """The text as it is, but each option with the number that chooses it; then what else can be chosen."""
    left = choices(said, "plain")
    for message in said.messages:
        blocks = (message.get("custom") or {}).get("blocks") or ()
        options = deque(block for block in blocks if block["kind"] == "option")
        for line in message["text"].split("\n"):
            match = _NUMBERED.match(line)
            if not (match and options and line.startswith(f"{options[0]['number']}. {options[0]['title']}")):
                yield line
                continue
            number = _taken(left, options.popleft()["question"])
            yield f"{number}. {line[match.end() :]}" if number else line
    if left:
        yield f"{CHOOSE}：" + "  ".join(f"{number} {label}" for number, label, _ in left)


def _taken(left: list[Choice], question: str) -> int | None:
    """The number that asks a question, no longer left."""
    for choice in left:
        if choice[2] == question:
            left.remove(choice)
            return choice[0]
    return None


def _wechat(said: Said, width: int, ink: Ink) -> Iterator[str]:
    """The messages that a phone shows, and how long they are to the platform."""
    cut = pieces(rendered(said.messages, links=True).text)
    for number, piece in enumerate(cut, 1):
        if number > 1:
            yield ink.dim(f"——第 {number} 条——")
        for line in piece.split("\n"):
            yield from (f"{ink.dim('│')} {part}".rstrip() for part in _tappable(line, min(_PHONE, width - 2), ink))
    sizes = "、".join(str(size(piece)) for piece in cut)
    yield ink.dim(f"（{len(cut)} 条消息，{sizes} 字节；一条至多 {LIMIT} 字节）")


def _tappable(line: str, width: int, ink: Ink) -> Iterator[str]:
    """A line in parts that fit; in the accent where it can be tapped."""
    tapped = bool(_LINK.search(line))
    for part in wrapped(_LINK.sub(r"\1", line), width):
        yield ink.accent(part) if tapped else part
