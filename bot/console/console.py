"""The console without a terminal: a line in, lines out, and what is remembered in between."""

from __future__ import annotations

import asyncio
import difflib
import logging
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from actions.clock import today
from actions.knowledge import BookError
from actions.knowledge.store import BookStore, stamp
from bot import project, training
from bot.channels.guard import RefusedError
from bot.console import books, showing
from bot.console.assistants import Assistant
from bot.console.cannot import CannotError
from bot.console.cells import Ink
from bot.console.commands import COMMANDS
from bot.console.said import Said, Unreachable
from bot.console.stories import StoryError
from bot.console.transcripts import TranscriptError

logger = logging.getLogger(__name__)

PREFIXES = (":", "：")
_NUMBER = re.compile(r"(\d{1,3})\s*[.、。]?")


@dataclass(frozen=True)
class Dated:
    """What was said, and the day as of which it was answered."""

    said: Said
    day: date


class Console:
    """One person's console. `tell` takes every line that is printed; `width` gives how many cells a line may have.

    `folder` is the project in which conversations are saved. `failed` becomes True when a line came to nothing, or a
    replay differed: the exit status of a script that pipes its lines in.
    """

    def __init__(
        self,
        assistant: Assistant,
        store: BookStore,
        tell: Callable[[str], None],
        *,
        width: Callable[[], int] = lambda: 80,
        colour: bool = False,
        folder: Path = project.ROOT,
    ):
        self.assistant, self.store, self.tell = assistant, store, tell
        self.width, self.colour, self.folder = width, colour, folder
        self._ink = Ink(colour)
        self._trained = project.MODEL.stat().st_mtime if assistant.local and project.MODEL.exists() else None
        self.book, self._stamp = store.current(), stamp(store.folder)
        self.channel, self.debug = showing.CHANNELS[0], False
        self.turns: list[Dated] = []
        self.saved: set[Path] = set()  # written by this console, so that it may write them again
        self.told_profile = False  # the company was described by command, which no replay can tell
        self.leaving = self.failed = False

    async def hear(self, line: str) -> bool:
        """Do what a line says: a command, a number of the last answer's choices, else a question. False: time to go."""
        text = line.strip()
        try:
            if any("\ud800" <= char <= "\udfff" for char in text):
                raise CannotError("这一行不是 UTF-8 编码的文字，没有问出去。")
            if text.startswith(PREFIXES):
                await self._obey(text[1:])
            elif text:
                await self._ask(text)
        except (CannotError, RefusedError, Unreachable, TranscriptError, StoryError) as error:
            self._fail(str(error))
        except BrokenPipeError:
            raise  # nobody reads any more
        except Exception as error:  # a fault of the assistant must not end the console in which it is looked for
            logger.debug("a line of the console failed", exc_info=True)
            what = str(error).partition("\n")[0][:200]
            self._fail(f"出错了，没有结果：{type(error).__name__}{'：' if what else ''}{what}（HUIQI_LOG=DEBUG 打印经过）")
        if text and not self.leaving:
            self.tell("")
        return not self.leaving

    @property
    def last(self) -> Said | None:
        """The last turn of the conversation."""
        return self.turns[-1].said if self.turns else None

    def choices(self) -> list[tuple[int, str, str]]:
        """(number, label, question) of what the last answer offers."""
        return showing.choices(self.last, self.channel) if self.last else []

    def status(self) -> list[str]:
        """What the toolbar tells, the more important first."""
        changed = max((when for _, when, _ in self._stamp), default=0) / 1e9
        fixed = os.environ.get("HUIQI_TODAY") if self.assistant.local else None
        found = [
            self.assistant.name,
            f"日期 {fixed}" if fixed else "",
            self.channel,
            f"上次 {self.last.seconds * 1000:.0f} ms" if self.last else "",
            f"政策库 {len(self.book.policies)} 项 {_when(changed)}",
            f"模型 {_when(self._trained)}" if self._trained else "",
            f"会话 {self.assistant.session[-6:]}",
        ]
        return [item for item in found if item]

    def note(self, text: str) -> None:
        """A word of the console itself."""
        self.tell(self._ink.dim(text))

    def show(self, said: Said) -> None:
        """Print an answer as the chosen channel shows it."""
        for line in showing.shown(said, self.channel, self.width(), self.colour):
            self.tell(line)

    def begin_anew(self) -> None:
        """The assistant has begun a new conversation: what belongs to the old one is put away."""
        self.turns, self.told_profile, self.saved = [], False, set()

    async def reread(self) -> None:
        """Take the book as its files stand now, and tell what changed. Raises CannotError where it is faulty."""
        self._stamp = stamp(self.store.folder)
        try:
            warnings = await asyncio.to_thread(self.store.reload)
        except BookError as error:
            raise CannotError(f"政策库有 {len(error.problems)} 处错误，仍用原来的：\n{error}") from error
        book = self.store.current()
        lines = books.changes(self.book, book)
        self.book = book
        self.note(f"已读入政策库：{lines[0]}" if lines else f"政策库没有变化（{len(book.policies)} 项）。")
        for line in lines[1:]:
            self.note(line)
        if warnings:
            self.note(f"有 {len(warnings)} 处提示，huiqi validate 列出。")
        if not self.assistant.local:
            self.note("这是本机的政策库；运行中的服务自己读入它的。")
        elif not training.fresh():
            self.note("新写的名称现在就认得；问法的分类（意图）要等 huiqi train 之后才学到。")

    async def _obey(self, text: str) -> None:
        name, _, rest = (text.strip() or "help").replace("\u3000", " ").partition(" ")
        command = COMMANDS.get(name.lower())
        if command is None:
            near = difflib.get_close_matches(name.lower(), COMMANDS, 1, 0.5)
            raise CannotError(f"没有命令 :{name}{f'，是不是 :{near[0]}' if near else ''}？:help 列出全部命令。")
        if rest.strip() and not command.arguments:
            raise CannotError(f"{command.usage} 后面不写别的。")
        await command.run(self, rest.strip())

    async def _ask(self, text: str) -> None:
        number = _NUMBER.fullmatch(text)
        chosen = {choice: question for choice, _, question in self.choices()} if number else {}
        if number and int(number[1]) in chosen:
            text = chosen[int(number[1])]
            self.note(f"→ {text}")
        if self.assistant.local and stamp(self.store.folder) != self._stamp:
            await self._notice()
        day = today()
        said = await self.assistant.say(text)
        self.turns.append(Dated(said, day))
        self.show(said)
        if self.debug and said.trace:
            for line in ("", *showing.debugged(said.trace, self.colour)):
                self.tell(line)

    async def _notice(self) -> None:
        """The book was edited meanwhile; a faulty one is told of, and the question is answered from the old one."""
        try:
            await self.reread()
        except CannotError as error:
            self._fail(str(error))

    def _fail(self, why: str) -> None:
        self.failed = True
        for number, line in enumerate(why.split("\n")):
            self.tell(line if number else self._ink.bold(line))


def _when(moment: float) -> str:
    """A moment (seconds since the epoch) in five cells: the time of today, else the day."""
    found = datetime.fromtimestamp(moment)
    return f"{found:%H:%M}" if found.date() == datetime.now().date() else f"{found:%m-%d}"
