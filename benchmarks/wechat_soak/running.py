"""The run itself: all users at once, opposite the platform's APIs."""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import time
from argparse import Namespace
from collections.abc import Mapping, Sequence

from benchmarks.wechat_soak.driving import Driven, User
from benchmarks.wechat_soak.memory import Memory
from benchmarks.wechat_soak.questions import questions
from bot.wechatsim.accounts import Side
from bot.wechatsim.line import new_session
from bot.wechatsim.phone import Phone
from bot.wechatsim.platform import Platform

# In seconds.
TELL_EVERY = 20


async def run(options: Namespace, sides: Sequence[Side], shares: Mapping[str, int], port: int, memory: Memory) -> Driven:
    """All users' conversations. `shares` tells how the accounts are used; `port` is where the platform's APIs listen."""
    platform, driven, chance = Platform(sides), Driven(), random.Random(options.seed)
    asked = questions(chance)
    gc.collect()
    gc.freeze()  # a walk through all that was imported would hold up every phone
    gate = asyncio.Semaphore(options.at_once)
    await platform.start(port)
    accounts = [side for side in sides for _ in range(shares[side.name])]
    async with new_session() as session:
        talks = []
        for number in range(options.users):
            phone = Phone(accounts[number % len(accounts)], f"user-{number:04}", platform, session=session)
            share = options.messages // options.users + (number < options.messages % options.users)
            user = User(phone, asked, chance, gate, pause=options.pause, again=options.again)
            talks.append(user.talk(share, driven))
        watching = asyncio.ensure_future(_watch(driven, options.messages, memory))
        await asyncio.gather(*talks)
        watching.cancel()
    memory.note(1.0)
    await platform.stop()
    return driven


async def _watch(driven: Driven, messages: int, memory: Memory) -> None:
    began = told = time.monotonic()
    while True:
        memory.note(driven.messages / messages)
        if time.monotonic() - told >= TELL_EVERY:
            told = time.monotonic()
            print(f"{told - began:4.0f} 秒：{driven.messages} 条", file=sys.stderr, flush=True)
        asleep = time.monotonic()
        await asyncio.sleep(0.1)
        driven.lag = max(driven.lag, time.monotonic() - asleep - 0.1)
