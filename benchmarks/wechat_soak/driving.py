"""Users of the benchmark: each speaks, waits for his answer, speaks again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.channels.wechat.callback import MORE, WAIT
from bot.wechatsim.checking import NONE
from bot.wechatsim.phone import Fault, Heard, Phone

# Of the messages, how many are followed by another before they are answered.
IN_A_ROW = 0.05
# How long a user waits, in seconds: for what was not answered at once, for the rest of a long text, before he asks for a result.
_PUSHED, _REST, _PATIENT = 60.0, 1.5, 4.0
# A text from which on there may be a rest, in bytes.
_LONG = 1200


@dataclass
class Exchange:
    """Messages said in a row, with those that fetched what was still to come, and all that the phone showed for them."""

    account: str
    user: str
    said: list[Heard] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)


@dataclass
class Driven:
    """What came of the users. `lag` is how long the driving itself was held up at most, in seconds."""

    exchanges: list[Exchange] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)
    messages: int = 0
    repeated: int = 0
    lag: float = 0.0


class User:
    """One user. Before each message he thinks for about `pause` seconds; `again` is the share that is delivered again.

    `gate` bounds how many are waiting for a reply at a time, so that a busy machine is not asked more than it can do.
    """

    def __init__(
        self,
        phone: Phone,
        asked: Iterator[str],
        chance: random.Random,
        gate: asyncio.Semaphore,
        *,
        pause: float,
        again: float,
    ):
        self._phone, self._asked, self._chance, self._gate = phone, asked, chance, gate
        self._pause, self._again = pause, again

    async def talk(self, messages: int, driven: Driven) -> None:
        """Say so many messages, one or two at a time."""
        await asyncio.sleep(self._chance.uniform(0, self._pause))
        while messages:
            await asyncio.sleep(self._chance.uniform(0.5, 1.5) * self._pause)
            row = 2 if messages > 1 and self._chance.random() < IN_A_ROW else 1
            messages -= row
            exchange = Exchange(self._phone.side.name, self._phone.user)
            driven.exchanges.append(exchange)
            try:
                await self._exchange(exchange, row, driven)
            except Fault as fault:
                driven.violations.append(f"{exchange.account} {exchange.user}：{fault}")
        await asyncio.sleep(_REST)
        self._drain(exchange)
        driven.violations += [f"{exchange.account} {exchange.user}：{fault}" for fault in self._phone.faults]

    async def _exchange(self, exchange: Exchange, row: int, driven: Driven) -> None:
        async with self._gate:
            exchange.said += await asyncio.gather(*(self._say(0.2 * place, driven) for place in range(row)))
        self._drain(exchange)
        if self._phone.side.secret:
            late = sum(heard.kind == NONE for heard in exchange.said)
            for _ in range(late - len(exchange.shown) + sum(heard.text is not None for heard in exchange.said)):
                await self._receive(exchange, _PUSHED)
        await self._rest(exchange)
        for _ in range(3):  # fetch what waits for the user's next word
            if not exchange.shown or not exchange.shown[-1].endswith((WAIT, MORE)):
                break
            await asyncio.sleep(_PATIENT)
            word = "结果" if exchange.shown[-1] == WAIT else "继续"
            exchange.said.append(await self._phone.say(word))
            self._drain(exchange)
            await self._rest(exchange)

    async def _say(self, after: float, driven: Driven) -> Heard:
        await asyncio.sleep(after)
        again = (self._chance.uniform(0, 3),) if self._chance.random() < self._again else ()
        driven.repeated += len(again)
        heard = await self._phone.say(next(self._asked), again=again)
        driven.messages += 1
        return heard

    async def _rest(self, exchange: Exchange) -> None:
        while exchange.shown and len(exchange.shown[-1].encode()) >= _LONG and await self._receive(exchange, _REST):
            pass

    async def _receive(self, exchange: Exchange, seconds: float) -> bool:
        try:
            exchange.shown.append(await asyncio.wait_for(self._phone.inbox.get(), seconds))
        except asyncio.TimeoutError:
            return False
        return True

    def _drain(self, exchange: Exchange) -> None:
        while not self._phone.inbox.empty():
            exchange.shown.append(self._phone.inbox.get_nowait())
