"""Both assistants as processes: started, asked whether they answer, weighed and ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from http.client import HTTPException
from pathlib import Path

import yaml

from benchmarks.speed.client import Client, cites
from benchmarks.speed.machine import surroundings
from benchmarks.speed.questions import FIRST
from bot import project

NAMES = {"ours": "本项目", "stock": "Rasa 默认"}
# Each is given once: who got one may not listen yet when the next is asked for.
_PORTS = iter(range(5300, 5400))
STARTING_S = 900.0
LOOK_EVERY_S = 0.02
# What nobody reaches: the limits are for people, not for a benchmark.
UNLIMITED = 1_000_000_000
# `huiqi` as it stands, but that the model in use is good for any book: it is, and training is measured by itself.
HUIQI = """
import sys
from bot import training
stamp = training.fingerprint
training.fresh = lambda: bool(stamp())
from bot.cli import main
sys.exit(main(sys.argv[1:]))
"""


class Assistant:
    """The processes that answer at one port, and what they write into a folder."""

    def __init__(self, name: str, folder: Path):
        self.name, self.port = name, free_port()
        self._folder, self._processes = folder, list[subprocess.Popen[bytes]]()
        folder.mkdir(parents=True, exist_ok=True)
        self.began = time.perf_counter()

    def run(self, command: Sequence[str], variables: Mapping[str, str], cwd: Path = project.ROOT) -> None:
        """Start a process of it."""
        log = self._folder / f"{self.name}-{len(self._processes)}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [sys.executable, *command],
                cwd=cwd,
                env=surroundings() | {"PYTHONPATH": str(project.ROOT)} | dict(variables),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C ends the benchmark, which then ends it
            )
        self._processes.append(process)

    def first_answer(self) -> float:
        """Seconds from its start until it has answered a policy question. Raises RuntimeError with its logs when it does not."""
        attempt = 0
        while time.perf_counter() - self.began < STARTING_S and all(one.poll() is None for one in self._processes):
            attempt += 1
            client = Client(self.port)
            try:
                if cites(client.ask(f"start-{attempt}", FIRST)[1]):
                    return time.perf_counter() - self.began
            except (OSError, HTTPException):
                pass
            finally:
                client.close()
            time.sleep(LOOK_EVERY_S)
        self.stop()
        raise RuntimeError(f"{NAMES.get(self.name, self.name)}没有回答：{self._said()}")

    def _said(self) -> str:
        """The ends of its logs."""
        logs = sorted(self._folder.glob(f"{self.name}-*.log"))
        return "".join("\n" + log.read_text(encoding="utf-8", errors="replace")[-2000:] for log in logs)

    def resident_mb(self) -> float:
        """The resident memory of its processes and of theirs (MB); Linux only. Raises RuntimeError when one has ended."""
        if any(process.poll() is not None for process in self._processes):
            raise RuntimeError(f"{NAMES.get(self.name, self.name)}中途结束了：{self._said()}")
        return round(sum(_resident_kb(pid) for process in self._processes for pid in _tree(process.pid)) / 1024, 1)

    def cpu_s(self) -> float:
        """The CPU seconds that its processes and theirs have taken so far; Linux only."""
        return sum(_cpu_ticks(pid) for process in self._processes for pid in _tree(process.pid)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        for process in self._processes:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
        for process in self._processes:
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def ours(folder: Path, book: Path | None = None, cache: Path | None = None, name: str = "ours") -> Assistant:
    """`huiqi serve` with its default stores, without the limits of a public server; other books, and where they lie compiled."""
    found = Assistant(name, folder)
    credentials = yaml.safe_load(project.CREDENTIALS.read_text(encoding="utf-8"))
    for settings in credentials.values():
        settings.update({key: UNLIMITED for key, value in settings.items() if key != "proxies" and isinstance(value, int)})
    lifted = folder / "credentials.yml"
    lifted.write_text(yaml.safe_dump(credentials, allow_unicode=True), encoding="utf-8")
    database = folder / f"{name}-{found.port}.db"
    database.unlink(missing_ok=True)
    variables = {"HOST": "127.0.0.1", "PORT": str(found.port)}
    variables |= {"HUIQI_CREDENTIALS": str(lifted), "HUIQI_DATABASE": str(database)}
    variables |= {key: str(path) for key, path in (("HUIQI_BOOK", book), ("HUIQI_CACHE", cache)) if path}
    found.began = time.perf_counter()
    found.run(("-c", HUIQI, "serve"), variables)
    return found


def stock(folder: Path, model: Path) -> Assistant:
    """`rasa run` with Rasa's own REST channel and default stores, beside `rasa run actions`, started together."""
    found = Assistant("stock", folder)
    actions = free_port()
    endpoints, credentials = folder / "endpoints.yml", folder / "credentials-stock.yml"
    endpoints.write_text(f"action_endpoint:\n  url: http://127.0.0.1:{actions}/webhook\n", encoding="utf-8")
    credentials.write_text("rest:\n", encoding="utf-8")
    found.began = time.perf_counter()
    own = {"SANIC_HOST": "127.0.0.1"}
    found.run(("-m", "rasa", "run", "actions", "--port", str(actions), "--actions", "benchmarks.speed.stock_actions"), own)
    files = ("--model", str(model), "--endpoints", str(endpoints), "--credentials", str(credentials))
    found.run(("-m", "rasa", "run", "-i", "127.0.0.1", "--port", str(found.port), *files), {}, cwd=folder)
    return found


def free_port() -> int:
    """A port of this machine that nobody listens on and that was not given before. Raises RuntimeError when all are taken."""
    for port in _PORTS:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RuntimeError("没有可用的端口了。")


def _tree(pid: int) -> list[int]:
    """A process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children")
    found = children.read_text().split() if children.exists() else []
    return [pid, *(other for child in found for other in _tree(int(child)))]


def _cpu_ticks(pid: int) -> int:
    """The clock ticks of a process in user and in system mode (fields 14 and 15 of proc(5)'s stat)."""
    stat = Path(f"/proc/{pid}/stat")
    fields = stat.read_text().rpartition(")")[2].split() if stat.exists() else []
    return sum(map(int, fields[11:13]))


def _resident_kb(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS:")), 0)
