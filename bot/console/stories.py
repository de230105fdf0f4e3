"""A conversation as a Rasa test story: which action follows which message, for `rasa test core`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from bot.channels.guard import guarded_text

if TYPE_CHECKING:
    from bot.console.assistants import Said
    from bot.console.tracing import Trace


class StoryError(ValueError):
    """Why a conversation cannot be a story, in Chinese."""


def story(name: str, said: Sequence[Said]) -> str:
    """The conversation as a file of test stories: what was said, the intent, the actions as they happened.

    A story tells which action runs, not what it answers: that is what transcripts are for. Raises StoryError.
    """
    if not said:
        raise StoryError("这段对话还没有说过话，没有可以保存的。")
    lines = ['version: "3.1"', "", "stories:", f"  - story: {_quoted(name)}", "    steps:"]
    forms: set[str | None] = set()
    for number, turn in enumerate(said, 1):
        trace = turn.trace
        if trace is None:
            raise StoryError("对着运行中的服务说的话看不到动作，不能保存为故事；可以 :save transcript，或不带 --url 再说一遍。")
        if not trace.intents or not trace.actions:
            raise StoryError(f"第 {number} 句“{turn.question}”没有走到任何动作，不能保存为故事。")
        forms |= {trace.loop_before, trace.loop_after}
        lines += [f"      - user: {_quoted(guarded_text(turn.question))}", f"        intent: {trace.intents[0][0]}"]
        lines += [f"      {step}" for step in _steps(trace, forms)]
    return "\n".join([*lines, ""])


def _steps(trace: Trace, forms: set[str | None]) -> Iterator[str]:
    """What follows a message. A form that an action asked for is told by the loop being active: stories know no such asking."""
    loop = trace.loop_before
    names = [name for name, _, _ in trace.actions]
    for number, name in enumerate(names):
        if name in forms and number:
            loop = name
            yield f"- active_loop: {name}"
        yield f"- action: {name}"
        if name in forms and number + 1 < len(names):  # the form has all it asked for, and Rasa goes on to what comes of it
            loop = None
            yield "- slot_was_set:"
            yield "    - requested_slot: null"
            yield "- active_loop: null"
    if loop != trace.loop_after:
        yield f"- active_loop: {trace.loop_after or 'null'}"


def _quoted(text: str) -> str:
    """A text as YAML in any of its versions: JSON strings are, once what cannot be seen is escaped."""
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in json.dumps(text, ensure_ascii=False))
