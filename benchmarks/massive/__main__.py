"""MASSIVE zh-CN: both pipelines' intents side by side, and the assistant asked what is none of its business.

python -m benchmarks.massive                              everything; the first training of the stock row takes half an hour
python -m benchmarks.massive --part intents --rows ours   our pipeline alone: a few minutes (shown, not stored)
python -m benchmarks.massive --part assistant             the assistant alone
"""

from __future__ import annotations

import argparse
import logging
import os
import sys
from pathlib import Path
from typing import Any

from benchmarks.massive import corpus, learning, report
from bot import logs, project

FOLDER = Path(__file__).resolve().parent
PARTS = ("intents", "assistant")
WARM_UP = 50


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    project.quiet()
    logs.configure()
    logging.captureWarnings(True)  # other packages' deprecations, as in the processes that train
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    content: dict[str, Any] = {"data": _described(), "machine": {"cores": os.cpu_count(), "gpu": False}}
    rows = options.rows or list(learning.ROWS)
    if options.part in (None, "intents"):
        content["intents"] = _intents(rows)
        print("\n" + report.intents_table(content["intents"]))
        print(report.notes(content["intents"], content["data"]))
    if options.part in (None, "assistant"):
        content["assistant"] = _assistant()
        print("\n" + report.assistant_table(content["assistant"]))
        print(report.assistant_notes(content["assistant"]))
        if content["assistant"]["answered"]:
            print(f"\n{report.ANSWERED}\n{report.answered_lines(content['assistant'], report.SHOWN)}")
    if set(rows) != set(learning.ROWS):
        content.pop("intents", None)  # stored figures are those of one run of both
        print("\n只测了一条管线：数字不写入结果文件。")
    if set(content) & set(PARTS):
        report.store(FOLDER, content)
        print(f"\n结果：{report.JSON}、{report.PAGE}（在 {FOLDER.relative_to(project.ROOT)} 下）")
    return 0


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m benchmarks.massive", description=(__doc__ or "").split("\n", 1)[0])
    found.add_argument("--part", choices=PARTS, help="only this part")
    found.add_argument("--rows", nargs="+", choices=learning.ROWS, metavar="ROW", help="only these rows: ours, stock")
    return found


def _described() -> dict[str, Any]:
    train, test = corpus.utterances(corpus.TRAIN), corpus.utterances(corpus.TEST)
    learnt = {utterance.text for utterance in train}
    return {
        "train": len(train),
        "dev": len(corpus.utterances(corpus.DEV)),
        "test": len(test),
        "intents": len({utterance.intent for utterance in train}),
        "test_seen_in_train": sum(utterance.text in learnt for utterance in test),
        "fingerprint": corpus.fingerprint(corpus.TRAIN, corpus.TEST),
    }


def _intents(rows: list[str]) -> dict[str, Any]:
    """Train what has to be trained, then ask all rows by turns."""
    models = {row: learning.trained(row) for row in rows}
    from benchmarks.massive import figures, measure  # noqa: PLC0415 - Rasa takes seconds to import

    test = corpus.utterances(corpus.TEST)
    wanted, texts = [utterance.intent for utterance in test], [utterance.text for utterance in test]
    learnt = {utterance.text for utterance in corpus.utterances(corpus.TRAIN)}
    warm_up = [utterance.text for utterance in corpus.utterances(corpus.DEV)[:WARM_UP]]
    print(f"逐句测试 {len(texts)} 句……", file=sys.stderr, flush=True)
    asked = measure.by_turns({row: models[row].model for row in rows}, warm_up, texts)
    found: dict[str, Any] = {"block": figures.BLOCK, "rows": {}}
    for row in rows:
        found["rows"][row] = {
            **figures.scores(wanted, asked[row].intents, [text in learnt for text in texts]),
            **figures.times(asked[row]),
            **models[row].figures(),
            "confusions": figures.confusions(wanted, asked[row].intents),
        }
    if set(rows) == set(learning.ROWS):
        ours, stock = asked["ours"], asked["stock"]
        found["ratio"] = {"clock": figures.ratio(ours.clock, stock.clock), "cpu": figures.ratio(ours.cpu, stock.cpu)}
    return found


def _assistant() -> dict[str, Any]:
    """Ask the assistant, trained first where something has changed."""
    from benchmarks.massive import assistant  # noqa: PLC0415 - Rasa takes seconds to import
    from bot.cli import ensure_model  # noqa: PLC0415

    ensure_model()
    test = corpus.utterances(corpus.TEST)
    print(f"把 {len(test)} 句逐句问给助手……", file=sys.stderr, flush=True)
    return assistant.ask(test)


if __name__ == "__main__":
    sys.exit(main())
