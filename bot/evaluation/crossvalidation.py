"""Tells what `make cross-validate` found, from the report of `rasa test nlu`: `python -m bot.evaluation.crossvalidation`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from bot import project
from bot.evaluation import report
from bot.evaluation.tables import percent, table

FOLDER = project.ROOT / "build" / "cross-validation"
MARKER = "cross-validation"


def figures(folder: Path) -> str:
    """The figures of the intents over all folds as a table."""
    found = json.loads((folder / "intent_report.json").read_text(encoding="utf-8"))
    average = found["macro avg"]
    shares = [found["accuracy"], *(average[key] for key in ("precision", "recall", "f1-score"))]
    heading = ("", "例句", "准确率 %", "macro 精确率 %", "macro 召回率 %", "macro-F1 %")
    return table(heading, [("意图", str(average["support"]), *map(percent, shares))])


def main(arguments: list[str] | None = None) -> None:
    """Print the figures; write them into the documentation where that is wanted."""
    parser = argparse.ArgumentParser(description="交叉验证的结果。")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="rasa test nlu 的输出目录")
    parser.add_argument("--write-docs", action="store_true", help="把表写进 docs/评测.md")
    options = parser.parse_args(arguments)
    told = figures(options.folder)
    print(told)
    print(f"逐个意图和认错的句子在 {options.folder}。")
    if options.write_docs:
        page = report.DOCS.read_text(encoding="utf-8")
        report.DOCS.write_text(report.between(page, MARKER, told), encoding="utf-8")


if __name__ == "__main__":
    main()
