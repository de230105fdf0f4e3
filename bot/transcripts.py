"""Replays the conversations of docs/对话实录.md and writes their answers anew: `python -m bot.transcripts`."""

from __future__ import annotations

import asyncio
import os
import re

from bot import logs, project

PAGE = project.ROOT / "docs" / "对话实录.md"
TODAY = "2026-11-22"
_BLOCK = re.compile(r"```\n(.*?)```", re.DOTALL)
_QUESTION = re.compile(r"^问：(.*)$", re.MULTILINE)


def replayed(questions: list[str]) -> str:
    """One conversation as the page shows it: question, answer, the messages of an answer on lines of their own."""
    from bot.conversation import Conversation, load_agent  # noqa: PLC0415 - Rasa takes seconds to import

    async def talk() -> list[str]:
        conversation, lines = Conversation(load_agent()), []
        for question in questions:
            messages = await conversation.say(question)
            texts = "\n".join(message["text"] for message in messages if message.get("text"))
            lines += [f"问：{question}", f"答：{texts}"]
        return lines

    return "\n".join(asyncio.run(talk()))


def main() -> None:
    """Write the page anew."""
    project.quiet()
    logs.configure()
    os.environ["HUIQI_TODAY"] = TODAY
    page = PAGE.read_text(encoding="utf-8")
    PAGE.write_text(_BLOCK.sub(lambda block: f"```\n{replayed(_QUESTION.findall(block[1]))}\n```", page), encoding="utf-8")


if __name__ == "__main__":
    main()
