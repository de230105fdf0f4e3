"""The utterances of MASSIVE zh-CN in their official split (source and licence: data/README.md)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

DATA = Path(__file__).resolve().parent / "data"
TRAIN, DEV, TEST = "train", "dev", "test"


@dataclass(frozen=True)
class Utterance:
    """One request to a voice assistant, with the intent that people gave it."""

    id: str
    text: str
    intent: str


def utterances(part: str, folder: Path = DATA) -> list[Utterance]:
    """The utterances of a part of the split."""
    lines = (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()
    return [Utterance(**json.loads(line)) for line in lines if line.strip()]


def fingerprint(*parts: str) -> str:
    """Changes with any of the parts' files."""
    digest = sha256()
    for part in parts:
        digest.update((DATA / f"{part}.jsonl").read_bytes())
    return digest.hexdigest()[:12]


def as_rasa(found: list[Utterance]) -> str:
    """Training data for Rasa: its JSON form, in which brackets within a text mean nothing."""
    examples = [{"text": utterance.text, "intent": utterance.intent} for utterance in found]
    return json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False, indent=1)
