"""Transcripts: written, read back, answered again, compared; and every kind of damage told in a sentence."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest

from bot.console.said import Said
from bot.console.transcripts import Difference, TranscriptError, Turn, read, replay, summary, texts, write

GOOD = '{"conversation": "甲", "today": "2026-11-22", "user": "问", "bot": ["答"]}'


class Parrot:
    """Answers with what it hears, numbered within the conversation, and with the day."""

    name, session = "鹦鹉", "1"

    def __init__(self, local: bool = True):
        self.local, self.count = local, 0

    async def say(self, text: str) -> Said:
        if text == "坏":
            raise ValueError("坏了")
        self.count += 1
        return Said(text, [{"text": f"{text}{self.count}"}, {"text": ""}, {"text": os.environ.get("HUIQI_TODAY", "")}], 0.0)

    async def reset(self) -> None:
        self.count = 0

    async def rate(self, said: Said, good: bool, note: str = "") -> None:
        raise LookupError

    async def close(self) -> None:
        pass


def turn(conversation: str, user: str, *bot: str, today: str = "2026-11-22") -> Turn:
    return Turn(conversation, user, bot, today)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    turns = [turn("甲", "一\n“问”", "答\u2028一", "😀"), turn("乙", "二")]
    write(tmp_path / "folder" / "a.jsonl", turns)
    assert read(tmp_path / "folder" / "a.jsonl") == turns
    assert list((tmp_path / "folder").iterdir()) == [tmp_path / "folder" / "a.jsonl"]


def test_a_line_is_one_that_people_can_edit(tmp_path: Path) -> None:
    write(tmp_path / "a.jsonl", [turn("甲", "问", "答")])
    assert (tmp_path / "a.jsonl").read_bytes() == f"{GOOD}\n".encode()


def test_reading_forgives_what_editors_leave(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(b"\xef\xbb\xbf" + GOOD.encode() + b"\r\n\r\n")
    assert read(tmp_path / "a.jsonl") == [turn("甲", "问", "答")]


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        (f"{GOOD}\n哪里是 JSON", 2, "不是 JSON"),
        ('{"conversation": "甲",', 1, "不是 JSON"),
        pytest.param("[" * 100_000, 1, "不是 JSON", id="nested too deep"),
        ('["甲"]', 1, "JSON 对象"),
        (GOOD.replace('"today": "2026-11-22", ', ""), 1, "缺少 today"),
        (GOOD.replace('"today"', '"tody"'), 1, "缺少 today"),
        (GOOD.replace("}", ', "note": 1}'), 1, "不认识 note"),
        (GOOD.replace('"问"', "7"), 1, "user 应当是一段文字"),
        (GOOD.replace('"甲"', '" "'), 1, "conversation 应当是一段文字"),
        (GOOD.replace('"问"', '"\\ufeff"'), 1, "不能是空的"),
        pytest.param(GOOD.replace('"问"', f'"{"问" * 4001}"'), 1, "4000", id="too long"),
        (GOOD.replace('"问"', '"\\ud800"'), 1, "user 应当是一段文字"),
        (GOOD.replace('["答"]', '"答"'), 1, "bot 应当是一个列表"),
        (GOOD.replace('["答"]', "[1]"), 1, "bot 应当是一个列表"),
        (GOOD.replace("11-22", "11-31"), 1, "“2026-11-31”"),
        ("\n".join((GOOD, GOOD.replace("甲", "乙"), "", GOOD)), 4, "“甲”从第 1 行开始"),
    ],
)
def test_damage_is_told_with_its_line(text: str, line: int, told: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TranscriptError) as caught:
        read(path)
    assert str(caught.value).startswith(f"{path}:{line}：")
    assert told in str(caught.value)


def test_what_is_no_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(GOOD.encode() + b"\n" + "问".encode("gbk"))
    with pytest.raises(TranscriptError, match=r"a\.jsonl:2：不是 UTF-8"):
        read(tmp_path / "a.jsonl")


def test_what_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "empty.jsonl").write_text("\n \n")
    with pytest.raises(TranscriptError, match=r"empty\.jsonl：文件是空的"):
        read(tmp_path / "empty.jsonl")
    with pytest.raises(TranscriptError, match=r"none\.jsonl：没有这个文件"):
        read(tmp_path / "none.jsonl")
    with pytest.raises(TranscriptError, match="这是一个文件夹"):
        read(tmp_path)

    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    with pytest.raises(TranscriptError, match="没有权限读"):
        read(tmp_path / "empty.jsonl")


def test_nobody_else_is_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    write(path, [turn("甲", "一"), turn("乙", "二")])
    with pytest.raises(TranscriptError, match="还有别的对话“乙”"):
        write(path, [turn("甲", "新")])
    with pytest.raises(TranscriptError, match="已经有对话“乙”"):
        write(path, [turn("乙", "新")], append=True)
    write(path, [turn("丙", "三")], append=True)
    assert [found.user for found in read(path)] == ["一", "二", "三"]
    write(path, [turn("甲", "新"), turn("乙", "新"), turn("丙", "新")])
    assert [found.user for found in read(path)] == ["新", "新", "新"]


def test_a_faulty_file_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("笔记", encoding="utf-8")
    with pytest.raises(TranscriptError, match=r"a\.jsonl:1"):
        write(tmp_path / "a.jsonl", [turn("甲", "一")])
    assert (tmp_path / "a.jsonl").read_text(encoding="utf-8") == "笔记"


def test_a_write_that_fails_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jsonl"
    write(path, [turn("甲", "一")])

    def refuse(path: Path, target: Path) -> None:
        raise PermissionError(13, "Permission denied", str(target))

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(TranscriptError, match="写不进去（没有权限）"):
        write(path, [turn("甲", "新")])
    assert [found.user for found in read(path)] == ["一"]
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_and_the_mode_stay(tmp_path: Path) -> None:
    path, link = tmp_path / "a.jsonl", tmp_path / "link.jsonl"
    write(path, [turn("甲", "一")])
    path.chmod(0o640)
    link.symlink_to(path)
    write(link, [turn("甲", "新")])
    assert link.is_symlink()
    assert read(path) == [turn("甲", "新")]
    assert path.stat().st_mode & 0o777 == 0o640


def test_texts_are_what_a_transcript_keeps() -> None:
    assert texts([{"text": "一"}, {"text": ""}, {"custom": {}}, {"text": "二"}]) == ("一", "二")


def test_every_conversation_begins_anew_and_every_turn_has_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", "2025-01-01")
    turns = [
        turn("甲", "问", "问1", "2026-11-22"),
        turn("甲", "问", "问2", "2022-06-30", today="2022-06-30"),
        turn("乙", "问", "问1", "2026-11-22"),
    ]
    assert asyncio.run(replay(turns, Parrot(), print)) == []
    assert os.environ["HUIQI_TODAY"] == "2025-01-01"


def test_the_day_is_given_back_after_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUIQI_TODAY", raising=False)
    with pytest.raises(ValueError, match="坏了"):
        asyncio.run(replay([turn("甲", "坏")], Parrot(), print))
    assert "HUIQI_TODAY" not in os.environ


def test_a_server_has_a_day_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", "2025-01-01")
    told: list[str] = []
    assert asyncio.run(replay([turn("甲", "问", "问1", "2025-01-01")], Parrot(local=False), told.append)) == []
    assert "按它自己的日期" in told[0]


def test_a_long_replay_tells_how_far_it_is() -> None:
    told: list[str] = []
    asyncio.run(replay([turn("甲", "问")] * 250, Parrot(), told.append))
    assert told == ["已重问 100 / 250 条……", "已重问 200 / 250 条……"]


def test_a_difference_is_shown_line_by_line() -> None:
    before = turn("孵化器", "奖多少", "孵化器认定\n国家级 100 万元\n性质：财政奖励。\n来源：报道", today="2022-06-30")
    found = Difference(before, ("孵化器认定\n国家级 120 万元\n性质：财政奖励。\n来源：报道",))
    assert found.lines(colour=False) == [
        "【孵化器】奖多少（2022-06-30）", " 孵化器认定", "-国家级 100 万元", "+国家级 120 万元", " 性质：财政奖励。",
    ]  # fmt: skip
    coloured = found.lines(colour=True)
    assert [line.startswith("\033[") for line in coloured] == [True, False, True, True, False]
    assert all(line.endswith("\033[0m") for line in coloured if line.startswith("\033["))


def test_lines_that_look_like_a_diff_are_shown() -> None:
    found = Difference(turn("甲", "问", "-- 一", "二"), ("++ 一\n@@ 二",))
    assert found.lines(colour=False)[1:] == ["--- 一", "-（下一条消息）", "-二", "+++ 一", "+@@ 二"]


def test_places_far_apart_are_told_apart() -> None:
    found = Difference(turn("甲", "问", "一\n二\n三\n四\n五"), ("新\n二\n三\n四\n新",))
    assert found.lines(colour=False)[1:] == ["-一", "+新", " 二", " ……", " 四", "-五", "+新"]


def test_messages_that_fall_together_are_a_difference() -> None:
    found = asyncio.run(replay([turn("甲", "问", "问1\n2026-11-22")], Parrot(), print))
    assert found[0].lines(colour=False)[1:] == [" 问1", "+（下一条消息）", " 2026-11-22"]
    assert Difference(turn("甲", "问"), ("答",)).lines(colour=False)[1:] == ["+答"]


def test_the_summary_names_what_is_affected() -> None:
    assert summary([], 210) == "全部 210 条回答都与记录相同。"
    some = [Difference(turn(name, "问"), ()) for name in ("孵化器", "孵化器", "高新贷")]
    assert summary(some, 210) == "这次修改影响 3 条标准问答（共 210 条）：孵化器、高新贷。"
    many = [Difference(turn(f"第 {number} 段", "问"), ()) for number in range(12)]
    assert summary(many, 12).endswith("第 6 段、第 7 段等 12 段。")
