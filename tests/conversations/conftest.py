"""The trained assistant, loaded once for all conversations."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from bot import project


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    found = asyncio.new_event_loop()
    yield found
    found.close()


@pytest.fixture(scope="session")
def agent() -> Any:
    project.quiet()
    from bot import logs, training
    from bot.conversation import load_agent

    logs.configure()
    if not training.fresh():
        training.train()
    return load_agent()
