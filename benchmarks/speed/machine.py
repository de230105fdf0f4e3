"""Where and when figures were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from datetime import datetime
from pathlib import Path
from typing import TypedDict

from bot import project


class Measured(TypedDict):
    """When, at which commit (with + where files were changed since), with what load before, and whether only a little."""

    when: str
    commit: str
    load: float
    quick: bool


def described() -> dict[str, str | int]:
    """The machine: cores, processor, memory (GB), Python."""
    return {
        "cores": os.cpu_count() or 1,
        "processor": _first("/proc/cpuinfo", "model name"),
        "memory_gb": round(int((_first("/proc/meminfo", "MemTotal") or "0").split()[0]) / 2**20),
        "python": platform.python_version(),
    }


def now(quick: bool) -> Measured:
    """The stamp of figures that are measured now."""
    when = datetime.now().astimezone().isoformat(timespec="minutes")
    return Measured(when=when, commit=_commit(), load=round(os.getloadavg()[0], 1), quick=quick)


def surroundings() -> dict[str, str]:
    """The environment for what is measured: this one, without what `bot` sets for itself when it is imported."""
    return {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}


def _first(path: str, key: str) -> str:
    """The value of the first `key: value` of a file; empty where there is none."""
    lines = Path(path).read_text(encoding="utf-8").splitlines() if Path(path).exists() else []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(key)), "")


def _commit() -> str:
    """The commit in short; a plus where files have been changed since, empty where this is no repository."""
    name = _git("rev-parse", "--short", "HEAD")
    return f"{name}+" if name and _git("status", "--porcelain", "--untracked-files=no") else name


def _git(*arguments: str) -> str:
    try:
        ended = subprocess.run(["git", *arguments], cwd=project.ROOT, capture_output=True, text=True, timeout=10, check=False)
    except OSError:
        return ""
    return ended.stdout.strip()
