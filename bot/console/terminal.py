"""`huiqi shell` on a terminal, with its keys, and in a pipe, line by line."""

from __future__ import annotations

import argparse
import asyncio
import io
import logging
import os
import shutil
import signal
import sys
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

from prompt_toolkit import PromptSession
from prompt_toolkit.application import Application, get_app, run_in_terminal
from prompt_toolkit.auto_suggest import AutoSuggestFromHistory
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.output import ColorDepth

from actions.knowledge.store import BookStore
from bot.console.assistants import Assistant
from bot.console.cells import width_of
from bot.console.completion import Completions
from bot.console.console import PREFIXES, Console

PROMPT = "问> "
BETWEEN = " · "
# An answer that comes in so many seconds is printed before the next prompt; a later one above it.
AT_ONCE = 0.1


def run(assistant: Assistant, store: BookStore, options: argparse.Namespace) -> int:
    """Talk until the input ends. Returns the exit status: from a pipe 1 when something went wrong or a replay differed."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # not every locale can write Chinese
    try:
        return asyncio.run(_talk(assistant, store, options))
    except BrokenPipeError:  # as with `| head`: nobody reads any more, and nothing more may be written at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


async def _talk(assistant: Assistant, store: BookStore, options: argparse.Namespace) -> int:
    typed = sys.stdin.isatty() and sys.stdout.isatty()
    live = typed and os.environ.get("TERM", "dumb") != "dumb"
    front = Terminal() if live else Pipe(typed)
    console = Console(assistant, store, front.tell, width=_width, colour=live and not os.environ.get("NO_COLOR"))
    console.debug, console.channel = options.debug, options.channel
    if typed:
        console.note(
            f"惠企问答测试终端：{assistant.name}，政策库 {len(console.book.policies)} 项。输入问题；:help 看命令，Ctrl-D 离开。"
        )
    try:
        await front.talk(console, [f":replay {options.replay} --diff"] if options.replay else [])
    finally:
        await assistant.close()
    return int(console.failed and not typed)


def _width() -> int:
    return shutil.get_terminal_size().columns


class Pipe:
    """Lines from a pipe or a file; `typed` where they come from a terminal that can only print."""

    def __init__(self, typed: bool):
        self._typed = typed

    def tell(self, line: str) -> None:
        """Print a line, without anything that steers a terminal."""
        print("".join(char for char in line if char == "\t" or unicodedata.category(char) not in ("Cc", "Cs")), flush=True)

    async def talk(self, console: Console, lines: Sequence[str]) -> None:
        """Hear every line."""
        for line in lines:
            await console.hear(line)
        while not console.leaving:
            if self._typed:
                print(PROMPT, end="", flush=True)
            raw = sys.stdin.buffer.readline()
            if not raw:
                return print() if self._typed else None
            line = raw.decode("utf-8-sig", "surrogateescape").strip()
            if line and not self._typed:
                self.tell(f"{PROMPT}{line}")
            await console.hear(line)


class Terminal:
    """A prompt that stays while answers are worked out; they are printed above it."""

    def __init__(self) -> None:
        self._app: Application[str] | None = None
        self._waiting: list[str] = []
        self._one_by_one = asyncio.Lock()
        self._heard: set[asyncio.Task[None]] = set()
        self._idle_interrupts = 0

    def tell(self, line: str) -> None:
        """Print a line above the prompt, together with those that come with it."""
        self._waiting.append(line)
        if not (self._app and self._app.is_running):
            self._print()
        elif len(self._waiting) == 1:
            run_in_terminal(self._print)

    def _print(self) -> None:
        for line in self._waiting:
            print(line)
        self._waiting.clear()
        sys.stdout.flush()

    async def talk(self, console: Console, lines: Sequence[str]) -> None:
        """Prompt until Ctrl-D or :quit, then finish what was asked."""
        session = self._session(console)
        self._app = session.app
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, partial(self._leave, console))
        for line in lines:
            self._hear(console, line)
        with _logging_to(self.tell), suppress(EOFError):
            while not console.leaving:
                heard = self._hear(console, await session.prompt_async())
                await asyncio.wait([heard], timeout=AT_ONCE)
        await asyncio.gather(*self._heard, return_exceptions=True)

    def _hear(self, console: Console, line: str) -> asyncio.Task[None]:
        self._idle_interrupts = 0
        task = asyncio.ensure_future(self._in_turn(console, line))
        self._heard.add(task)
        task.add_done_callback(self._heard.discard)
        return task

    async def _in_turn(self, console: Console, line: str) -> None:
        async with self._one_by_one:
            if not console.leaving and not await console.hear(line):
                self._leave(console)
        if self._app:
            self._app.invalidate()

    def _leave(self, console: Console) -> None:
        console.leaving = True
        if self._app and self._app.is_running and not self._app.is_done:
            self._app.exit(exception=EOFError())

    def _session(self, console: Console) -> PromptSession[str]:
        return PromptSession(
            [("bold", PROMPT)],
            history=_history(),
            # What is suggested differs from what is typed by nothing but its colour.
            auto_suggest=AutoSuggestFromHistory() if console.colour else None,
            completer=Completions(console),
            complete_while_typing=Condition(lambda: get_app().current_buffer.text.startswith(PREFIXES)),
            bottom_toolbar=lambda: self._toolbar(console),
            key_bindings=self._keys(console),
            color_depth=None if console.colour else ColorDepth.DEPTH_1_BIT,
            enable_suspend=True,
        )

    def _toolbar(self, console: Console) -> str:
        """As much of the console's state as fits into one line."""
        found = ""
        for item in (["请稍候……"] if self._heard else []) + console.status():
            longer = f"{found}{BETWEEN}{item}" if found else f" {item}"
            found = longer if width_of(longer) < console.width() else found
        return found

    def _keys(self, console: Console) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("down", filter=Condition(lambda: not get_app().current_buffer.text and bool(console.choices())))
        def _choose(event: KeyPressEvent) -> None:
            event.current_buffer.start_completion(select_first=True)

        @keys.add("c-c")
        @keys.add("<sigint>")
        def _interrupt(event: KeyPressEvent) -> None:
            if event.current_buffer.text:
                event.current_buffer.reset()
            elif self._heard:
                for task in self._heard:
                    task.cancel()
                console.note("已停下。")
            else:
                self._idle_interrupts += 1
                if self._idle_interrupts == 2:
                    console.note("要离开，按 Ctrl-D 或输入 :quit。")
                    self._idle_interrupts = 0

        return keys


@contextmanager
def _logging_to(tell: Callable[[str], None]) -> Iterator[None]:
    """What is logged to the error stream, which would be printed into the prompt, is told instead."""

    class Told(io.StringIO):
        def write(self, text: str) -> int:
            if text.strip():
                tell(text.rstrip("\n"))
            return len(text)

    handlers = [handler for handler in logging.getLogger().handlers if isinstance(handler, logging.StreamHandler)]
    moved = [handler for handler in handlers if handler.stream is sys.stderr]
    for handler in moved:
        handler.setStream(Told())
    try:
        yield
    finally:
        for handler in moved:
            handler.setStream(sys.stderr)


class PrivateHistory(FileHistory):
    """What was typed, in a file that only its owner reads; a full disk does not end the console."""

    def store_string(self, string: str) -> None:
        """Keep a line."""
        with suppress(OSError, UnicodeError):
            super().store_string(string)


def _history() -> History:
    """The lines typed before, in $XDG_STATE_HOME/huiqi/history (XDG Base Directory); kept nowhere where that cannot be."""
    named = os.environ.get("XDG_STATE_HOME", "")
    try:
        folder = (Path(named) if os.path.isabs(named) else Path.home() / ".local" / "state") / "huiqi"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        file = folder / "history"
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        file.chmod(0o600)
    except (OSError, RuntimeError):  # the latter where there is no home
        return InMemoryHistory()
    return PrivateHistory(str(file))
