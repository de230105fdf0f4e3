"""Many users at once, messages delivered again, slow answers: nothing is asked twice, lost, late or out of order.

The channel is real and so are the sockets; times are halved. `make soak-wechat` does the same to the trained
assistant in real time.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from pathlib import Path

import pytest

pytest.importorskip("rasa")

from bot.channels.wechat.callback import WAIT
from bot.wechatsim.phone import Phone
from tests.bot.wechat_alone import Alone, alone

USERS, MESSAGES = 200, 2_000
AGAIN, SLOW = 0.2, 0.02
# Half of 5 s and 4.8 s; ours is less than half, as the machine does not become twice as fast.
PATIENCE, SECONDS, LATEST = 2.5, 1.6, 2.4
TOOK = (2.7, 5.0)  # a slow answer, in seconds
KINDS = ("verified", "plain", "app")


async def talk(world: Alone, number: int, chance: random.Random, lates: list[float]) -> tuple[str, str, list[str]]:
    """One user's conversation: (account, user, what he was shown)."""
    account, user = KINDS[number % len(KINDS)], f"oUser{number:04}"
    phone: Phone = world.phone(account, user, PATIENCE)
    shown: list[str] = []
    await asyncio.sleep(3 * chance.random())
    for count in range(MESSAGES // USERS):
        text = f"{user} 问题{count} {'慢' if chance.random() < SLOW else '快'}"
        again = (chance.random() * 0.3,) if chance.random() < AGAIN else ()
        heard = await phone.say(text, again=again)
        lates += [seconds for seconds in heard.seconds if seconds is not None]
        if heard.text == WAIT:
            assert await phone.inbox.get() == WAIT
            await asyncio.sleep(TOOK[1] - PATIENCE)
            await phone.say("结果")
        shown.append(await asyncio.wait_for(phone.inbox.get(), 10))
    await asyncio.sleep(0.1)
    assert phone.inbox.empty()  # one answer a message
    return account, user, shown


def test_two_hundred_users_and_two_thousand_messages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    chance = random.Random(6)

    async def scenario() -> None:
        async with alone(monkeypatch, KINDS, SECONDS) as world:
            world.seconds = lambda text: chance.uniform(*TOOK) if text.endswith("慢") else 0.002
            world.keeps = False
            lates: list[float] = []
            talks = await asyncio.gather(*(talk(world, number, chance, lates) for number in range(USERS)))
            asked = defaultdict(list)
            for message in world.heard:
                asked[message.sender_id].append(message.text)
            assert len(world.heard) == MESSAGES
            assert max(Counter((message.sender_id, message.message_id) for message in world.heard).values()) == 1
            for account, user, shown in talks:
                assert shown == [f"答：{text}" for text in asked[f"wechat-{account}-{user}"]]
                assert [text.split()[1] for text in shown] == [f"问题{count}" for count in range(MESSAGES // USERS)]
            assert max(lates) <= LATEST
            assert sum(text.endswith("慢") for texts in asked.values() for text in texts) > MESSAGES * SLOW / 2

    asyncio.run(asyncio.wait_for(scenario(), 120))
