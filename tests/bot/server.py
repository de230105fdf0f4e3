"""The real server as a process, and requests to it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, folder: Path, **variables: str) -> subprocess.Popen[str]:
    """`huiqi serve` with its conversations in a folder."""
    environment = os.environ | {"PORT": str(port), "HOST": "127.0.0.1", "HUIQI_DATABASE": str(folder / "conversations.db")}
    return subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        cwd=ROOT,
        env=environment | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_until_ready(process: subprocess.Popen[str]) -> None:
    """Wait for the line that says so; what was said instead is the failure."""
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if "按 Ctrl-C 停止" in line:
            return
    raise AssertionError("".join(said))


def stop(process: subprocess.Popen[str]) -> None:
    """End it as Ctrl-C does."""
    process.send_signal(signal.SIGINT)
    assert process.wait(timeout=20) in (0, 130, -signal.SIGINT)


def post(url: str, body: Any, **headers: str) -> tuple[int, Any]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json", **headers})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())
