"""The console by its lines: what each does, what it says, what a wrong one is told. Knows no terminal and no model."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from actions.knowledge.profile import Profile
from actions.knowledge.store import BookStore
from bot import training
from bot.channels.guard import guarded_text
from bot.console import console as console_module
from bot.console.assistants import Said, Unreachable
from bot.console.cells import width_of
from bot.console.commands import COMMANDS
from bot.console.completion import Completions
from bot.console.console import Console
from bot.console.tracing import Trace
from bot.console.transcripts import Turn, read, write
from tests.knowledge.books import EAST, TEXTS, write_book

TRACE = Trace(
    text="问",
    tokens=["问"],
    intents=[("ask_amount", 0.9)],
    entities=[],
    focus_before={},
    focus_after={},
    profile={},
    slots={},
    loop_before=None,
    loop_after=None,
    actions=[("action_answer", "RulePolicy", 1.0)],
    searches=[],
    rules=[],
    calculations=[],
    nlu_ms=1.0,
    dialogue_ms=2.0,
    action_ms=3.0,
    total_ms=6.0,
)


class Recorder:
    """An assistant that answers everything with the same, and remembers what was asked of it."""

    name = "本进程"

    def __init__(self, local: bool = True):
        self.local, self.session = local, "session-1"
        self.asked: list[str] = []
        self.rated: list[tuple[str, bool, str]] = []
        self.sessions = 1
        self.text = "最高 50 万元。"
        self.offers: dict[str, str] = {}
        self.error: Exception | None = None
        self.known = Profile()

    async def say(self, text: str) -> Said:
        if self.error:
            raise self.error
        self.asked.append(guarded_text(text))
        replies = [{"id": f"r{n}", "title": title, "payload": asks} for n, (title, asks) in enumerate(self.offers.items())]
        message = {"id": "m", "turn": "t", "text": self.text, "quick_replies": replies}
        return Said(self.asked[-1], [message], 0.0123, TRACE if self.local else None)

    async def reset(self) -> None:
        self.sessions += 1
        self.session = f"session-{self.sessions}"

    async def rate(self, said: Said, good: bool, note: str = "") -> None:
        if note == "不存在":
            raise LookupError("原因只收这几种")
        self.rated.append((said.question, good, note))

    async def profile(self) -> Profile:
        return self.known

    async def set_profile(self, profile: Profile) -> None:
        self.known = profile

    async def close(self) -> None:
        pass


@dataclass
class Desk:
    """A console with a recorder behind it, and all that was printed."""

    console: Console
    assistant: Recorder
    printed: list[str]
    folder: Path

    def hear(self, *lines: str) -> list[str]:
        """What is printed for these lines."""
        before = len(self.printed)

        async def work() -> None:
            for line in lines:
                await self.console.hear(line)

        asyncio.run(work())
        return [line for line in self.printed[before:] if line]

    def edit(self, text: str) -> None:
        """The clerk saves the file of the eastern district."""
        (self.folder / "east.yml").write_text(text, encoding="utf-8")


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_TODAY", "2026-11-22")
    monkeypatch.setattr("actions.knowledge.store.CHECK_SECONDS", 0.0)
    monkeypatch.setattr(training, "fresh", lambda: True)


def make_desk(folder: Path, local: bool = True, width: int = 80) -> Desk:
    printed: list[str] = []
    assistant = Recorder(local)
    book = folder / "book"
    book.mkdir()
    store = BookStore(write_book(book, TEXTS))
    console = Console(assistant, store, printed.append, width=lambda: width, folder=folder)
    return Desk(console, assistant, printed, book)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return make_desk(tmp_path)


@pytest.fixture
def remote(tmp_path: Path) -> Desk:
    return make_desk(tmp_path, local=False)


class TestAsking:
    def test_a_line_is_a_question_and_its_answer_is_printed(self, desk: Desk) -> None:
        assert "最高 50 万元。" in desk.hear("  实验室奖励多少  ")
        assert desk.assistant.asked == ["实验室奖励多少"]
        assert not desk.console.failed

    def test_empty_lines_do_nothing(self, desk: Desk) -> None:
        assert desk.hear("", "   ") == []
        assert desk.assistant.asked == []

    def test_rasas_own_commands_are_no_commands_here(self, desk: Desk) -> None:
        desk.hear("/restart")
        assert desk.assistant.asked == ["／restart"]

    @pytest.mark.parametrize("number", ["2", "２", " 2. ", "2、"])
    def test_a_number_chooses_what_was_offered(self, desk: Desk, number: str) -> None:
        desk.assistant.offers = {"国家级": "国家级的呢", "市级": "市级的呢"}
        printed = desk.hear("实验室", number)
        assert desk.assistant.asked == ["实验室", "市级的呢"]
        assert "→ 市级的呢" in printed

    def test_a_number_that_was_not_offered_is_a_question(self, desk: Desk) -> None:
        desk.hear("1")
        desk.assistant.offers = {"国家级": "国家级的呢"}
        desk.hear("实验室", "30")
        assert desk.assistant.asked == ["1", "实验室", "30"]

    def test_what_is_too_long_is_refused_as_on_public_channels(self, desk: Desk) -> None:
        assert desk.hear("长" * 4001) == ["消息太长，请控制在 4000 个字以内。"]
        assert desk.console.failed

    def test_what_is_no_text_is_refused(self, desk: Desk) -> None:
        (line,) = desk.hear("实验\udcff室")
        assert "UTF-8" in line
        assert desk.assistant.asked == []

    @pytest.mark.parametrize(
        ("error", "says"),
        [(Unreachable("没有服务。"), "没有服务。"), (KeyError("deep\ndown"), "出错了，没有结果：KeyError：'deep")],
    )
    def test_a_fault_is_one_line_and_the_console_lives_on(self, desk: Desk, error: Exception, says: str) -> None:
        desk.assistant.error = error
        (line,) = desk.hear("实验室")
        assert line.startswith(says)
        desk.assistant.error = None
        assert "最高 50 万元。" in desk.hear("实验室")
        assert desk.console.failed

    def test_the_way_of_a_fault_is_logged_for_developers(self, desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level("DEBUG", console_module.__name__)
        desk.assistant.error = ValueError("deep down")
        desk.hear("实验室")
        assert "Traceback" in caplog.text

    def test_debug_follows_each_answer(self, desk: Desk) -> None:
        assert desk.hear(":debug on") == ["每个回答后面显示它的经过。"]
        assert any("ask_amount" in line for line in desk.hear("实验室"))
        desk.hear(":debug")
        assert not any("ask_amount" in line for line in desk.hear("实验室"))


class TestCommands:
    def test_a_full_width_colon_and_capitals_will_do(self, desk: Desk) -> None:
        assert desk.hear("：HELP") == desk.hear(":help") == desk.hear(":")

    @pytest.mark.parametrize("width", [80, 40])
    def test_help_fits_on_one_screen(self, tmp_path: Path, width: int) -> None:
        printed = make_desk(tmp_path, width=width).hear(":help")
        assert len(printed) <= 20
        assert max(map(width_of, printed[1:])) < width
        assert all(f":{name}" in "\n".join(printed) for name in COMMANDS)

    @pytest.mark.parametrize("name", COMMANDS)
    def test_every_command_says_how_it_is_written(self, desk: Desk, name: str) -> None:
        assert desk.hear(f":help {name}")[0].startswith(COMMANDS[name].usage)

    @pytest.mark.parametrize(
        ("line", "says"),
        [
            (":polcy x", "没有命令 :polcy，是不是 :policy？"),
            (":啊", "没有命令 :啊？:help 列出全部命令。"),
            (":help polcy", "没有命令 polcy"),
            (":debug maybe", ":debug on"),
            (":why", "先问一个问题"),
            (":why not", ":why 后面不写别的"),
            (":policy", "先问一个问题"),
            (":date 2026-02-30", ":date 2026-11-22"),
            (":date 明天", ":date today"),
            (":channel sms", ":channel wechat"),
            (":session old", ":session new"),
            (":profile 小微企业", ":profile region=甲市 小微企业=是"),
            (":profile 小微企业=是 还有", "“还有”不行"),
            (":profile 小微企业=也许", "是、否 或 不清楚"),
            (":profile 小型企业=是", "小微企业"),
            (":profile region=东", "东区"),
            (":rate", ":rate good"),
            (":rate good", "先问一个问题"),
            (":save", ":save transcript 名称"),
            (":save story ../x", ":save story 名称"),
            (":save transcript x", "还没有说过话"),
            (":replay", ":replay standard"),
            (":replay nowhere", "没有这个文件"),
            (":reset all", ":reset 后面不写别的"),
        ],
    )
    def test_a_wrong_use_is_one_sentence_with_the_right_form(self, desk: Desk, line: str, says: str) -> None:
        (printed,) = desk.hear(line)
        assert says in printed
        assert desk.console.failed
        assert desk.assistant.asked == []
        assert desk.assistant.sessions == 1

    def test_quit(self, desk: Desk) -> None:
        assert asyncio.run(desk.console.hear(":quit")) is False
        assert asyncio.run(Console(desk.assistant, desk.console.store, print).hear("你好")) is True

    def test_reset_and_a_new_session_begin_anew(self, desk: Desk) -> None:
        desk.hear("实验室")
        assert desk.hear(":session") == ["会话 session-1，本进程，说过 1 句。"]
        assert desk.hear(":reset") == ["已从头开始，会话 session-2。"]
        assert desk.hear(":history") == ["这段对话还没有说过话。"]
        desk.hear(":session new")
        assert desk.assistant.session == "session-3"

    def test_history(self, desk: Desk) -> None:
        assert desk.hear("实验室", ":history")[-2:] == ["  1  实验室", "     最高 50 万元。"]

    def test_the_day_is_set_for_the_assistant_and_set_free(self, desk: Desk) -> None:
        assert desk.hear(":date 2027-01-31") == ["以 2027-01-31 作答。"]
        assert os.environ["HUIQI_TODAY"] == "2027-01-31"
        assert "日期 2027-01-31" in desk.console.status()
        assert "（今天）" in desk.hear(":date today")[0]
        assert "HUIQI_TODAY" not in os.environ

    def test_the_channel_shows_the_last_answer_anew(self, desk: Desk) -> None:
        desk.hear("实验室")
        printed = desk.hear(":channel wechat")
        assert printed[0] == "回答照 wechat 的样子显示。"
        assert any("最高 50 万元。" in line for line in printed)
        assert "wechat" in desk.console.status()
        assert desk.assistant.asked == ["实验室"]

    def test_rating(self, desk: Desk) -> None:
        printed = desk.hear("实验室", ":rate bad 金额不对", ":rate good", ":rate bad 不存在")
        assert desk.assistant.rated == [("实验室", False, "金额不对"), ("实验室", True, "")]
        assert printed[-3:] == [
            "已记下“实验室”的回答没帮助；huiqi feedback 列出全部。",
            "已记下“实验室”的回答有帮助；huiqi feedback 列出全部。",
            "没能记下：原因只收这几种。",
        ]

    @pytest.mark.parametrize("line", [":debug on", ":date 2026-12-31", ":profile", ":profile clear"])
    def test_what_a_server_does_not_show_is_refused(self, remote: Desk, line: str) -> None:
        (printed,) = remote.hear(line)
        assert "--url" in printed
        assert remote.console.failed
        assert os.environ["HUIQI_TODAY"] == "2026-11-22"

    def test_the_status_of_a_server_tells_of_no_model_and_no_day(self, remote: Desk) -> None:
        assert not any(item.startswith(("模型", "日期")) for item in remote.console.status())


class TestPolicy:
    @pytest.mark.parametrize("text", ["lab-reward", "东区实验室奖励", "实验室奖", "LAB-", "实验室 奖励"])
    def test_found_by_id_name_or_part(self, desk: Desk, text: str) -> None:
        assert "lab-reward" in "\n".join(desk.hear(f":policy {text}"))
        assert not desk.console.failed

    def test_several_are_listed(self, desk: Desk) -> None:
        assert desk.hear(":policy 东区") == [
            "有 2 项名称里有“东区”，写出其中一项的编号：",
            "  lab-reward  东区实验室奖励",
            "  talent-service  东区人才服务",
        ]

    @pytest.mark.parametrize("text", ["lab-rewrad", "东区实验室奖厉", "给实验室的钱"])
    def test_the_nearest_is_named_where_there_is_none(self, desk: Desk, text: str) -> None:
        (line,) = desk.hear(f":policy {text}")
        assert line.startswith(f"政策库里没有“{text}”，相近的有：东区实验室奖励（lab-reward）")

    def test_none_and_nothing_near(self, desk: Desk) -> None:
        assert desk.hear(":policy ？？") == ["政策库里没有“？？”。"]


class TestProfile:
    def test_shown_set_and_cleared(self, desk: Desk) -> None:
        assert desk.hear(":profile") == ["还没有企业情况。"]
        assert desk.hear(":profile 地区=东城 小微企业=是") == ["已记下。地区：东区；小微企业：是；大型企业：否。"]
        assert desk.hear(":profile large=不清楚，region=？") == ["已记下。小微企业：是。"]
        assert desk.hear(":profile micro＝否") == ["已记下。小微企业：否。"]
        assert desk.hear(":profile clear", ":profile") == ["已清除企业情况。", "还没有企业情况。"]

    def test_nothing_is_learnt_from_a_line_that_is_wrong_in_part(self, desk: Desk) -> None:
        desk.hear(":profile 小微企业=是 巨型企业=是")
        assert desk.assistant.known == Profile()


class TestReload:
    def test_nothing_changed(self, desk: Desk) -> None:
        assert desk.hear(":reload") == ["政策库没有变化（2 项）。"]

    def test_what_changed_is_told_and_the_new_book_is_in_use(self, desk: Desk) -> None:
        added = EAST[EAST.index("  - id: talent-service") :].replace("talent-service", "new-service")
        added = added.replace("人才管家", "新管家").replace("东区人才服务", "东区新服务")
        changed = EAST.replace("amount: 5000000", "amount: 6000000").replace("[批文]", "[批文, 申请表]")
        desk.edit(changed + added)
        assert desk.hear(":reload") == [
            "已读入政策库：新增 1、修改 1、删除 0。",
            "  新增 东区新服务（new-service）",
            "  修改 东区实验室奖励（lab-reward）：rules、materials",
        ]
        assert "new-service" in desk.console.store.current().policies
        assert "政策库 3 项" in "\n".join(desk.console.status())
        desk.edit(EAST)
        assert "  删除 东区新服务（new-service）" in desk.hear(":reload")

    def test_what_changed_beside_the_policies_is_told(self, desk: Desk) -> None:
        desk.edit(EAST.replace("aliases: [东区科技]", "aliases: [东区科技口]"))
        assert desk.hear(":reload") == ["已读入政策库：新增 0、修改 0、删除 0；另外改了部门。"]

    def test_a_faulty_book_is_told_with_file_and_line_and_the_old_one_stays(self, desk: Desk) -> None:
        desk.edit(EAST.replace("2026-12-31", "2026-02-30"))
        printed = desk.hear(":reload")
        assert printed[0] == "政策库有 1 处错误，仍用原来的："
        assert printed[1].startswith("east.yml:24:5: 错误：")
        assert desk.console.failed
        assert desk.console.book is desk.console.store.current()
        assert desk.hear(":reload")[1:] == printed[1:]

    def test_an_edit_is_noticed_at_the_next_question(self, desk: Desk) -> None:
        desk.edit(EAST.replace("amount: 5000000", "amount: 6000000"))
        printed = desk.hear("实验室", "实验室")
        assert [line for line in printed if "已读入" in line] == ["已读入政策库：新增 0、修改 1、删除 0。"]
        assert printed.index("最高 50 万元。") > 0

    def test_a_faulty_edit_does_not_keep_a_question_from_being_answered(self, desk: Desk) -> None:
        desk.edit("policies: [")
        printed = desk.hear("实验室", "实验室")
        assert sum("处错误，仍用原来的" in line for line in printed) == 1
        assert desk.assistant.asked == ["实验室", "实验室"]

    def test_stale_training_is_told_in_one_line(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(training, "fresh", lambda: False)
        desk.edit(EAST.replace("amount: 5000000", "amount: 6000000"))
        assert "huiqi train" in desk.hear(":reload")[-1]

    def test_a_server_reads_its_book_itself(self, remote: Desk) -> None:
        remote.edit(EAST.replace("amount: 5000000", "amount: 6000000"))
        assert not any("已读入" in line for line in remote.hear("实验室"))
        assert "服务自己读入" in remote.hear(":reload")[-1]


class TestSaving:
    def test_a_transcript_is_written_with_the_day_of_each_turn(self, desk: Desk, tmp_path: Path) -> None:
        printed = desk.hear("实验室", ":date 2027-01-01", "市级的呢", ":save transcript 实验室-1")
        file = Path("data", "transcripts", "实验室-1.jsonl")
        assert printed[-1] == f"已写进 {file}，2 句。"
        answer = ("最高 50 万元。",)
        assert read(tmp_path / file) == [
            Turn("实验室-1", "实验室", answer, "2026-11-22"),
            Turn("实验室-1", "市级的呢", answer, "2027-01-01"),
        ]

    def test_a_story_is_written(self, desk: Desk, tmp_path: Path) -> None:
        printed = desk.hear("实验室", ":save story lab")
        assert printed[-1] == f"已写进 {Path('tests', 'rasa', 'test_lab.yml')}，1 句。"
        assert "action: action_answer" in (tmp_path / "tests" / "rasa" / "test_lab.yml").read_text(encoding="utf-8")

    @pytest.mark.parametrize(("kind", "file"), [("transcript", "data/transcripts/x.jsonl"), ("story", "tests/rasa/test_x.yml")])
    def test_another_file_is_never_overwritten(self, desk: Desk, tmp_path: Path, kind: str, file: str) -> None:
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text("别人的", encoding="utf-8")
        assert "不覆盖" in desk.hear("实验室", f":save {kind} x")[-1]
        assert (tmp_path / file).read_text(encoding="utf-8") == "别人的"
        assert desk.console.failed

    def test_the_same_conversation_may_be_saved_again(self, desk: Desk, tmp_path: Path) -> None:
        printed = desk.hear("实验室", ":save transcript x", "市级的呢", ":save transcript x")
        assert printed[-1].startswith("重新写进")
        assert len(read(tmp_path / "data" / "transcripts" / "x.jsonl")) == 2
        assert "不覆盖" in desk.hear(":reset", "实验室", ":save transcript x")[-1]

    def test_a_profile_set_by_hand_is_pointed_out(self, desk: Desk) -> None:
        assert "重放时没有" in desk.hear(":profile 小微企业=是", "实验室", ":save transcript x")[-1]
        assert "重放时没有" not in desk.hear(":reset", "实验室", ":save transcript y")[-1]

    def test_a_story_cannot_be_told_of_a_server(self, remote: Desk, tmp_path: Path) -> None:
        remote.hear("实验室", ":save story x")
        assert remote.console.failed
        assert not (tmp_path / "tests").exists()


class TestReplay:
    @pytest.fixture
    def transcript(self, tmp_path: Path) -> Path:
        path = tmp_path / "data" / "transcripts" / "lab.jsonl"
        turns = [
            Turn("甲", "实验室", ("最高 50 万元。",), "2026-01-01"),
            Turn("乙", "市级的呢", ("最高 30 万元。",), "2026-01-01"),
        ]
        write(path, turns)
        return path

    @pytest.mark.parametrize("name", ["lab", "lab.jsonl", "{path}"])
    def test_differences_are_counted_and_fail(self, desk: Desk, transcript: Path, name: str) -> None:
        printed = desk.hear(f":replay {name.format(path=transcript)}")
        assert printed == ["这次修改影响 1 条标准问答（共 2 条）：乙。加 --diff 逐行列出。"]
        assert desk.console.failed
        assert desk.assistant.asked == ["实验室", "市级的呢"]

    @pytest.mark.parametrize("line", [":replay lab --diff", ":replay --diff lab"])
    def test_differences_line_by_line(self, desk: Desk, transcript: Path, line: str) -> None:
        printed = desk.hear(line)
        assert printed[1:3] == ["-最高 30 万元。", "+最高 50 万元。"]
        assert printed[-1] == "这次修改影响 1 条标准问答（共 2 条）：乙。"

    def test_no_difference(self, desk: Desk, transcript: Path) -> None:
        write(transcript, [replace(turn, bot=("最高 50 万元。",)) for turn in read(transcript)])
        assert desk.hear(":replay lab --diff") == ["全部 2 条回答都与记录相同。"]
        assert not desk.console.failed

    def test_a_new_conversation_follows(self, desk: Desk, transcript: Path) -> None:
        desk.hear("实验室", ":replay lab")
        assert desk.console.turns == []
        assert desk.assistant.sessions == 4  # one for each conversation, one after them
        assert os.environ["HUIQI_TODAY"] == "2026-11-22"

    def test_a_faulty_file_is_one_sentence_with_its_line(self, desk: Desk, transcript: Path) -> None:
        transcript.write_text("{", encoding="utf-8")
        (line,) = desk.hear(":replay lab")
        assert "lab.jsonl:1" in line
        assert desk.console.failed


class TestCompletion:
    @pytest.fixture
    def completed(self, desk: Desk) -> Callable[[str], list[str]]:
        completions = Completions(desk.console)

        def complete(text: str) -> list[str]:
            found: Iterable[Any] = completions.get_completions(Document(text), CompleteEvent(completion_requested=True))
            return [text[: len(text) + item.start_position] + item.text for item in found]

        return complete

    @pytest.mark.parametrize(
        ("text", "first"),
        [
            (":he", [":help"]),
            ("：RE", [":reload", ":reset", ":replay"]),
            (":channel w", [":channel web", ":channel wechat"]),
            (":policy 实验", [":policy 东区实验室奖励"]),
            (":policy lab", [":policy lab-reward"]),
            (":profile 小微企业=是 region=东", [":profile 小微企业=是 region=东区"]),
            (":rate bad 金", [":rate bad 金额不对"]),
            (":rate good 金", []),
            (":save s", [":save story", ":save transcript"]),
            (":nothing x", []),
            ("东区实", ["东区实验室奖励"]),
            ("请问一下东区实", ["请问一下东区实验室奖励"]),
            ("甲", []),
            ("人才服", ["东区人才服务"]),
            ("没有这样的词", []),
        ],
    )
    def test_completed(self, completed: Callable[[str], list[str]], text: str, first: list[str]) -> None:
        assert completed(text) == first

    def test_an_empty_line_offers_the_choices_of_the_last_answer(self, desk: Desk, completed: Callable[[str], list[str]]) -> None:
        assert completed("") == []
        desk.assistant.offers = {"国家级": "国家级的呢", "市级": "市级的呢"}
        desk.hear("实验室")
        assert completed("") == ["国家级的呢", "市级的呢"]

    def test_saved_transcripts_complete_a_replay(self, desk: Desk, completed: Callable[[str], list[str]]) -> None:
        desk.hear("实验室", ":save transcript 一", ":save transcript 二")
        assert completed(":replay ") == [":replay 一", ":replay 二"]
        assert completed(":replay 一 ") == [":replay 一 --diff"]

    def test_a_new_name_of_the_book_is_completed(self, desk: Desk, completed: Callable[[str], list[str]]) -> None:
        assert completed("全新的") == []
        desk.edit(EAST.replace("[人才管家]", "[全新的叫法]"))
        desk.hear(":reload")
        assert completed("全新的") == ["全新的叫法"]
