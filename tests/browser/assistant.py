"""The running assistant under test: it can be stopped and started again, and its database can be read."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import threading
from pathlib import Path
from typing import Any

from tests.bot.server import free_port, start, stop, wait_until_ready

TODAY = "2026-11-22"


class Assistant:
    """`huiqi serve` on one port with one database."""

    def __init__(self, folder: Path, origins: str):
        self._folder, self._origins, self._port = folder, origins, free_port()
        self._process: subprocess.Popen[str] | None = None
        self.address = f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        process = start(self._port, self._folder, HUIQI_ORIGINS=self._origins, HUIQI_TODAY=TODAY)
        wait_until_ready(process)
        # Nobody reads what it says from here on; a full pipe would stop it.
        threading.Thread(target=process.communicate, daemon=True).start()
        self._process = process

    def stop(self) -> None:
        if self._process:
            process, self._process = self._process, None
            stop(process)

    # -- what it has kept --

    def rows(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        connection = sqlite3.connect(self._folder / "conversations.db")
        try:
            return connection.execute(query, values).fetchall()
        finally:
            connection.close()

    def events(self, session: str) -> list[dict[str, Any]]:
        """The events of a conversation."""
        found = self.rows("select data from events where sender_id = ? order by id", session)
        return [json.loads(data) for (data,) in found]

    def said(self, session: str) -> list[str]:
        """What the user said in a conversation, as it was shown."""
        users = [event for event in self.events(session) if event["event"] == "user"]
        return [event["metadata"].get("said") for event in users if event["metadata"].get("said")]
