"""`huiqi shell` itself: on a pseudo-terminal with its keys, and in a pipe."""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import logging
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.data_structures import Size
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from prompt_toolkit.output.vt100 import Vt100_Output

from actions.knowledge.store import BookStore
from bot import project, training
from bot.console import terminal
from bot.console.cells import width_of
from bot.console.console import Console
from bot.console.said import Said
from tests.console.test_console import Recorder
from tests.knowledge.books import TEXTS, write_book

COMMAND = [sys.executable, "-m", "bot.cli", "shell"]
QUESTION = "高新贷最高多少"
# In seconds: until the model is loaded on a busy machine, and for one key.
START, STEP = 90.0, 10.0
ENTER, TAB, DOWN, RIGHT, LEFT, CTRL_C, CTRL_D = "\r", "\t", "\x1b[B", "\x1b[C", "\x1b[D", "\x03", "\x04"
# The prompt asks where the cursor is, to know how much room is left for the toolbar and menus.
ASKS_WHERE, AT_THE_TOP = b"\x1b[6n", b"\x1b[1;1R"
_STEERING = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]")


@pytest.fixture
def assistant() -> Recorder:
    return Recorder()


@pytest.fixture
def store(tmp_path: Path) -> BookStore:
    return BookStore(write_book(tmp_path, TEXTS))


class TestPipe:
    """Without a process: what is read and printed where nobody types."""

    def run(self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, given: bytes, replay: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        return terminal.run(assistant, store, argparse.Namespace(debug=False, channel="plain", replay=replay))

    def test_lines_are_repeated_and_answered(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert self.run(store, assistant, monkeypatch, "\ufeff一\r\n\n：session\n二".encode()) == 0
        assert assistant.asked == ["一", "二"]
        assert capsys.readouterr().out.split("\n") == [
            "问> 一",
            "最高 50 万元。",
            "",
            "问> ：session",
            "会话 session-1，本进程，说过 1 句。",
            "",
            "问> 二",
            "最高 50 万元。",
            "",
            "",
        ]

    def test_nothing_that_steers_a_terminal_is_printed(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assistant.text = "\x1b[31m红\x07"
        assert self.run(store, assistant, monkeypatch, b"\x1b]0;x\x07\xd6\xd0\na\x1b[2Jb\n") == 1
        printed = capsys.readouterr().out
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]", printed)
        assert "红" in printed

    @pytest.mark.parametrize(("line", "status"), [(":help", 0), (":nothing", 1), (":why", 1), (":quit\n:nothing", 0)])
    def test_the_exit_status_says_whether_all_went_well(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, line: str, status: int
    ) -> None:
        assert self.run(store, assistant, monkeypatch, line.encode()) == status

    def test_a_replay_comes_first(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        file = tmp_path / "x.jsonl"
        file.write_text(_turn("一", "最高 50 万元。"), encoding="utf-8")
        assert self.run(store, assistant, monkeypatch, b"", str(file)) == 0
        file.write_text(_turn("一", "最高 30 万元。"), encoding="utf-8")
        assert self.run(store, assistant, monkeypatch, "二".encode(), str(file)) == 1
        assert assistant.asked == ["一", "一", "二"]

    def test_a_reader_who_leaves_ends_it_quietly(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        read, write = os.pipe()
        os.close(read)
        with open(write, "w", encoding="utf-8") as out:
            monkeypatch.setattr("sys.stdout", out)
            assert self.run(store, assistant, monkeypatch, "一\n二".encode()) == 1
        assert len(assistant.asked) <= 1


class Slow(Recorder):
    """Answers when it is let."""

    def __init__(self) -> None:
        super().__init__()
        self.may = asyncio.Event()

    async def say(self, text: str) -> Said:
        self.asked.append(text)
        await self.may.wait()
        return Said(text, [{"id": "m", "turn": "t", "text": f"答{text}"}], 0.5)


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


class TestPrompt:
    """Without a process: the prompt while somebody types."""

    @pytest.fixture(autouse=True)
    def _environment(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("NO_COLOR", raising=False)
        monkeypatch.delenv("HUIQI_TODAY", raising=False)

    def typed(self, keys: str, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
        """(what the prompt drew, what was printed) for keys that leave in the end."""
        printed = Tty()
        drawn = io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True)
        monkeypatch.setattr("sys.stdin", Tty())
        monkeypatch.setattr("sys.stdout", printed)
        output = Vt100_Output(drawn, lambda: Size(24, 80), term="xterm-256color")
        with closing(create_pipe_input()) as pipe, create_app_session(input=pipe, output=output):
            pipe.send_text(keys)
            assert terminal.run(assistant, store, argparse.Namespace(debug=False, channel="plain", replay="")) == 0
        drawn.seek(0)
        return drawn.read(), printed.getvalue()

    def during(self, store: BookStore, assistant: Recorder, work: Callable[[Any], Awaitable[None]]) -> list[str]:
        """What is printed while `work` is done; it is given a function that types."""
        printed: list[str] = []

        class Written(terminal.Terminal):
            def tell(self, line: str) -> None:
                printed.append(line)

        async def talk() -> None:
            with closing(create_pipe_input()) as pipe, create_app_session(input=pipe, output=DummyOutput()):
                front = Written()
                talking = asyncio.ensure_future(front.talk(Console(assistant, store, front.tell), []))

                async def type_in(keys: str) -> None:
                    pipe.send_text(keys)
                    await asyncio.sleep(0.25)

                await work(type_in)
                await asyncio.wait_for(talking, STEP)

        asyncio.run(talk())
        return [line for line in printed if line]

    def test_the_welcome_the_answer_and_no_mistake_for_the_exit_status(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, printed = self.typed("一\r:nothing\r:quit\r", store, assistant, monkeypatch)
        assert "惠企问答测试终端：本进程，政策库 2 项。" in printed
        assert "最高 50 万元。" in printed
        assert "没有命令 :nothing" in printed

    def test_no_colour_where_none_is_wanted(self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
        colour = re.compile(r"\x1b\[(?:[0-9;]*;)?[349][0-8][;m]")
        drawn, printed = self.typed(f":help\r:session\r{CTRL_D}", store, assistant, monkeypatch)
        assert colour.search(drawn)
        assert "\x1b[2m" in printed
        monkeypatch.setenv("NO_COLOR", "1")
        drawn, printed = self.typed(f":help\r:session\r{CTRL_D}", store, assistant, monkeypatch)
        assert not colour.search(drawn)
        assert "\x1b" not in printed

    def test_a_history_that_cannot_be_kept_is_no_fault(
        self, store: BookStore, assistant: Recorder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "state").write_text("no folder", encoding="utf-8")
        self.typed(f"一\r{CTRL_D}", store, assistant, monkeypatch)
        assert assistant.asked == ["一"]

    def test_one_types_on_while_an_answer_is_waited_for(self, store: BookStore) -> None:
        assistant = Slow()

        async def work(type_in: Any) -> None:
            await type_in("一\r")
            await type_in("二\r")
            assert assistant.asked == ["一"]
            await type_in("三")
            assistant.may.set()
            await type_in(f"\r{CTRL_D}")

        assert self.during(store, assistant, work) == ["答一", "答二", "答三"]

    def test_ctrl_c_stops_what_is_waited_for(self, store: BookStore) -> None:
        assistant = Slow()

        async def work(type_in: Any) -> None:
            await type_in("一\r")
            await type_in("二\r")
            await type_in(f"说了一半{CTRL_C}")
            await type_in(CTRL_C)
            assistant.may.set()
            await type_in(f"三\r{CTRL_D}")

        assert self.during(store, assistant, work) == ["已停下。", "答三"]
        assert assistant.asked == ["一", "三"]

    def test_who_leaves_still_gets_the_answer(self, store: BookStore) -> None:
        assistant = Slow()

        async def work(type_in: Any) -> None:
            await type_in(f"一\r{CTRL_D}")
            asyncio.get_running_loop().call_later(0.2, assistant.may.set)

        assert self.during(store, assistant, work) == ["答一"]

    def test_the_end_signal_leaves_in_order(self, store: BookStore, assistant: Recorder) -> None:
        async def work(type_in: Any) -> None:
            await type_in("没说完")
            os.kill(os.getpid(), signal.SIGTERM)

        assert self.during(store, assistant, work) == []

    def test_what_is_logged_is_printed_above_the_prompt(self, store: BookStore, assistant: Recorder) -> None:
        handler = logging.StreamHandler(sys.stderr)
        logging.getLogger().addHandler(handler)

        async def work(type_in: Any) -> None:
            await type_in("")
            logging.getLogger("somebody").warning("a warning")
            await type_in(CTRL_D)

        try:
            assert "a warning" in self.during(store, assistant, work)
        finally:
            logging.getLogger().removeHandler(handler)


def _turn(user: str, bot: str) -> str:
    return json.dumps({"conversation": "一段", "today": "2026-11-22", "user": user, "bot": [bot]}, ensure_ascii=False)


class Window:
    """A terminal of so many columns in which the shell runs: keys in, what was drawn since the last keys out."""

    def __init__(self, columns: int, **environment: str):
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        self._process = subprocess.Popen(
            COMMAND,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=project.ROOT,
            env=_environment(TERM="xterm-256color", **environment),
            start_new_session=True,
        )
        os.close(slave)
        self.drawn = self.welcome = ""

    def press(self, *keys: str) -> None:
        self._read(0.05)
        self.drawn = ""
        os.write(self._master, "".join(keys).encode())

    def wait_for(self, text: str, seconds: float = STEP) -> str:
        """What was drawn up to this text and shortly after, without what steers the terminal."""
        until = time.monotonic() + seconds
        while text not in (seen := _STEERING.sub("", self.drawn)):
            assert time.monotonic() < until, f"“{text}” is not drawn, but {seen!r}"
            assert self._read(0.2), f"ended before “{text}” was drawn: {seen!r}"
        self._read(0.1)
        return _STEERING.sub("", self.drawn)

    def wait_until_drawn(self, pattern: str) -> None:
        """Wait for what steers the terminal, too."""
        until = time.monotonic() + STEP
        while not re.search(pattern, self.drawn):
            assert time.monotonic() < until, f"{pattern} is not drawn, but {self.drawn!r}"
            self._read(0.2)

    def ask(self, line: str, text: str) -> str:
        """Type a line, key by key and then Enter; what is drawn once the text is."""
        self.press(line)
        self._read(0.1)
        self.press(ENTER)
        return self.wait_for(text)

    def status(self) -> int:
        """The exit status, when it has ended by itself."""
        while self._read(STEP):
            pass
        return self._process.wait(STEP)

    def close(self) -> None:
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        os.close(self._master)

    def _read(self, seconds: float) -> bool:
        """Take what is drawn, until nothing came for so long. False when the shell has ended."""
        while select.select([self._master], [], [], seconds)[0]:
            try:
                data = os.read(self._master, 65536)
            except OSError:  # how Linux tells of the end
                return False
            self.drawn += data.decode(errors="replace")
            if ASKS_WHERE in data:
                os.write(self._master, AT_THE_TOP)
        return True


def _environment(**more: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "LINES", "NO_COLOR", "HUIQI_LOG")}
    return kept | {"HUIQI_TODAY": "2026-11-22", "PYTHONWARNINGS": "ignore"} | more


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shell")


@pytest.fixture(scope="module")
def started(folder: Path) -> Iterator[tuple[Window, subprocess.Popen[str]]]:
    """The shell in a window and in a pipe: both are loaded at the same time."""
    if not training.fresh():
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], cwd=project.ROOT, check=True, capture_output=True)
    differing = folder / "differing.jsonl"
    differing.write_text(_turn(QUESTION, "最高 1 元。"), encoding="utf-8")
    piped = subprocess.Popen(
        COMMAND,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=project.ROOT,
        env=_environment(TERM="xterm-256color"),
        encoding="utf-8",
    )
    assert piped.stdin
    piped.stdin.write(f"{QUESTION}\n1\n:replay {differing} --diff\n")
    window = Window(40, XDG_STATE_HOME=str(folder / "state"), HUIQI_DATABASE=str(folder / "ratings.db"))
    yield window, piped
    window.close()
    piped.kill()
    piped.communicate()


@pytest.fixture(scope="module")
def window(started: tuple[Window, subprocess.Popen[str]]) -> Window:
    """The window, ready for the first key."""
    started[0].wait_for("Ctrl-D 离开", START)
    started[0].welcome = started[0].wait_for(" 本进程")
    return started[0]


@pytest.mark.agent
class TestKeys:
    """One shell in one window; each test leaves an empty line behind, the last one leaves."""

    def test_what_is_typed_is_answered_and_kept_for_its_owner_alone(self, window: Window, folder: Path) -> None:
        assert "500 万元" in window.ask(QUESTION, "可选：")
        history = folder / "state" / "huiqi" / "history"
        assert f"+{QUESTION}\n" in history.read_text(encoding="utf-8")
        assert stat.S_IMODE(history.stat().st_mode) == 0o600
        assert stat.S_IMODE(history.parent.stat().st_mode) == 0o700

    def test_the_toolbar_tells_what_fits_into_a_line(self, window: Window) -> None:
        (toolbar,) = re.findall(r"\n( 本进程 · [^\r\n]*)", window.welcome)
        assert "plain" in toolbar
        assert "会话" not in toolbar
        assert width_of(toolbar.rstrip()) < 40

    def test_chinese_takes_two_cells(self, window: Window) -> None:
        window.press("贷")
        window.wait_for("贷")
        window.press(LEFT)
        window.wait_until_drawn(r"\x1b\[2D")
        window.press(CTRL_C)

    def test_what_was_typed_before_is_suggested(self, window: Window) -> None:
        window.press("高新")
        window.wait_for("贷最高多少")
        window.press(RIGHT)
        window.press(ENTER)
        assert "500 万元" in window.wait_for("可选：")

    def test_tab_completes(self, window: Window) -> None:
        window.press(":hist")
        window.wait_for("这段对话说过什么")
        window.press(TAB)
        window.wait_for(":history")
        window.press(ENTER)
        window.wait_for(f"1  {QUESTION}")
        window.press("上合示")
        window.press(TAB)
        window.wait_for("范区")
        window.press(CTRL_C)

    def test_an_arrow_goes_into_the_choices(self, window: Window) -> None:
        window.ask(QUESTION, "可选：")
        window.press(DOWN)
        window.wait_for("1 申请条件")
        window.press(DOWN)
        window.wait_for("找哪个部门")
        window.press(ENTER)
        window.wait_for("可选：")
        assert "“高新贷”找哪个部门？" in window.ask(":history", "找哪个部门？")

    def test_two_lines_at_once_are_answered_one_after_the_other(self, window: Window) -> None:
        window.press(f":date 2027-01-01{ENTER}:date today{ENTER}")
        drawn = window.wait_for("（今天）")
        assert drawn.index("以 2027-01-01") < drawn.index(":date today\r") < drawn.index("（今天）")

    def test_ctrl_c_clears_the_line_and_then_says_how_to_leave(self, window: Window) -> None:
        window.press("说了一半")
        window.press(CTRL_C)
        window.ask(":nothing", "没有命令 :nothing？")
        window.press(CTRL_C)
        window.press(CTRL_C)
        window.wait_for("要离开，按 Ctrl-D")
        assert "说了一半" not in window.ask(":history", "1  ")

    def test_ctrl_d_leaves(self, window: Window) -> None:
        window.press(CTRL_D)
        assert window.status() == 0


@pytest.mark.agent
def test_a_pipe_gets_the_conversation_and_nothing_else(started: tuple[Window, subprocess.Popen[str]]) -> None:
    out, told = started[1].communicate(timeout=START)
    assert started[1].returncode == 1, told
    assert out.startswith(f"问> {QUESTION}\n")
    assert "500 万元" in out
    assert "\n→ " in out  # the 1 was a choice
    assert "\n-最高 1 元。\n" in out
    assert out.rstrip().endswith("这次修改影响 1 条标准问答（共 1 条）：一段。")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", out)
    assert told.startswith("加载政策库")
