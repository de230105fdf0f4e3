"""Which browser the tests drive: one that is installed; none is ever downloaded."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome")
NONE = "没有找到 Chromium：网页测试全部没有运行！请安装 Chromium，或用 HUIQI_CHROMIUM 写明它的位置。"


def find(playwright: Playwright) -> str | None:
    """The path of a browser; None where there is none."""
    own = playwright.chromium.executable_path
    candidates = [os.environ.get("HUIQI_CHROMIUM"), *map(shutil.which, NAMES), own if Path(own).exists() else None]
    return next((candidate for candidate in candidates if candidate), None)


def launch(playwright: Playwright, path: str) -> Browser:
    return playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
