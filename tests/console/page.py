"""The sessions that docs/终端.md shows, held again in a copy of the project.

`python -m tests.console.page` writes what is printed now into the page.
"""

from __future__ import annotations

import io
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from typing import Any
from unittest.mock import patch

from actions.knowledge import store
from bot import cli, logs, project
from bot.console.assistants import InProcess
from tests.conftest import BOOK

ROOT = BOOK.parents[1]
PAGE = ROOT / "docs" / "终端.md"
# What the console needs of the project: the code, what the model was trained on, the model, the standard questions.
COPIED = ("bot", "actions", "data/nlu", "data/stories", "data/transcripts/standard.jsonl", "models", "requirements.lock")
POLICY, NEXT = "qdftz-talent-carrier-match", "qdftz-employer-talent-reward"
SECONDS = 180  # after which a console that hangs is ended
# Typed after every line: where its answer begins, the one before it has ended.
_END = ":session end"

_BLOCK = re.compile(r"^```text\n(.*?)^```$|^<!-- 练习：([^\n]+) -->$", re.MULTILINE | re.DOTALL)
_TURN = re.compile(r"^(问> |\$ )(.+)\n((?:(?!问> |\$ ).*\n)*)", re.MULTILINE)
# What differs each time, and what stands for it when two sessions are compared.
_MASKS = (
    (re.compile(r"\d+\.\d(?= \+| ms| =)"), "#"),
    (re.compile(r"(?<=\bshell-)[0-9a-f]{16}"), "#"),
    (re.compile(r"[\d-]{10}(?=（今天）)"), "#"),
)

# What the clerk makes of the record, by what the page calls it in a comment that nobody sees.
EDITS: dict[str, Callable[[str], str]] = {
    "拿掉": lambda policy: "",
    "写错一处": lambda policy: policy.replace("ratio: 1,", "ratio: 1:1,"),
    "录好": lambda policy: policy,
    "多一个叫法": lambda policy: policy.replace("aliases: [", "aliases: [配套, "),
    "少一条澄清": lambda policy: "".join(line for line in policy.splitlines(keepends=True) if "只写了配套比例" not in line),
}


def masked(text: str) -> str:
    """A text without times, ids of sessions and the day of today."""
    for pattern, mark in _MASKS:
        text = pattern.sub(mark, text)
    return text


def record(text: str) -> tuple[str, str, str]:
    """The file of the exercise in three: before its record, the record, and what follows."""
    start, end = text.index(f"  - id: {POLICY}\n"), text.index(f"  - id: {NEXT}\n")
    return text[:start], text[start:end], text[end:]


def edited(text: str, how: str) -> str:
    """The file after the edit that the page describes; `text` is the real one."""
    before, policy, after = record(text)
    return before + EDITS[how](policy) + after


class Exercise:
    """The project and the book of a clerk who follows the page, in a folder of their own, with a console open."""

    def __init__(self, home: Path, agent: Any):
        self._home, self._agent, self._status = home, agent, 0
        self._stores: dict[Path, store.BookStore] = {}  # the books that commands have read since the last edit
        self._project, self._file = home / "huiqi", home / "练习" / "qdftz.yml"
        for name in COPIED:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2
            (self._project / name).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / name, self._project / name)
        shutil.copytree(BOOK, self._file.parent)
        self._text = self._file.read_text(encoding="utf-8")
        settings = {"HUIQI_BOOK": str(self._file.parent), "HUIQI_TODAY": "2026-11-22", "HUIQI_DATABASE": str(home / "db")}
        self._environment = {**os.environ, **settings, "HOME": str(home), "COLUMNS": "80", "PYTHONUTF8": "1"}
        self._console = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "shell"],
            cwd=self._project,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
        )
        self._timer = threading.Timer(SECONDS, self._console.kill)
        self._timer.start()
        self._hear("")  # an edit before it is loaded would be no edit in use

    def close(self) -> None:
        """End the console."""
        self._timer.cancel()
        self._console.kill()
        self._console.communicate()

    def held(self, page: str) -> str:
        """The page with what is printed now."""
        return _BLOCK.sub(self._block, page)

    def _block(self, match: re.Match[str]) -> str:
        if match[2]:
            self._file.write_text(edited(self._text, match[2]), encoding="utf-8")
            self._stores.clear()
            return match[0]
        return f"```text\n{_TURN.sub(self._turn, match[1]).rstrip()}\n```"

    def _turn(self, match: re.Match[str]) -> str:
        printed = self._hear(match[2]) if match[1] == "问> " else self._run(match[2])
        return f"{match[1]}{match[2]}\n{printed.replace(str(self._home), '~')}".rstrip() + "\n\n"

    def _hear(self, line: str) -> str:
        """What the console prints for a line."""
        assert self._console.stdin
        assert self._console.stdout
        self._console.stdin.write(f"{line}\n{_END}\n")
        self._console.stdin.flush()
        found: list[str] = []
        while not found or found[-1] not in ("", f"问> {_END}\n"):
            found.append(self._console.stdout.readline())
        for _ in range(2 if found[-1] else 0):  # the answer to it, and the line between
            self._console.stdout.readline()
        return "".join(found[1:-1])

    def _run(self, command: str) -> str:
        """What a command of the shell prints on its standard output; `huiqi ask` with the assistant of the tests."""
        if command == "echo $?":
            return str(self._status)
        words = shlex.split(command)
        if words[0] == "cat":
            return (self._project / words[1]).read_text(encoding="utf-8")
        if words[0] == "echo":
            _, text, _, file = words
            (self._project / file).write_text(f"{text}\n", encoding="utf-8")
            return ""
        settings = dict(words.pop(0).split("=", 1) for word in list(words) if "=" in word)
        assert words.pop(0) == ".venv/bin/huiqi", command
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, self._environment))
            stack.enter_context(patch.dict(os.environ, {name: os.path.expanduser(value) for name, value in settings.items()}))
            stack.enter_context(patch.object(store, "_stores", self._stores))
            stack.enter_context(patch.object(InProcess, "load", lambda tell: InProcess(self._agent)))
            stack.enter_context(patch.object(cli, "_ready_to_ask"))
            stack.callback(os.chdir, os.getcwd())
            os.chdir(self._project)
            printed = stack.enter_context(redirect_stdout(io.StringIO()))
            words = [os.path.expanduser(word) for word in words]
            self._status = cli.main(words)
        return printed.getvalue()


def main() -> None:
    """Write what is printed now into the page."""
    project.quiet()
    logs.configure()
    from bot.conversation import load_agent  # noqa: PLC0415 - Rasa must not be imported before it is told to be quiet

    page = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as home:
        exercise = Exercise(Path(home), load_agent())
        try:
            now = exercise.held(page)
        finally:
            exercise.close()
    if masked(now) != masked(page):
        PAGE.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    main()
