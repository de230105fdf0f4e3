"""docs/终端.md keeps up with the console: its sessions are held again, its tables are those of the code."""

from __future__ import annotations

import inspect
import re
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

import pytest

from bot import cli
from bot.console import debugging
from bot.console.commands import COMMANDS
from bot.console.transcripts import read
from tests.console.page import EDITS, PAGE, ROOT, Exercise, edited, masked, record

TEXT = PAGE.read_text(encoding="utf-8")
TYPED = re.findall(r"^(?:问> |\$ )(.+)$", TEXT, flags=re.MULTILINE)
REAL = (ROOT / "data" / "policies" / "qdftz.yml").read_text(encoding="utf-8")


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading."""
    table = TEXT.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    lines = [line for line in table.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip(" `").replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in lines]


@pytest.mark.agent
def test_the_sessions_are_held_as_shown(agent: Any, tmp_path: Path) -> None:
    """Where an answer changed and is right: python -m tests.console.page."""
    exercise = Exercise(tmp_path, agent)
    try:
        held = exercise.held(TEXT)
    finally:
        exercise.close()
    assert masked(held).splitlines() == masked(TEXT).splitlines()


def test_no_more_is_masked_than_the_page_says() -> None:
    line = "会话 shell-{}，用时 理解 {} + 动作 {} = 共 {} ms，{} 分，以 {}（今天） 作答"
    one = line.format("0" * 16, 1.5, 0.2, 1.7, 4.5, "2026-11-22")
    assert masked(one) == masked(line.format("f" * 16, 3.4, 10.0, 13.4, 4.5, "2027-01-01"))
    assert masked(one) != masked(one.replace("4.5 分", "4.6 分"))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_used(name: str) -> None:
    assert any(re.match(rf":{name}\b", line) for line in TYPED)


@pytest.mark.parametrize(
    "words", [":replay .+ --diff", *(f"huiqi ask --batch .+ {how}" for how in ("--diff", "--json", "--update"))]
)
def test_batches_and_differences_are_shown(words: str) -> None:
    assert any(re.search(words, line) for line in TYPED)


def test_every_command_has_its_row() -> None:
    assert [row[:2] for row in rows("命令")] == [[command.usage, command.help] for command in COMMANDS.values()]


def test_every_option_has_its_row() -> None:
    (parsers,) = (action.choices for action in cli.parser()._actions if isinstance(action.choices, dict))
    assert rows("选项") == [row for name in ("shell", "ask") for row in options(name, parsers[name])]


def options(name: str, parser: ArgumentParser) -> list[list[str]]:
    """(how it is written, what it is for) of every option of a command."""
    found = []
    for action in parser._actions:
        if action.option_strings and action.dest != "help":
            value = action.metavar or "|".join(action.choices or ())
            found.append([f"huiqi {name} {action.option_strings[0]} {value}".rstrip(), str(action.help)])
    return found


def test_every_line_of_debug_is_explained() -> None:
    labels = re.findall(r'\("(\w+)", ', inspect.getsource(debugging.debugged))
    assert {"读作", "检索", "用时"} <= set(labels)
    assert [row[0] for row in rows("经过的每一行")] == labels


def test_the_record_of_the_exercise_is_the_real_one() -> None:
    (shown,) = re.findall(r"^```yaml\n(.*?)^```$", TEXT, flags=re.MULTILINE | re.DOTALL)
    before, policy, _ = record(REAL)
    assert shown.strip() == policy.strip()
    assert before.endswith("policies:\n")  # the page says: right below that line


@pytest.mark.parametrize("how", EDITS)
def test_every_edit_is_made_and_told(how: str) -> None:
    assert f"<!-- 练习：{how} -->" in TEXT
    assert (edited(REAL, how) == REAL) is (how == "录好")


def test_the_edits_are_those_of_the_prose() -> None:
    assert "`ratio: 1` 写成 `ratio: 1:1`" in TEXT
    assert "ratio: 1:1," in edited(REAL, "写错一处")
    assert "`aliases: [` 后面加上 `配套, `" in TEXT
    assert "aliases: [配套, " in edited(REAL, "多一个叫法")


def test_the_standard_questions_are_counted() -> None:
    count = len(read(ROOT / "data" / "transcripts" / "standard.jsonl"))
    assert f"全部 {count} 条回答都与记录相同" in TEXT


def test_every_module_of_the_console_has_its_place() -> None:
    page = (ROOT / "docs" / "架构.md").read_text(encoding="utf-8").split("\n## 终端\n")[1].split("\n## ")[0]
    modules = {file.name for file in (ROOT / "bot" / "console").glob("*.py")} - {"__init__.py"}
    assert sorted(name for name in modules if f"`{name}`" not in page) == []
