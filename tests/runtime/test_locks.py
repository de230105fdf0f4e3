"""One turn at a time for each sender."""

from __future__ import annotations

import asyncio
import time

import pytest
from rasa.core.lock_store import LockStore
from rasa.core.utils import AvailableEndpoints
from rasa.shared.exceptions import RasaException

from bot import project
from bot.runtime.locks import SenderLocks


def test_turns_of_one_sender_go_in_order_and_do_not_wait_a_second() -> None:
    async def scenario() -> tuple[list[str], float]:
        locks, said = SenderLocks(), []

        async def turn(number: int) -> None:
            async with locks.lock("u"):
                said.append(f"begin {number}")
                await asyncio.sleep(0.01)
                said.append(f"end {number}")

        began = time.monotonic()
        await asyncio.gather(*(turn(number) for number in range(4)))
        assert not locks._locks
        assert not locks._turns
        return said, time.monotonic() - began

    said, seconds = asyncio.run(scenario())
    assert said == [f"{what} {number}" for number in range(4) for what in ("begin", "end")]
    assert seconds < 0.9  # Rasa's own takes three seconds


def test_senders_do_not_wait_for_each_other() -> None:
    async def scenario() -> list[str]:
        locks, said = SenderLocks(), []

        async def turn(sender: str, seconds: float) -> None:
            async with locks.lock(sender):
                await asyncio.sleep(seconds)
                said.append(sender)

        await asyncio.gather(turn("slow", 0.05), turn("quick", 0))
        return said

    assert asyncio.run(scenario()) == ["quick", "slow"]


def test_a_turn_that_fails_or_is_given_up_frees_the_sender() -> None:
    async def scenario() -> None:
        locks = SenderLocks()
        with pytest.raises(ZeroDivisionError):
            async with locks.lock("u"):
                raise ZeroDivisionError
        async with locks.lock("u"):
            waiting = asyncio.ensure_future(locks.lock("u").__aenter__())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        assert not locks._locks
        async with locks.lock("u"):
            pass

    asyncio.run(scenario())


def test_several_processes_need_other_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SANIC_WORKERS", "2")
    with pytest.raises(RasaException, match="redis"):
        SenderLocks()


def test_these_are_the_locks_of_the_endpoints() -> None:
    endpoints = AvailableEndpoints.read_endpoints(str(project.ENDPOINTS))
    assert isinstance(LockStore.create(endpoints.lock_store), SenderLocks)
