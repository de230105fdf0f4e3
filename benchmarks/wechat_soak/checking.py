"""Whether each message made one turn and brought one answer, by what the tracker store has kept."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rasa.shared.core.events import Event

from benchmarks.wechat_soak.driving import Driven, Exchange
from bot.channels.messages import Message, history
from bot.channels.wechat.callback import MORE, WAIT
from bot.channels.wechat.desk import BETWEEN
from bot.channels.wechat.rendering import rendered
from bot.wechatsim.accounts import OFFICIAL, Side

Turns = dict[str, dict[str, list[Message]]]


@dataclass(frozen=True)
class Counted:
    """The turns that were kept, and the messages that made none as they only fetched what was waiting."""

    turns: int
    fetched: int


def check(driven: Driven, sides: Iterable[Side], database: Path) -> tuple[Counted, list[str]]:
    """How much was said, and what was wrong with what came of it."""
    turns, counts = _kept(database)
    links = {side.name: side.kind == OFFICIAL for side in sides}
    wrong = [f"{sender}：消息 {id} 有 {count} 轮" for (sender, id), count in counts.items() if count != 1]
    fetched = 0
    said: dict[str, list[str]] = defaultdict(list)
    for exchange in driven.exchanges:
        sender = f"wechat-{exchange.account}-{exchange.user}"
        kept = turns.get(sender, {})
        # Words that only fetched what was waiting are no turns.
        asked = [heard.id for heard in exchange.said if heard.id in kept]
        fetched += len(exchange.said) - len(asked)
        said[sender] += asked
        expected = "".join(_answer(kept[id], links[exchange.account]) for id in asked)
        if not _is_all(_parts(exchange), _bare(expected)):
            wrong.append(_different(exchange, expected))
    for sender, ids in said.items():
        order = [id for id in turns.get(sender, {}) if id in set(ids)]
        if order != ids:
            wrong.append(f"{sender}：先后不对")
    asked_for = sum(len(ids) for ids in said.values())
    if asked_for != driven.messages:
        wrong.append(f"说了 {driven.messages} 条消息，只有 {asked_for} 条有一轮对话")
    if sum(counts.values()) != asked_for:
        wrong.append(f"对话记录里有 {sum(counts.values())} 轮，应当是 {asked_for} 轮")
    return Counted(sum(counts.values()), fetched), wrong


def _kept(database: Path) -> tuple[Turns, Counter[tuple[str, str]]]:
    """By sender: what each message was answered, in the order of the turns; and how many turns a message made."""
    events: dict[str, list[Event]] = defaultdict(list)
    counts: Counter[tuple[str, str]] = Counter()
    with sqlite3.connect(database) as connection:
        rows = connection.execute(
            "SELECT sender_id, data FROM events WHERE sender_id LIKE 'wechat-%' AND type_name IN ('user', 'bot') ORDER BY id"
        )
        for sender, data in rows:
            told = json.loads(data)
            events[sender].append(Event.from_parameters(told))
            if told["event"] == "user":
                counts[sender, told["message_id"]] += 1
    turns: Turns = {}
    for sender, found in events.items():
        turns[sender] = {id: [] for kept, id in counts if kept == sender}
        for message in history(found):
            if message["who"] == "bot":
                turns[sender][message["turn"]].append(message)
    return turns, counts


def _answer(messages: Sequence[Message], links: bool) -> str:
    return rendered(messages, links).text


def _parts(exchange: Exchange) -> list[str]:
    """What was shown, without the words that only say how to get on."""
    return [part for text in exchange.shown if text != WAIT for part in text.split(BETWEEN)]


def _is_all(parts: Sequence[str], expected: str) -> bool:
    """Whether the parts are the whole, in order; who asked something else before the rest was fetched goes without it."""
    place, left = 0, False
    for part in parts:
        told = _bare(part.removesuffix(MORE))
        found = expected.find(told, place)
        if found < 0 or (found > place and not left):
            return False
        place, left = found + len(told), part.endswith(MORE)
    return place == len(expected)


def _bare(text: str) -> str:
    """A text without the white space at which it may have been cut."""
    return "".join(text.split())


def _different(exchange: Exchange, expected: str) -> str:
    told = _bare("".join(_parts(exchange)))
    how = "回答不是这一轮的" if told else "没有回答"
    if told and expected and told.count(_bare(expected)) > 1:
        how = "回答了不止一次"
    deliveries = "、".join(f"{heard.kind} {_rounded(heard.seconds)}" for heard in exchange.said)
    return (
        f"{exchange.account} {exchange.user}：{how}（{len(told)} 字，应当 {len(_bare(expected))} 字；{deliveries}；"
        f"显示了 {[text[:12] for text in exchange.shown]}）"
    )


def _rounded(seconds: Sequence[float | None]) -> list[float | None]:
    return [one and round(one, 2) for one in seconds]
