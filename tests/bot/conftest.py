"""The server and the components run through the trained assistant."""

import warnings
from collections.abc import Iterator
from typing import Any

import pytest

from bot import project
from tests.assistant import agent, loop
from tests.bot.server import free_port, start, stop, wait_until_ready

project.quiet()
with warnings.catch_warnings():
    # Rasa resets pytest's filters while it is imported; jieba then warns of pkg_resources.
    warnings.simplefilter("ignore", DeprecationWarning)
    import jieba  # noqa: F401 - imported here so that it is not imported later

__all__ = ["agent", "loop"]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, agent: Any) -> Iterator[str]:
    """The address of a running server (the `agent` fixture has seen to a fresh model)."""
    port = free_port()
    process = start(port, tmp_path_factory.mktemp("server"), HUIQI_ORIGINS="https://qye.example.cn", HUIQI_PROXIES="1")
    wait_until_ready(process)
    yield f"http://127.0.0.1:{port}"
    stop(process)
