"""Conversations written down, one turn a line of JSON, read back, answered again, and what differs."""

from __future__ import annotations

import difflib
import json
import os
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from shutil import copymode
from typing import TYPE_CHECKING, Any

from bot.channels.guard import MOST_CHARACTERS, RefusedError, guarded_text
from bot.console.cells import Ink

if TYPE_CHECKING:
    from bot.console.assistants import Assistant

# What stands in a line, and what each is for: read by people whose file lacks one of them.
KEYS = {
    "conversation": "这段对话的名称",
    "today": "以哪一天作答，如 2026-11-22",
    "user": "问的话",
    "bot": "回答，一个列表，每条消息一段文字",
}
BETWEEN = "（下一条消息）"
TOLD_EVERY = 100


class TranscriptError(ValueError):
    """What is wrong with a transcript, in Chinese: which file, which line, what, and how to mend it."""


@dataclass(frozen=True)
class Turn:
    """One turn: what was said, the text of each message that answered, and the day (YYYY-MM-DD) it was answered on."""

    conversation: str
    user: str
    bot: tuple[str, ...]
    today: str

    def plain(self) -> dict[str, Any]:
        """The turn as JSON, in the order that reads well."""
        return {key: getattr(self, key) for key in KEYS}

    def line(self) -> str:
        """The turn as a line of a transcript."""
        return json.dumps(self.plain(), ensure_ascii=False)


@dataclass(frozen=True)
class Difference:
    """A turn that is now answered otherwise than written down."""

    turn: Turn
    now: tuple[str, ...]

    def lines(self, colour: bool) -> list[str]:
        """The question, then both answers line by line: `-` as written down, `+` as of now."""
        before, after = _lines(self.turn.bot), _lines(self.now)
        changed = list(difflib.unified_diff(before, after, n=1, lineterm=""))[3:]  # what names the two, and the first place
        found = [f"【{self.turn.conversation}】{self.turn.user}（{self.turn.today}）"]
        found += [" ……" if line.startswith("@@") else line for line in changed]
        ink = Ink(colour)
        styles = {"【": ink.bold, "-": ink.dim, "+": ink.accent}
        return [styles[line[0]](line) if line[0] in styles else line for line in found]


def _lines(messages: Sequence[str]) -> list[str]:
    return f"\n{BETWEEN}\n".join(messages).split("\n") if messages else []


def texts(messages: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    """What a transcript keeps of an answer: the text of each message."""
    return tuple(message["text"] for message in messages if message.get("text"))


def read(path: Path) -> list[Turn]:
    """The turns of a transcript. Raises TranscriptError."""
    return parse(contents(path), str(path))


def contents(path: Path) -> str:
    """The text of a file. Raises TranscriptError where it cannot be read."""
    try:
        return decoded(path.read_bytes(), str(path))
    except FileNotFoundError as error:
        raise TranscriptError(f"{path}：没有这个文件。") from error
    except IsADirectoryError as error:
        raise TranscriptError(f"{path}：这是一个文件夹，请写出里面的文件名。") from error
    except PermissionError as error:
        raise TranscriptError(f"{path}：没有权限读这个文件。") from error
    except OSError as error:
        raise TranscriptError(f"{path}：读不出来（{error.strerror}）。") from error


def decoded(raw: bytes, name: str) -> str:
    """The text of bytes in UTF-8, with or without a byte order mark. Raises TranscriptError."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise TranscriptError(f"{name}:{line}：不是 UTF-8 编码，请在编辑器里另存为 UTF-8。") from error


def parse(text: str, name: str) -> list[Turn]:
    """The turns in the text of a transcript; `name` is what errors call it. Raises TranscriptError."""
    turns: list[Turn] = []
    began: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        turn = _turn(line, f"{name}:{number}")
        if (not turns or turns[-1].conversation != turn.conversation) and turn.conversation in began:
            raise TranscriptError(
                f"{name}:{number}：对话“{turn.conversation}”从第 {began[turn.conversation]} 行开始，中间隔着别的对话；"
                "同一段对话要写在一起，另一段请换一个名称。"
            )
        began.setdefault(turn.conversation, number)
        turns.append(turn)
    if not turns:
        raise TranscriptError(f"{name}：文件是空的，没有一轮对话。")
    return turns


def _turn(line: str, place: str) -> Turn:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"{place}：不是 JSON；一行写一轮，例如 {_example()}") from error
    if not isinstance(found, dict):
        raise TranscriptError(f"{place}：应当是一个 JSON 对象，例如 {_example()}")
    for key, meaning in KEYS.items():
        if key not in found:
            raise TranscriptError(f"{place}：缺少 {key}（{meaning}）。")
    unknown = [key for key in found if key not in KEYS]
    if unknown:
        raise TranscriptError(f"{place}：不认识 {unknown[0]}；一轮只有 {'、'.join(KEYS)}。")
    for key in ("conversation", "today", "user"):
        if not _is_text(found[key]) or not found[key].strip():
            raise TranscriptError(f"{place}：{key} 应当是一段文字（{KEYS[key]}），不能是空的。")
    check_question(found["user"], place)
    if not isinstance(found["bot"], list) or not all(map(_is_text, found["bot"])):
        raise TranscriptError(f"{place}：bot 应当是一个列表，里面是每条消息的文字；还没有回答就写 []。")
    try:
        day = date.fromisoformat(found["today"])
    except ValueError as error:
        raise TranscriptError(f"{place}：today 应当是一个日期，如 2026-11-22，而不是“{found['today']}”。") from error
    return Turn(found["conversation"], found["user"], tuple(found["bot"]), day.isoformat())


def check_question(text: str, place: str) -> None:
    """Raises TranscriptError for what no channel passes on."""
    try:
        guarded_text(text)
    except RefusedError as error:
        raise TranscriptError(f"{place}：一句话不能是空的，也不能超过 {MOST_CHARACTERS} 个字。") from error


def _example() -> str:
    return Turn("一段对话", "问的话", ("回答",), "2026-11-22").line()


def _is_text(value: object) -> bool:
    # A lone half of a surrogate pair can stand in JSON, but can be neither printed nor written.
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def write(path: Path, turns: Sequence[Turn], *, append: bool = False) -> None:
    """Write turns as a transcript, all or nothing; with `append` after those that stand there.

    Raises TranscriptError where that would lose or mix another conversation's turns, or the file cannot be written.
    """
    path = path.resolve()  # a link stays a link
    before = read(path) if path.exists() and path.stat().st_size else []
    there, names = {turn.conversation for turn in before}, {turn.conversation for turn in turns}
    if append and there & names:
        raise TranscriptError(f"{path}：已经有对话“{'”“'.join(sorted(there & names))}”，请换一个名称。")
    if not append and there - names:
        raise TranscriptError(f"{path}：里面还有别的对话“{'”“'.join(sorted(there - names)[:3])}”，不会覆盖它们；请换一个文件。")
    text = "".join(f"{turn.line()}\n" for turn in (*(before if append else ()), *turns))
    waiting = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        waiting.write_text(text, encoding="utf-8", newline="\n")
        if path.exists():
            copymode(path, waiting)
        waiting.replace(path)
    except OSError as error:
        with suppress(OSError):
            waiting.unlink(missing_ok=True)
        why = "没有权限" if isinstance(error, PermissionError) else error.strerror
        raise TranscriptError(f"{path}：写不进去（{why}）。") from error


async def answered(turns: Sequence[Turn], assistant: Assistant) -> AsyncIterator[tuple[Turn, tuple[str, ...]]]:
    """Every turn with its answer of now; each conversation from its beginning, each turn on its own day."""
    for _, conversation in groupby(turns, lambda turn: turn.conversation):
        await assistant.reset()
        for turn in conversation:
            with _as_of(turn.today) if assistant.local else nullcontext():
                said = await assistant.say(turn.user)
            yield turn, texts(said.messages)


async def replay(turns: Sequence[Turn], assistant: Assistant, tell: Callable[[str], None]) -> list[Difference]:
    """The turns that are answered otherwise than written down; `tell` hears how far it is."""
    if not assistant.local:
        tell("运行中的服务按它自己的日期作答，与记录的日期不同的，回答里的“距今多久”会不一样。")
    found, count = [], 0
    async for turn, now in answered(turns, assistant):
        count += 1
        if now != turn.bot:
            found.append(Difference(turn, now))
        if count % TOLD_EVERY == 0:
            tell(f"已重问 {count} / {len(turns)} 条……")
    return found


@contextmanager
def _as_of(day: str) -> Iterator[None]:
    """Answers are given as of a day (actions/clock.py)."""
    before = os.environ.get("HUIQI_TODAY")
    os.environ["HUIQI_TODAY"] = day
    try:
        yield
    finally:
        if before is None:
            del os.environ["HUIQI_TODAY"]
        else:
            os.environ["HUIQI_TODAY"] = before


def summary(differences: Sequence[Difference], count: int) -> str:
    """What a replay of `count` turns came to, in one sentence."""
    if not differences:
        return f"全部 {count} 条回答都与记录相同。"
    names = list(dict.fromkeys(difference.turn.conversation for difference in differences))
    shown = "、".join(names[:8]) + (f"等 {len(names)} 段" if len(names) > 8 else "")
    return f"这次修改影响 {len(differences)} 条标准问答（共 {count} 条）：{shown}。"
