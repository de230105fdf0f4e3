"""Many senders at once, from a process of their own: `python -m benchmarks.speed.load PORT SENDERS SECONDS`."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from typing import TypedDict

import aiohttp

from benchmarks.speed.client import ADDRESS
from benchmarks.speed.figures import Spread, spread
from benchmarks.speed.questions import mixed
from bot import project

# Turns of a conversation; then its sender is somebody else.
TURNS = 10
LATEST_S = 120


class Load(TypedDict):
    """Turns a second and the milliseconds that each took, with so many senders."""

    senders: int
    turns_per_s: float
    ms: Spread


def load(port: int, senders: int, seconds: float) -> Load:
    """What so many senders get from the assistant at a port in so many seconds. Raises RuntimeError when a turn fails."""
    command = [sys.executable, "-m", __name__, str(port), str(senders), str(seconds)]
    ended = subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True, timeout=seconds + LATEST_S, check=False)
    if ended.returncode:
        raise RuntimeError(f"{senders} 个人同时问，有一轮出错：\n{ended.stderr[-2000:]}")
    found: Load = json.loads(ended.stdout)
    return found


async def _run(port: int, senders: int, seconds: float) -> Load:
    texts = [question.text for question in mixed()]
    times: list[float] = []
    began = time.perf_counter()

    async def talk(sender: int, session: aiohttp.ClientSession) -> None:
        turn = 0
        while time.perf_counter() - began < seconds:
            # Everybody begins elsewhere, so that not all ask the same at the same time.
            text = texts[(7 * sender + turn) % len(texts)]
            body = {"sender": f"load-{senders}-{sender}-{turn // TURNS}", "message": text}
            asked = time.perf_counter()
            async with session.post(f"http://127.0.0.1:{port}{ADDRESS}", json=body) as reply:
                await reply.read()
                reply.raise_for_status()
            times.append(1000 * (time.perf_counter() - asked))
            turn += 1

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        await asyncio.gather(*(talk(sender, session) for sender in range(senders)))
    return Load(senders=senders, turns_per_s=round(len(times) / (time.perf_counter() - began), 2), ms=spread(times))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_run(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])))))
