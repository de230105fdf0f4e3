"""Fixtures around the trained assistant. Rasa is imported only when one of them is used."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    """One event loop for all conversations."""
    found = asyncio.new_event_loop()
    yield found
    found.close()


@pytest.fixture(scope="session")
def agent() -> Any:
    """The trained assistant, loaded once; trained first where something has changed."""
    from bot import logs, project, training

    project.quiet()
    logs.configure()
    if not training.fresh():
        training.train()
    from bot.conversation import load_agent

    return load_agent()
