"""`huiqi wechat-sim`: chat as a WeChat user, with an assistant of its own or one that runs."""

from __future__ import annotations

import asyncio
import signal
import sys
import tempfile
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import yaml

from bot import project
from bot.channels.wechat.accounts import accounts_of
from bot.wechatsim.accounts import Side
from bot.wechatsim.assistant import CHANNEL, Assistant, free_port, made_up
from bot.wechatsim.chat import Chat
from bot.wechatsim.platform import Platform
from bot.wechatsim.screen import Screen

T = TypeVar("T")


class SimulatorError(Exception):
    """Ends the command with one clear sentence."""


def run(url: str | None = None) -> int:
    """Chat until the input ends. `url` is the callback address of a server that runs; without it one is started.

    Returns the exit status. Raises SimulatorError, SettingError.
    """
    for signals in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(signals, _leave)
    screen = Screen()
    with _loop() as wait_for:
        if url:
            side, port = running(url)
            _warn(screen, side, port)
            return _chat({side.name: side}, Platform([side]), port, screen, wait_for)
        with tempfile.TemporaryDirectory(prefix="huiqi-wechat-") as folder:
            return _with_assistant(Path(folder), screen, wait_for)


def running(url: str) -> tuple[Side, int]:
    """The account behind a callback address, by credentials.yml and the environment, and the port of its `api` (0: none)."""
    parts = urlsplit(url)
    name = parts.path.rstrip("/").rpartition("/")[2]
    if parts.scheme not in ("http", "https") or not parts.hostname or "/webhooks/wechat/" not in parts.path:
        raise SimulatorError(f"“{url}”不是回调地址，应当像 http://127.0.0.1:5005/webhooks/wechat/账号名。")
    channels = yaml.safe_load(project.CREDENTIALS.read_text(encoding="utf-8")) or {}
    accounts = accounts_of(channels.get(CHANNEL) or {})
    account = accounts.get(name)
    if account is None:
        known = f"，有 {'、'.join(accounts)}" if accounts else ""
        raise SimulatorError(f"{project.CREDENTIALS} 里没有微信账号“{name}”{known}。")
    side = Side(name, account.kind, url, account.token, account.key, account.id, account.secret, account.mode, account.agent)
    return side, urlsplit(account.api).port or 0


def _warn(screen: Screen, side: Side, port: int) -> None:
    if side.secret and not port:
        screen.attention(
            f"{side.name} 的主动推送会发给真正的平台，这里看不到；"
            "想看到，在 credentials.yml 里给它写 api: http://127.0.0.1:端口，重启服务再来。"
        )


def _with_assistant(folder: Path, screen: Screen, wait_for: Callable[[Coroutine[Any, Any, Any]], Any]) -> int:
    port, api = free_port(), free_port()
    sides = made_up(f"http://127.0.0.1:{port}")
    screen.note("正在启动助手……（用临时的账号和对话记录，退出时删除）")
    assistant = Assistant(folder, port, sides, f"http://127.0.0.1:{api}")
    try:
        try:
            assistant.wait_until_ready(screen.note)
        except RuntimeError as error:
            raise SimulatorError(str(error)) from error
        return _chat({side.name: side for side in sides}, Platform(sides), api, screen, wait_for)
    finally:
        assistant.stop()


def _chat(
    sides: Mapping[str, Side], platform: Platform, port: int, screen: Screen, wait_for: Callable[[Coroutine[Any, Any, Any]], Any]
) -> int:
    lines = _Lines(screen)

    async def begin() -> Chat:
        await platform.start(port)
        chat = Chat(sides, platform, screen, lines.redraw)
        await chat.begin()
        return chat

    chat: Chat = wait_for(begin())
    try:
        for line in lines.read(lambda: chat.prompt):
            if not wait_for(chat.handle(line)):
                break
    except KeyboardInterrupt:
        print()
        return 130
    finally:
        wait_for(chat.end())
        wait_for(platform.stop())
    return 0


class _Lines:
    """What is typed, line by line; on a terminal with a prompt, and with the keys of readline."""

    def __init__(self, screen: Screen):
        self._screen, self._prompt = screen, ""
        self._readline: Any = None
        if screen.live and sys.stdin.isatty():
            with suppress(ImportError):
                import readline  # noqa: PLC0415 - not on every machine

                self._readline = readline

    def read(self, prompt: Callable[[], str]) -> Iterator[str]:
        while True:
            try:
                self._prompt = prompt() if sys.stdin.isatty() else ""
                line = input(self._prompt)
            except EOFError:
                if self._prompt:
                    print()
                return
            finally:
                self._prompt = ""
            yield line

    def redraw(self) -> None:
        """Show again what is being typed, after something came between."""
        if self._prompt:
            typed = self._readline.get_line_buffer() if self._readline else ""
            print(self._prompt + typed, end="", flush=True)


@contextmanager
def _loop() -> Iterator[Callable[[Coroutine[Any, Any, Any]], Any]]:
    """An event loop beside the thread that reads what is typed: what is sent to the user comes in meanwhile."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait_for(work: Coroutine[Any, Any, T]) -> T:
        future: Future[T] = asyncio.run_coroutine_threadsafe(work, loop)
        try:
            return future.result()
        except KeyboardInterrupt:
            future.cancel()
            raise

    try:
        yield wait_for
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def _leave(number: int, frame: object) -> None:
    raise SystemExit(128 + number)
