"""Where the figures go: JSON and an HTML page beside each other, and the tables in docs/评测.md."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot import project
from bot.evaluation import page, tables

FOLDER = project.ROOT / "build" / "evaluation"
DOCS = project.ROOT / "docs" / "评测.md"
FIGURES, MISSES, PAGE = "figures.json", "misses.json", "report.html"


def write(folder: Path, found: Mapping[str, Any], missed: list[dict[str, Any]] | None = None) -> list[Path]:
    """Write the figures, and the failed questions where they may be looked at. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    contents = {PAGE: page.page(found), FIGURES: _json(found)}
    (folder / MISSES).unlink(missing_ok=True)  # those of an earlier run do not belong to these figures
    if missed is not None:
        contents[MISSES] = _json(missed)
    for name, content in contents.items():
        (folder / name).write_text(content, encoding="utf-8")
    return [folder / name for name in contents]


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, indent=1) + "\n"


def with_tables(text: str, name: str, found: Mapping[str, Any]) -> str:
    """A page of the documentation with the tables of a set between its two marker comments."""
    return between(text, name, "\n\n".join(f"**{heading}**\n\n{table}" for heading, table in tables.sections(found)))


def between(text: str, name: str, body: str) -> str:
    """A text with something else between two marker comments. ValueError where they are not there once."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    written, times = re.subn(pattern, lambda _: f"{begin}\n{body}\n{end}", text, flags=re.DOTALL)
    if times != 1:
        raise ValueError(f"{begin} … {end}")
    return written
