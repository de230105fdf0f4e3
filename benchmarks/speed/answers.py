"""Whether the answers are still those written down: the standard questions, asked again."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TypedDict

from benchmarks.speed.assistants import HUIQI
from bot import project

STANDARD = project.ROOT / "data" / "transcripts" / "standard.jsonl"
LATEST_S = 600


class Same(TypedDict):
    """How many turns were asked, and how many of their answers differ from those written down."""

    turns: int
    different: int


def answers() -> Same:
    """Ask the standard questions. Raises RuntimeError when that fails."""
    command = [sys.executable, "-c", HUIQI, "ask", "--batch", str(STANDARD), "--json"]
    ended = subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True, timeout=LATEST_S, check=False)
    turns = [json.loads(line) for line in ended.stdout.splitlines()]
    if ended.returncode not in (0, 1) or not turns:
        raise RuntimeError(f"没有问成：\n{ended.stderr[-2000:]}")
    return Same(turns=len(turns), different=sum(not turn["same"] for turn in turns))
