"""The WeChat channel of the real assistant under load, over real sockets and in real time.

python -m benchmarks.wechat_soak                             200 users, 2,000 messages: about three minutes
python -m benchmarks.wechat_soak --users 20 --messages 200

Users of a verified 公众号 (safe mode), of one that is not (plain mode) and of an application of 企业微信 ask; a share of the
requests is made again, a share of the turns waits 5 to 17 s. The exit status is 1 when a message made no turn or two, was
answered not at all, twice or with another's answer, when turns came out of order, a reply later than 4.8 s or longer than
2048 bytes, or when memory grew.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.wechat_soak import assistant as slow_assistant
from benchmarks.wechat_soak.memory import Memory
from bot import logs, project
from bot.wechatsim.assistant import Assistant, free_port, made_up

# Of ten users, how many have which account.
SHARES = {"gongzhonghao": 4, "weirenzheng": 3, "yingyong": 3}
SHOWN = 10


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    project.quiet()
    logs.configure()
    from benchmarks.wechat_soak import checking, report, running  # noqa: PLC0415 - Rasa takes seconds to import, and settings

    os.environ[slow_assistant.SLOW] = str(options.slow)
    port, api = free_port(), free_port()
    sides = [side for side in made_up(f"http://127.0.0.1:{port}") if side.name in SHARES]
    with tempfile.TemporaryDirectory(prefix="huiqi-soak-") as folder:
        assistant = Assistant(Path(folder), port, sides, f"http://127.0.0.1:{api}", ("-m", slow_assistant.__name__))
        try:
            assistant.wait_until_ready()
            memory, began = Memory(assistant.process.pid), time.monotonic()
            driven = asyncio.run(running.run(options, sides, SHARES, api, memory))
            seconds = time.monotonic() - began
        finally:
            assistant.stop()
        counted, wrong = checking.check(driven, sides, assistant.database)
        log = assistant.log.read_text(encoding="utf-8", errors="replace")
    figures = report.Figures(driven, memory, [*wrong, *(line for line in log.splitlines() if " ERROR " in line)])
    if options.slow and not figures.met_late_answers:
        figures.wrong.append("没有遇到两种迟到的回答：多发一些消息，或者把 --slow 调大")
    print(f"{options.users} 个用户，{seconds:.0f} 秒；{counted.turns} 轮对话，另有 {counted.fetched} 句只是取回结果或余下部分")
    print(*figures.lines(), sep="\n")
    if not figures.wrong:
        print("没有违反：每条消息一轮对话、一个回答，同一用户的先后不乱。")
        return 0
    print(f"违反 {len(figures.wrong)} 处：", *figures.wrong[:SHOWN], sep="\n  ")
    return 1


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m benchmarks.wechat_soak", description=(__doc__ or "").split("\n", 1)[0])
    found.add_argument("--users", type=int, default=200)
    found.add_argument("--messages", type=int, default=2000)
    found.add_argument("--again", type=float, default=0.2, help="share of the messages that are delivered again")
    found.add_argument("--slow", type=float, default=0.02, help="share of the turns that wait")
    found.add_argument("--pause", type=float, default=8.0, help="seconds that a user thinks before each message")
    found.add_argument("--at-once", type=int, default=16, help="messages that wait for a reply at a time, at most")
    found.add_argument("--seed", type=int, default=6)
    return found


if __name__ == "__main__":
    sys.exit(main())
