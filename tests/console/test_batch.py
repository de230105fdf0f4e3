"""Many questions at once: what is printed, what is written, the exit status; and the transcripts of the project."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from argparse import Namespace
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.console import batch
from bot.console.local import InProcess
from bot.console.transcripts import TranscriptError, Turn, read, replay, write
from tests.console.test_transcripts import Parrot

TRANSCRIPTS = sorted((Path(__file__).resolve().parents[2] / "data" / "transcripts").glob("*.jsonl"))
TODAY = "2026-11-22"


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", TODAY)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    path = tmp_path / "a.jsonl"
    write(path, [Turn("甲", "一", ("一1", TODAY), TODAY), Turn("甲", "二", ("从前",), TODAY), Turn("乙", "三", (), TODAY)])
    return path


def run(file: Path | str, **options: bool) -> int:
    asked = Namespace(**{"question": None, "json": False, "diff": False, "update": False, "batch": str(file)} | options)
    return asyncio.run(batch.run(batch.read_batch(asked), Parrot(), asked))


def test_differences_are_counted(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(recorded) == 1
    assert capsys.readouterr().out == "这次修改影响 2 条标准问答（共 3 条）：甲、乙。\n"


def test_differences_are_shown(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(recorded, diff=True) == 1
    assert capsys.readouterr().out.splitlines()[:5] == [f"【甲】二（{TODAY}）", "-从前", "+二2", "+（下一条消息）", f"+{TODAY}"]


def test_answers_are_written_down(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(recorded, update=True) == 0
    assert capsys.readouterr().out == f"已把 2 条新的回答写进 {recorded}（共 3 条）。\n"
    assert [turn.bot[0] for turn in read(recorded)] == ["一1", "二2", "三1"]
    before = recorded.stat().st_mtime_ns
    assert run(recorded, update=True) == 0
    assert capsys.readouterr().out == "全部 3 条回答都与记录相同。\n"
    assert recorded.stat().st_mtime_ns == before


def test_json_is_one_object_a_turn(recorded: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(recorded, json=True) == 1
    captured = capsys.readouterr()
    found = [json.loads(line) for line in captured.out.splitlines()]
    assert [(turn["user"], turn["same"]) for turn in found] == [("一", True), ("二", False), ("三", False)]
    assert (found[1]["bot"], found[1]["recorded"]) == (["二2", TODAY], ["从前"])
    assert captured.err.startswith("这次修改影响 2 条")


def test_a_list_of_questions_is_only_answered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "questions.txt"
    path.write_text("\ufeff第一问\r\n\r\n  第二问\n", encoding="utf-8")
    assert run(path) == 0
    assert capsys.readouterr().out == f"问> 第一问\n第一问1\n{TODAY}\n\n问> 第二问\n第二问1\n{TODAY}\n\n"


def test_what_a_list_gives_is_a_transcript(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "questions.txt").write_text("第一问\n第二问\n", encoding="utf-8")
    run(tmp_path / "questions.txt", json=True)
    (tmp_path / "a.jsonl").write_text(capsys.readouterr().out, encoding="utf-8")
    assert run(tmp_path / "a.jsonl") == 0
    assert [turn.conversation for turn in read(tmp_path / "a.jsonl")] == ["第 1 行", "第 2 行"]


@pytest.mark.parametrize(("raw", "asked"), [("问\n", 0), ('{"conversation": "甲"}', None)])
def test_standard_input(raw: str, asked: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw.encode())))
    if asked is None:
        with pytest.raises(TranscriptError, match="标准输入:1：缺少 today"):
            run("-")
    else:
        assert run("-") == asked


@pytest.mark.parametrize(
    ("text", "told"), [("\n \n", "文件是空的"), ("问\n" + "问" * 4001, "a.txt:2：一句话不能")], ids=["empty", "too long"]
)
def test_a_faulty_list_is_told(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(text, encoding="utf-8")
    with pytest.raises(TranscriptError, match=told):
        run(tmp_path / "a.txt")


@pytest.mark.parametrize("option", ["diff", "update"])
def test_a_list_has_nothing_to_compare_with(option: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("问", encoding="utf-8")
    with pytest.raises(TranscriptError, match="没有记下的回答"):
        run(tmp_path / "a.txt", **{option: True})


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "请写出要问的问题"),
        (["问", "--batch", "a.jsonl"], "只能写一样"),
        (["问", "--diff"], "要和 --batch 一起用"),
        (["问", "--update"], "要和 --batch 一起用"),
        (["--batch", "-", "--update"], "标准输入改写不了"),
        (["--batch", "nowhere.jsonl"], "nowhere.jsonl：没有这个文件"),
    ],
)
def test_misuse_ends_with_2_and_one_sentence(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", *arguments]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("huiqi：")
    assert told in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.agent
@pytest.mark.parametrize("path", TRANSCRIPTS, ids=[path.stem for path in TRANSCRIPTS])
def test_answers_are_those_written_down(path: Path, agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    """An answer that changes is seen here: right, then `huiqi ask --batch FILE --update`; wrong, then mend it."""
    found = loop.run_until_complete(replay(read(path), InProcess(agent), print))
    assert not found, "\n".join(line for difference in found for line in difference.lines(colour=False))
