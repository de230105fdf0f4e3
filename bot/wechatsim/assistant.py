"""The assistant in a process of its own, with accounts that are made up."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import string
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from bot import project
from bot.channels.wechat.accounts import secret_variable
from bot.wechatsim.accounts import APPLICATION, OFFICIAL, PLAIN, ROBOT, Side

CHANNEL = "bot.channels.wechat.channel.WeChatInput"
READY = "按 Ctrl-C 停止"
# As long as a first training may take, in seconds.
_STARTING = 600
_CHARACTERS = string.ascii_letters + string.digits


def made_up(base: str) -> list[Side]:
    """An account of every kind, with secrets of now; `base` is where the assistant listens."""
    return [
        _made_up(base, "gongzhonghao", kind=OFFICIAL, id="wx" + secrets.token_hex(8), secret=_random(32)),
        _made_up(base, "weirenzheng", kind=OFFICIAL, id="wx" + secrets.token_hex(8), mode=PLAIN),
        _made_up(base, "yingyong", kind=APPLICATION, id="ww" + secrets.token_hex(8), secret=_random(43), agent=1000002),
        _made_up(base, "jiqiren", kind=ROBOT),
    ]


def _made_up(base: str, name: str, **known: Any) -> Side:
    return Side(name, url=f"{base}/webhooks/wechat/{name}", token=_random(24), key=_random(43), **known)


def _random(length: int) -> str:
    return "".join(secrets.choice(_CHARACTERS) for _ in range(length))


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def environment(sides: Iterable[Side]) -> dict[str, str]:
    """The variables that hold the secrets of accounts."""
    return {
        secret_variable(side.name, what): value
        for side in sides
        for what, value in (("TOKEN", side.token), ("KEY", side.key), ("SECRET", side.secret))
    }


def settings(side: Side, api: str) -> dict[str, Any]:
    """What credentials.yml says of an account; `api` is the platform's address."""
    if side.kind == ROBOT:
        return {"kind": ROBOT}
    if side.kind == APPLICATION:
        return {"kind": APPLICATION, "id": side.id, "agent": side.agent, "api": api}
    return {"kind": OFFICIAL, "id": side.id, "mode": side.mode, "verified": bool(side.secret), "api": api}


class Assistant:
    """A server that answers for some accounts, and what it keeps in a folder. `command` runs it (default `huiqi serve`)."""

    def __init__(
        self, folder: Path, port: int, sides: Sequence[Side], api: str, command: Sequence[str] = ("-m", "bot.cli", "serve")
    ):
        self.folder, self.log = folder, folder / "assistant.log"
        credentials = folder / "credentials.yml"
        channels = yaml.safe_load(project.CREDENTIALS.read_text(encoding="utf-8"))
        channels[CHANNEL] = {"accounts": {side.name: settings(side, api) for side in sides}}
        credentials.write_text(yaml.safe_dump(channels, allow_unicode=True), encoding="utf-8")
        self.database = folder / "conversations.db"
        variables = {"HOST": "127.0.0.1", "PORT": str(port), "HUIQI_CREDENTIALS": str(credentials), "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            # A group of its own: Ctrl-C in the terminal is for whoever reads it.
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=project.ROOT,
                env=os.environ | variables | environment(sides) | {"HUIQI_DATABASE": str(self.database)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait_until_ready(self, tell: Callable[[str], None] = lambda line: None) -> None:
        """Wait until it answers, telling the lines it prints. Raises RuntimeError with what it said when it does not."""
        told, until = 0, time.monotonic() + _STARTING
        while True:
            ended = self.process.poll() is not None
            said = self.log.read_text(encoding="utf-8", errors="replace")
            if READY in said:
                return
            if ended or time.monotonic() > until:
                raise RuntimeError(f"助手没有启动：\n{said.strip()}")
            complete = said[: said.rfind("\n") + 1]
            for line in complete[told:].splitlines():
                if line.strip():
                    tell(line)
            told = len(complete)
            time.sleep(0.1)

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
