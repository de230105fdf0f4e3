"""The training data cut in two: what is learnt, and what is held out to judge by."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.knowledge.text import fold
from bot import project

HELD_OUT = 0.2
SEED = 0
NLU = project.ROOT / "data" / "nlu"


@dataclass(frozen=True)
class Split:
    """The file to learn from (with its entities), the (text, intent) pairs in it, and those held out."""

    train_file: Path
    learnt: tuple[tuple[str, str], ...]
    held_out: tuple[tuple[str, str], ...]

    def describe(self) -> dict[str, object]:
        """The sizes, how it was drawn, and a fingerprint: only results with the same one can be compared."""
        return {
            "learnt": len(self.learnt),
            "held_out": len(self.held_out),
            "share": HELD_OUT,
            "seed": SEED,
            "fingerprint": sha256(repr([self.learnt, self.held_out]).encode()).hexdigest()[:12],
        }


def halves(texts: dict[str, list[str]], share: float = HELD_OUT, seed: int = SEED) -> tuple[set[str], set[str]]:
    """(learnt, held out) of the texts of each intent, the share taken within each.

    A text's place is drawn from its own hash: examples that are added later move few of the others.
    """
    learnt: set[str] = set()
    held_out: set[str] = set()
    for of_intent in texts.values():
        drawn = sorted(of_intent, key=lambda text: sha256(f"{seed}:{text}".encode()).digest())
        border = round(share * len(drawn))
        held_out.update(drawn[:border])
        learnt.update(drawn[border:])
    return learnt, held_out


def make_split(folder: Path) -> Split:
    """Cut data/nlu, write the learnt part into a folder. A text that is there twice (once folded) counts once."""
    data = load_data(str(NLU))
    first: dict[str, Message] = {}
    for message in data.intent_examples:
        text = fold(message.get("text"))
        if text:  # a tag alone reads as nothing
            first.setdefault(text, message)
    texts: dict[str, list[str]] = {}
    for text, message in first.items():
        texts.setdefault(message.get("intent"), []).append(text)
    learnt, held_out = halves(texts)
    train_file = folder / "train.yml"
    kept = TrainingData([first[text] for text in sorted(learnt)], entity_synonyms=data.entity_synonyms)
    train_file.write_text(kept.nlu_as_yaml(), encoding="utf-8")
    return Split(train_file, _pairs(first, learnt), _pairs(first, held_out))


def _pairs(messages: dict[str, Message], texts: set[str]) -> tuple[tuple[str, str], ...]:
    return tuple((messages[text].get("text"), messages[text].get("intent")) for text in sorted(texts))
