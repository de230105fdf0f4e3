"""The commands of the console: what each is called, how it is written, what it does."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, cast

from actions.clock import today
from actions.knowledge.models import Policy
from actions.knowledge.profile import Profile
from bot.console import books, showing
from bot.console.cannot import CannotError
from bot.console.cells import width_of
from bot.console.keeping import STORIES, TRANSCRIPTS, replay_file, save
from bot.console.profiles import described, learnt
from bot.console.said import Said
from bot.console.transcripts import texts

if TYPE_CHECKING:
    from bot.console.assistants import InProcess
    from bot.console.console import Console

_MOST_LISTED = 12


@dataclass(frozen=True)
class Command:
    """A command: how it is written, what it is for in a few words, what it does, and what else is to be known."""

    name: str
    arguments: str
    help: str
    run: Callable[[Console, str], Awaitable[None]]
    more: str = ""

    @property
    def usage(self) -> str:
        """How it is written."""
        return f":{self.name} {self.arguments}".rstrip()


async def _help(console: Console, rest: str) -> None:
    if rest:
        command = COMMANDS.get(rest.lstrip(":：").lower())
        if command is None:
            raise CannotError(f"没有命令 {rest}；:help 列出全部命令。")
        console.tell(f"{command.usage}    {command.help}")
        for line in command.more.split("\n") if command.more else ():
            console.tell(f"  {line}")
        return
    console.tell("直接输入问题；按 ↓ 或输入编号，选上一个回答给出的选项。")
    wide = console.width() >= 72
    column = max(width_of(command.usage if wide else command.name) for command in COMMANDS.values()) + 3
    for command in COMMANDS.values():
        left = command.usage if wide else f":{command.name}"
        console.tell(f"  {left}{' ' * (column - width_of(left))}{command.help}")


async def _debug(console: Console, rest: str) -> None:
    wanted = {"": not console.debug, "on": True, "off": False}.get(rest.lower())
    if wanted is None:
        raise CannotError(f"“{rest}”不行，写 :debug on 或 :debug off。")
    if wanted:
        _local(console, "回答的经过")
    console.debug = wanted
    console.note("每个回答后面显示它的经过。" if wanted else "不再显示回答的经过。")


async def _why(console: Console, rest: str) -> None:
    for line in showing.why(_last(console)):
        console.tell(line)


async def _policy(console: Console, rest: str) -> None:
    found = _policies_of(console, rest) if rest else _policies_told(console)
    if len(found) == 1:
        for line in showing.policy_card(console.book, found[0].id, today(), console.store.folder):
            console.tell(line)
        if not console.assistant.local:
            console.note("这是本机的政策库里的，服务用的不一定一样。")
        return
    console.note(f"有 {len(found)} 项{f'名称里有“{rest}”' if rest else '在上一个回答里'}，写出其中一项的编号：")
    for policy in found[:_MOST_LISTED]:
        console.tell(f"  {policy.id}  {policy.name}")
    if len(found) > _MOST_LISTED:
        console.tell(f"  ……还有 {len(found) - _MOST_LISTED} 项")


def _policies_of(console: Console, text: str) -> list[Policy]:
    found = books.policies_named(console.book, text)
    if not found:
        near = "、".join(f"{policy.name}（{policy.id}）" for policy in books.nearest(console.book, text))
        raise CannotError(f"政策库里没有“{text}”{f'，相近的有：{near}' if near else ''}。")
    return found


def _policies_told(console: Console) -> list[Policy]:
    said = _last(console)
    ids = [policy["id"] for message in said.messages for policy in (message.get("custom") or {}).get("policies") or ()]
    found = [console.book.policies[id] for id in dict.fromkeys(ids) if id in console.book.policies]
    if not found:
        raise CannotError("上一个回答没有用到政策；写 :policy 编号或名称。")
    return found


async def _profile(console: Console, rest: str) -> None:
    assistant = _local(console, "企业情况")
    if rest.lower() == "clear":
        await assistant.set_profile(Profile())
        console.told_profile = bool(console.turns)
        console.note("已清除企业情况。")
    elif rest:
        await assistant.set_profile(learnt(console.book, await assistant.profile(), rest))
        console.told_profile = True
        console.note(f"已记下。{described(console.book, await assistant.profile())}")
    else:
        console.tell(described(console.book, await assistant.profile()))


async def _date(console: Console, rest: str) -> None:
    if rest:
        _local(console, "作答的日期")
    if rest in ("today", "今天"):
        os.environ.pop("HUIQI_TODAY", None)
    elif rest:
        try:
            os.environ["HUIQI_TODAY"] = date.fromisoformat(rest).isoformat()
        except ValueError as error:
            raise CannotError(f"“{rest}”不是日期，写成 :date 2026-11-22 这样，或 :date today。") from error
    if not console.assistant.local:
        console.note("服务按它那里的今天作答。")
        return
    fixed = "" if os.environ.get("HUIQI_TODAY") else "（今天）"
    console.note(f"以 {today().isoformat()}{fixed} 作答。")


async def _channel(console: Console, rest: str) -> None:
    if rest and rest.lower() not in showing.CHANNELS:
        raise CannotError(f"没有渠道“{rest}”，写 {' 或 '.join(f':channel {name}' for name in showing.CHANNELS)}。")
    console.channel = rest.lower() or console.channel
    console.note(f"回答照 {console.channel} 的样子显示。")
    if rest and console.last:
        console.show(console.last)


async def _reload(console: Console, rest: str) -> None:
    await console.reread()


async def _reset(console: Console, rest: str) -> None:
    await console.assistant.reset()
    console.begin_anew()
    console.note(f"已从头开始，会话 {console.assistant.session}。")


async def _session(console: Console, rest: str) -> None:
    if rest.lower() == "new":
        await _reset(console, "")
    elif rest:
        raise CannotError(f"“{rest}”不行，写 :session 或 :session new。")
    else:
        console.note(f"会话 {console.assistant.session}，{console.assistant.name}，说过 {len(console.turns)} 句。")


async def _rate(console: Console, rest: str) -> None:
    thumb, _, note = rest.partition(" ")
    good = {"good": True, "bad": False}.get(thumb.lower())
    if good is None:
        raise CannotError("写 :rate good 或 :rate bad，后面可以写原因，例如 :rate bad 金额不对。")
    said = _last(console)
    try:
        await console.assistant.rate(said, good, note.strip())
    except LookupError as error:
        raise CannotError(f"没能记下：{error.args[0] if error.args else '找不到这个回答'}。") from error
    console.note(f"已记下“{_short(said.question)}”的回答{'有' if good else '没'}帮助；huiqi feedback 列出全部。")


async def _history(console: Console, rest: str) -> None:
    if not console.turns:
        console.note("这段对话还没有说过话。")
    for number, turn in enumerate(console.turns, 1):
        answer = next((text for text in texts(turn.said.messages)), "（没有回答）")
        console.tell(f"{number:>3}  {turn.said.question}")
        console.note(f"     {answer.partition(chr(10))[0]}")


async def _quit(console: Console, rest: str) -> None:
    console.leaving = True


def _last(console: Console) -> Said:
    if console.last is None:
        raise CannotError("还没有回答，先问一个问题。")
    return console.last


def _local(console: Console, what: str) -> InProcess:
    """The assistant in this process. Raises CannotError where a server answers, which does not show such things."""
    if not console.assistant.local:
        raise CannotError(f"运行中的服务不给看、不给改{what}；不带 --url 打开终端才行。")
    return cast("InProcess", console.assistant)


def _short(text: str) -> str:
    return text if len(text) <= 20 else f"{text[:20]}……"


COMMANDS: Mapping[str, Command] = {
    command.name: command
    for command in (
        Command("help", "[命令]", "列出命令，或一个命令的写法", _help),
        Command(
            "debug",
            "[on|off]",
            "回答后面显示经过和用时",
            _debug,
            "显示：读成的文字、分词、意图和把握、实体、焦点前后、动作、查到的政策和分数、测算、各步毫秒。",
        ),
        Command("why", "", "上一个回答为什么这样答", _why, "显示：凭什么找到哪几项政策，怎样一步步算的，出处在哪里。"),
        Command(
            "policy",
            "[编号或名称]",
            "看政策库里的一项政策",
            _policy,
            "编号、名称、名称的一部分都行，按 Tab 补全；什么也不写，就是上一个回答用到的那一项。",
        ),
        Command(
            "profile",
            "[项=值 …|clear]",
            "看、改、清除企业情况",
            _profile,
            "项是 region（地区）或一件企业情况，例如 :profile 小微企业=是；值写 是、否、不清楚。按 Tab 看有哪些项。",
        ),
        Command(
            "date",
            "[YYYY-MM-DD|today]",
            "以哪一天作答",
            _date,
            "例如 :date 2026-12-31，看那一天哪些政策已经过期；:date today 回到今天。",
        ),
        Command("channel", f"[{'|'.join(showing.CHANNELS)}]", "回答照哪个渠道显示", _channel),
        Command(
            "reload",
            "",
            "马上读入政策库的改动",
            _reload,
            "说出新增、修改、删除了哪些；有错误就指出文件和行，仍用原来的。不输入它，下一次提问时也会读入。",
        ),
        Command("reset", "", "忘掉这段对话，从头开始", _reset),
        Command("session", "[new]", "会话的编号，或换一段会话", _session, ":session new 和 :reset 一样。"),
        Command(
            "rate",
            "good|bad [原因]",
            "评价上一个回答",
            _rate,
            "和网页上的评价记在一起，huiqi feedback 列出。例如 :rate bad 金额不对。",
        ),
        Command(
            "save",
            "transcript|story 名称",
            "保存这段对话，以后重放",
            save,
            f"transcript 记下问和答，写进 {TRANSCRIPTS}/名称.jsonl，用 :replay 重放；\n"
            f"story 是 Rasa 的测试故事，写进 {STORIES}/test_名称.yml。",
        ),
        Command(
            "replay",
            "文件 [--diff]",
            "重问一份记录，看哪些不同",
            replay_file,
            f"文件是 {TRANSCRIPTS} 里的名称或任何路径；--diff 逐行列出不同。之后是一段新的对话。",
        ),
        Command("history", "", "这段对话说过什么", _history),
        Command("quit", "", "离开（也可以按 Ctrl-D）", _quit),
    )
}
