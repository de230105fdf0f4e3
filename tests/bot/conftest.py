"""The server and the components run through the trained assistant."""

import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import project
from tests.assistant import agent, loop
from tests.bot.server import free_port, start, stop, wait_until_ready
from tests.bot.wechat_accounts import ACCOUNTS, secrets_of

project.quiet()
with warnings.catch_warnings():
    # Rasa resets pytest's filters while it is imported; jieba then warns of pkg_resources.
    warnings.simplefilter("ignore", DeprecationWarning)
    import jieba  # noqa: F401 - imported here so that it is not imported later

__all__ = ["agent", "loop"]


def wechat_accounts(folder: Path) -> dict[str, str]:
    """The environment of a server with WeChat accounts beside the usual channels."""
    names = ("plain", "safe", "app", "robot")
    channels = yaml.safe_load(project.CREDENTIALS.read_text(encoding="utf-8"))
    channels["bot.channels.wechat.channel.WeChatInput"] = {"accounts": {name: ACCOUNTS[name] for name in names}}
    file = folder / "credentials.yml"
    file.write_text(yaml.safe_dump(channels, allow_unicode=True), encoding="utf-8")
    return {"HUIQI_CREDENTIALS": str(file), **secrets_of(names)}


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, agent: Any) -> Iterator[str]:
    """The address of a running server (the `agent` fixture has seen to a fresh model)."""
    port, folder = free_port(), tmp_path_factory.mktemp("server")
    variables = {"HUIQI_ORIGINS": "https://qye.example.cn", "HUIQI_PROXIES": "1"}
    process = start(port, folder, **variables, **wechat_accounts(folder))
    wait_until_ready(process)
    yield f"http://127.0.0.1:{port}"
    stop(process)
