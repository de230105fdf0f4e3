"""The trained models of both rows, kept under build/bench-nlu until something that they are made from changes."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import yaml

from benchmarks.classifiers.apart import apart
from benchmarks.massive import corpus
from bot import project, training

STOCK = Path(__file__).resolve().parent / "stock.yml"
# Row → configuration. Ours is the one that the assistant uses, as it stands.
ROWS = {"ours": project.CONFIG, "stock": STOCK}
NAMES = {"ours": "本项目", "stock": "Rasa 默认中文管线"}
TAKES = {"ours": "约一两分钟", "stock": "两核约半小时，下面是轮次"}
CACHE = project.ROOT / "build" / "bench-nlu"
TIMES = "times.json"


@dataclass(frozen=True)
class Trained:
    """A model's file, and what it took to train it."""

    model: str
    train_s: float
    train_cpu_s: float

    def figures(self) -> dict[str, float]:
        """The times with the size of the model's file."""
        size = round(Path(self.model).stat().st_size / 1e6, 1)
        return {"train_s": self.train_s, "train_cpu_s": self.train_cpu_s, "model_mb": size}


def trained(row: str) -> Trained:
    """A row's model, trained in a process of its own where there is none yet for what it is made from."""
    folder = CACHE / f"{row}-{fingerprint(row)}"
    model, times = folder / f"{ROWS[row].stem}.tar.gz", folder / TIMES
    if times.exists():
        print(f"{NAMES[row]}：沿用已训练的模型", file=sys.stderr, flush=True)
    else:
        print(f"{NAMES[row]}：训练（{TAKES[row]}）……", file=sys.stderr, flush=True)
        folder.mkdir(parents=True, exist_ok=True)
        examples = folder / "train.json"
        examples.write_text(corpus.as_rasa(corpus.utterances(corpus.TRAIN)), encoding="utf-8")
        _, taken = apart("measure", "train", ROWS[row], examples, folder)
        times.write_text(json.dumps(taken) + "\n", encoding="utf-8")  # last: an interrupted training does not count
    return Trained(str(model), **json.loads(times.read_text(encoding="utf-8")))


def fingerprint(row: str) -> str:
    """Changes with whatever a row's model is made from."""
    digest = sha256(corpus.fingerprint(corpus.TRAIN).encode())
    for content in made_from(row):
        digest.update(content + b"\0")
    return digest.hexdigest()[:12]


def made_from(row: str) -> Iterator[bytes]:
    """The contents that a row's model is made from, beside the utterances."""
    if row == "stock":
        yield json.dumps(yaml.safe_load(STOCK.read_text(encoding="utf-8"))).encode()
        yield version("rasa").encode()
        return
    # The assistant's own, without its examples and its domain: instead of these the utterances are learnt.
    replaced = (*project.TRAINING_DATA, project.DOMAIN)
    for path in training.inputs():
        if not any(folder in path.parents for folder in replaced):
            yield path.name.encode() + b"\0" + path.read_bytes()
