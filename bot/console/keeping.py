"""Conversations kept as files, and asked again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from bot.console.cannot import CannotError
from bot.console.said import Said
from bot.console.stories import story
from bot.console.transcripts import Turn, read, replay, summary, texts, write

if TYPE_CHECKING:
    from bot.console.console import Console

# In the project's folder.
TRANSCRIPTS, STORIES = Path("data", "transcripts"), Path("tests", "rasa")
_NAME = re.compile(r"[\w-]{1,60}")


async def save(console: Console, rest: str) -> None:
    """Write the conversation as a transcript or a story. Raises CannotError, TranscriptError, StoryError."""
    kind, _, name = rest.partition(" ")
    kind, name = kind.lower(), name.strip()
    if kind not in ("story", "transcript") or not _NAME.fullmatch(name):
        raise CannotError(
            "写 :save transcript 名称 或 :save story 名称，名称只用文字、数字、- 和 _，例如 :save transcript 孵化器。"
        )
    if not console.turns:
        raise CannotError("这段对话还没有说过话，没有可以保存的。")
    path = STORIES / f"test_{name}.yml" if kind == "story" else TRANSCRIPTS / f"{name}.jsonl"
    target = console.folder / path
    again = target.exists()
    if again and target not in console.saved:
        raise CannotError(f"已经有 {path}，不覆盖它；换一个名称。")
    if kind == "story":
        text = story(name, [turn.said for turn in console.turns])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    else:
        write(target, [_written(name, turn.said, turn.day) for turn in console.turns])
    console.saved.add(target)
    console.note(f"{'重新' if again else '已'}写进 {path}，{len(console.turns)} 句。")
    if console.told_profile:
        console.note("这段对话用 :profile 改过企业情况，重放时没有；要记下来，把情况当作话说出来。")


def _written(name: str, said: Said, day: date) -> Turn:
    return Turn(name, said.question, texts(said.messages), day.isoformat())


async def replay_file(console: Console, rest: str) -> None:
    """Ask the questions of a transcript again, and tell what is answered otherwise. Raises CannotError, TranscriptError."""
    words = rest.split()
    diff = "--diff" in words
    name = " ".join(word for word in words if word != "--diff")
    if not name:
        raise CannotError("写 :replay 文件，例如 :replay standard --diff。")
    turns = read(_transcript(console, name))
    try:
        found = await replay(turns, console.assistant, console.note)
    finally:  # the assistant has had other conversations meanwhile
        await console.assistant.reset()
        console.begin_anew()
    for difference in found if diff else ():
        for line in (*difference.lines(console.colour), ""):
            console.tell(line)
    console.failed |= bool(found)
    console.note(f"{summary(found, len(turns))}{'加 --diff 逐行列出。' if found and not diff else ''}")


def _transcript(console: Console, name: str) -> Path:
    """A file as it is called, else one of the saved transcripts by its name."""
    saved = console.folder / TRANSCRIPTS / f"{name.removesuffix('.jsonl')}.jsonl"
    return saved if saved.exists() and not Path(name).exists() else Path(name)


def transcripts(console: Console) -> Iterable[str]:
    """The names of the saved transcripts."""
    return sorted(path.stem for path in (console.folder / TRANSCRIPTS).glob("*.jsonl"))
