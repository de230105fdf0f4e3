"""`huiqi ask --batch`: many questions at once, and what differs from the answers written down."""

from __future__ import annotations

import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from actions.clock import today
from bot.console.transcripts import (
    Difference,
    TranscriptError,
    Turn,
    answered,
    check_question,
    contents,
    decoded,
    parse,
    summary,
    write,
)

if TYPE_CHECKING:
    from bot.console.assistants import Assistant

STANDARD_INPUT = "-"


@dataclass(frozen=True)
class Batch:
    """What a file asks. `recorded`: it is a transcript, with answers to compare with, and not only a list of questions."""

    name: str
    turns: list[Turn]
    recorded: bool


def misuse(options: argparse.Namespace) -> str | None:
    """Why the options of `huiqi ask` do not go together, in Chinese; None where they do."""
    if options.batch is None:
        if options.question is None:
            return "请写出要问的问题，或者用 --batch 文件 一次问许多。"
        return "--diff 和 --update 要和 --batch 一起用。" if options.diff or options.update else None
    if options.question is not None:
        return "问题和 --batch 只能写一样。"
    return "标准输入改写不了，--update 要写文件名。" if options.update and options.batch == STANDARD_INPUT else None


def read_batch(options: argparse.Namespace) -> Batch:
    """The file that `huiqi ask --batch` names. Raises TranscriptError where it is faulty or not what the options need."""
    if options.batch == STANDARD_INPUT:
        name, text = "标准输入", decoded(sys.stdin.buffer.read(), "标准输入")
    else:
        name, text = options.batch, contents(Path(options.batch))
    recorded = name.endswith(".jsonl") or text.lstrip().startswith("{")
    if not recorded and (options.diff or options.update):
        raise TranscriptError(f"{name}：只有问题，没有记下的回答；--diff 和 --update 要的是对话记录（.jsonl）。")
    return Batch(name, parse(text, name) if recorded else _questions(text, name), recorded)


def _questions(text: str, name: str) -> list[Turn]:
    """One question a line, each a conversation of its own, answered as of today."""
    turns = []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            check_question(line, f"{name}:{number}")
            turns.append(Turn(f"第 {number} 行", line.strip(), (), today().isoformat()))
    if not turns:
        raise TranscriptError(f"{name}：文件是空的，没有一个问题。")
    return turns


async def run(batch: Batch, assistant: Assistant, options: argparse.Namespace) -> int:
    """Ask and print. 1 when an answer differs from the one written down and stays so. Raises TranscriptError."""
    now: list[Turn] = []
    differences: list[Difference] = []
    async for turn, answer in answered(batch.turns, assistant):
        now.append(Turn(turn.conversation, turn.user, answer, turn.today))
        differs = batch.recorded and answer != turn.bot
        if differs:
            differences.append(Difference(turn, answer))
        if options.json:
            # What a list of questions gives is a transcript.
            compared = {"recorded": turn.bot, "same": not differs} if batch.recorded else {}
            print(json.dumps(now[-1].plain() | compared, ensure_ascii=False), flush=True)
        elif not batch.recorded:
            print(f"问> {turn.user}", *answer, "", sep="\n", flush=True)
        elif differs and options.diff:
            print(*differences[-1].lines(_colour()), "", sep="\n", flush=True)
    if not batch.recorded:
        return 0
    told = summary(differences, len(now))
    if options.update and differences:
        write(Path(batch.name), now)
        told = f"已把 {len(differences)} 条新的回答写进 {batch.name}（共 {len(now)} 条）。"
    print(told, file=sys.stderr if options.json else sys.stdout)
    return int(bool(differences) and not options.update)


def _colour() -> bool:
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
