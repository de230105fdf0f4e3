"""The questions that the searches are measured on: the project's own, with the policies that they are about."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import yaml

from bot import project

FOLDER = project.ROOT / "data" / "evaluation"
# What is fitted is fitted on the first; the second only judges.
DEVELOPMENT, HELD_OUT = "development", "held_out"


@dataclass(frozen=True)
class Question:
    """A question with the ids of the policies that are right answers, any of them."""

    id: str
    text: str
    styles: tuple[str, ...]
    policies: frozenset[str]


def load(folder: Path, part: str) -> tuple[Question, ...]:
    """The questions of a part that are about policies of the book, in order of file and place."""
    entries = [
        entry
        for path in sorted((folder / part).glob("*.yml"))
        for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or []
    ]
    return tuple(
        Question(str(entry["id"]), entry["text"], tuple(entry.get("style") or ()), frozenset(entry["policies"]))
        for entry in entries
        if entry.get("policies")
    )


def fingerprint(questions: tuple[Question, ...]) -> str:
    """Changes with the questions: figures of different fingerprints do not compare."""
    lines = (f"{question.id}\t{question.text}\t{sorted(question.policies)}" for question in questions)
    return sha256("\n".join(lines).encode()).hexdigest()[:12]
