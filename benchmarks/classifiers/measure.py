"""One classifier measured: trained in one process, asked in another (see apart)."""

from __future__ import annotations

import asyncio
import contextlib
import io
import logging
import resource
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jieba
from rasa.core.agent import Agent
from rasa.model_training import train_nlu
from sklearn.metrics import accuracy_score, f1_score

jieba.setLogLevel(logging.WARNING)

Pairs = tuple[tuple[str, str], ...]
WARM_UP = 20


class Watch:
    """Seconds on the clock and seconds of CPU (all threads): the latter hold on a busy machine too."""

    def __init__(self) -> None:
        """Begin."""
        self._clock, self._cpu = time.perf_counter(), time.process_time()

    def lap(self) -> tuple[float, float]:
        """(clock, CPU) since the beginning or the last lap."""
        clock, cpu = self._clock, self._cpu
        self._clock, self._cpu = time.perf_counter(), time.process_time()
        return self._clock - clock, self._cpu - cpu


def train(config: Path, data: Path, folder: Path) -> tuple[str, dict[str, float]]:
    """Train on a file; the model's path and the time it took (without imports)."""
    watch = Watch()
    with contextlib.redirect_stdout(io.StringIO()):
        model = train_nlu(str(config), str(data), str(folder), fixed_model_name=config.stem)
    if model is None:
        raise RuntimeError(f"{config.name}: the training gave no model")
    clock, cpu = watch.lap()
    return model, {"train_s": round(clock, 1), "train_cpu_s": round(cpu, 1)}


def ask(model: str, learnt: Pairs, held_out: Pairs) -> dict[str, Any]:
    """Load a model and ask it every held-out text, one after another; then some that it has learnt."""
    watch = Watch()
    intent_of = chooser(Agent.load(model))
    intent_of(held_out[0][0])  # dictionaries and graphs are built at the first one
    loaded, loaded_cpu = watch.lap()
    for text, _ in held_out[:WARM_UP]:
        intent_of(text)
    found, clocks, cpus = [], [], []
    for text, _ in held_out:
        watch.lap()
        found.append(intent_of(text))
        clock, cpu = watch.lap()
        clocks.append(1000 * clock)
        cpus.append(1000 * cpu)
    wanted = [intent for _, intent in held_out]
    misses = [(text, intent, given) for (text, intent), given in zip(held_out, found, strict=True) if intent != given]
    return {
        "accuracy": _percent(accuracy_score(wanted, found)),
        "macro_f1": _percent(f1_score(wanted, found, average="macro", labels=sorted(set(wanted)), zero_division=0)),
        "accuracy_learnt": _percent(statistics.mean(intent_of(text) == intent for text, intent in learnt)),
        "parse_ms_p50": round(statistics.median(clocks), 1),
        "parse_ms_p95": round(statistics.quantiles(clocks, n=20)[-1], 1),
        "parse_cpu_ms": round(statistics.median(cpus), 1),
        "load_s": round(loaded, 1),
        "load_cpu_s": round(loaded_cpu, 1),
        "model_mb": round(Path(model).stat().st_size / 1e6, 1),
        "peak_rss_mb": round(_peak_mb()),
        "confusions": [
            {"intent": intent, "taken_for": given, "times": times}
            for (intent, given), times in Counter((intent, given) for _, intent, given in misses).most_common(5)
        ],
        "misses": misses,
    }


def chooser(agent: Agent) -> Callable[[str], str]:
    """From a text to the classifier's own choice: a fallback that stands before it is passed over."""
    loop = asyncio.new_event_loop()

    def intent_of(text: str) -> str:
        parsed = loop.run_until_complete(agent.parse_message(text))
        ranking = parsed.get("intent_ranking") or [parsed["intent"]]
        return next(str(entry["name"]) for entry in ranking if entry["name"] != "nlu_fallback")

    return intent_of


def _percent(share: float) -> float:
    return round(100 * float(share), 1)


def _peak_mb() -> float:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
