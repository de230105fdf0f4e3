"""Training both: ours each time, stock's once for what it is made from (an hour or more), kept under build/bench-speed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict

import yaml

from benchmarks.speed import examples
from benchmarks.speed.machine import surroundings
from bot import project

BUILD = project.ROOT / "build" / "bench-speed"
STOCK = Path(__file__).resolve().parent / "stock.yml"
MODEL, TAKEN = "stock.tar.gz", "training.json"
# DIET takes a minute and more for each on two cores; Rasa's default is 100. More change neither its speed nor its size.
EPOCHS = 20
# `huiqi train --force` with the model in another folder.
TRAIN = """
import sys
from pathlib import Path
from bot import project
project.quiet()
project.MODELS = Path(sys.argv[1])
project.MODEL = project.MODELS / project.MODEL.name
from bot.cli import main
sys.exit(main(["train", "--force"]))
"""


class Taken(TypedDict):
    """What a process took: seconds, and MB at its peak."""

    train_s: float
    cpu_s: float
    peak_mb: float


class Training(Taken):
    """What a training took, the size of the model (MB), and for how many epochs DIET was trained."""

    model_mb: float
    epochs: int | None


def ours() -> Training:
    """Train ours as `huiqi train` does, beside the model in use. Raises RuntimeError when it fails."""
    folder = BUILD / "ours"
    folder.mkdir(parents=True, exist_ok=True)
    taken = measured([sys.executable, "-c", TRAIN, str(folder)], project.ROOT, folder / "train.log")
    return Training(**taken, model_mb=_size(folder / project.MODEL.name), epochs=None)


def stock(epochs: int, again: bool = False) -> tuple[Path, Training]:
    """The stock model and what its training took, trained where there is none yet. Raises RuntimeError when that fails."""
    data, config = examples.as_rasa(), _config(epochs)
    folder = BUILD / f"stock-{_fingerprint(data, config)}"
    if again or not (folder / TAKEN).exists():
        print(f"训练 Rasa 默认管线（DIET {epochs} 轮，两核约一小时）……", file=sys.stderr, flush=True)
        (folder / "data").mkdir(parents=True, exist_ok=True)
        (folder / "data" / "nlu.json").write_text(data, encoding="utf-8")
        (folder / "config.yml").write_text(config, encoding="utf-8")
        command = [sys.executable, "-m", "rasa", "train", "--config", "config.yml", "--domain", str(project.DOMAIN)]
        command += ["--data", "data", str(project.TRAINING_DATA[1]), "--out", ".", "--fixed-model-name", MODEL[: -len(".tar.gz")]]
        taken = measured(command, folder, folder / "train.log")
        (folder / TAKEN).write_text(json.dumps(taken) + "\n", encoding="utf-8")  # last: an interrupted training does not count
    kept: Taken = json.loads((folder / TAKEN).read_text(encoding="utf-8"))
    return folder / MODEL, Training(**kept, model_mb=_size(folder / MODEL), epochs=epochs)


def measured(command: list[str], cwd: Path, log: Path) -> Taken:
    """Run a command to its end; its seconds, CPU seconds and peak memory (MB). Raises RuntimeError with its last words."""
    # Rasa's cache would restore an earlier training, which then takes no time.
    environment = surroundings() | {"RASA_MAX_CACHE_SIZE": "0"}
    began = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(command, cwd=cwd, env=environment, stdout=output, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
    taken = time.monotonic() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"训练没有成功：\n{log.read_text(encoding='utf-8', errors='replace')[-2000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    return Taken(train_s=round(taken, 1), cpu_s=round(cpu, 1), peak_mb=round(usage.ru_maxrss / 1024, 1))


def _config(epochs: int) -> str:
    config: dict[str, Any] = yaml.safe_load(STOCK.read_text(encoding="utf-8"))
    for component in config["pipeline"]:
        if component["name"] == "DIETClassifier":
            component["epochs"] = epochs
    return str(yaml.safe_dump(config, sort_keys=False))


def _fingerprint(data: str, config: str) -> str:
    """Changes with whatever the stock model is made from."""
    files = [path for folder in (project.DOMAIN, project.TRAINING_DATA[1]) for path in sorted(folder.glob("*.yml"))]
    digest = sha256("\0".join((data, config, version("rasa"))).encode())
    for path in files:
        digest.update(path.read_bytes() + b"\0")
    return digest.hexdigest()[:12]


def _size(model: Path) -> float:
    return round(model.stat().st_size / 1e6, 1)
