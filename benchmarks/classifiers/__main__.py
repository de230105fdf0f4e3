"""Train every classifier on the same examples, ask the held-out ones, print and store the table.

python -m benchmarks.classifiers            all rows; each DIET takes a quarter of an hour or more on two cores
python -m benchmarks.classifiers --quick    the linear ones only: a few minutes
python -m benchmarks.classifiers --rows bot --misses    the assistant's own, and what it takes for what
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.classifiers.apart import apart
from bot import project

if TYPE_CHECKING:
    from benchmarks.classifiers.split import Split

CONFIGS = Path(__file__).resolve().parent / "configs"
# Row → configuration, the quick ones first.
ROWS = {
    "bot": project.CONFIG,
    **{
        name: CONFIGS / f"{name}.yml"
        for name in ("tfidf-without-masks", "logistic", "logistic-masked", "diet", "diet-masked", "diet-entities")
    },
}
QUICK = tuple(name for name in ROWS if not name.startswith("diet"))
# One in so many learnt examples is asked too: a model that fails on those has not learnt enough.
LEARNT_EVERY = 10
COLUMNS = {
    "accuracy": "accuracy %",
    "macro_f1": "macro-F1 %",
    "accuracy_learnt": "on learnt %",
    "parse_ms_p50": "parse ms p50",
    "parse_ms_p95": "p95",
    "parse_cpu_ms": "CPU",
    "load_s": "load s",
    "load_cpu_s": "CPU",
    "train_s": "train s",
    "train_cpu_s": "CPU",
    "model_mb": "model MB",
    "peak_rss_mb": "peak RSS MB",
}


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    names = options.rows or (QUICK if options.quick else tuple(ROWS))
    with tempfile.TemporaryDirectory(prefix="huiqi-classifiers-") as temporary:
        folder = Path(temporary)
        split: Split = apart("split", "make_split", folder)
        drawn = split.describe()
        print(f"{drawn['learnt']} examples learnt, {drawn['held_out']} held out, split {drawn['fingerprint']}", flush=True)
        rows = {}
        for name in names:
            print(f"{name} ...", file=sys.stderr, flush=True)
            rows[name] = _row(ROWS[name], split, folder, options.misses)
            if options.output:
                _store(options.output, drawn, rows)
    print(table(rows))
    return 0


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m benchmarks.classifiers", description=(__doc__ or "").split("\n", 1)[0])
    found.add_argument("--quick", action="store_true", help="only the linear rows, which train in a minute or so")
    found.add_argument("--rows", nargs="+", choices=ROWS, metavar="ROW", help=f"only these rows: {', '.join(ROWS)}")
    found.add_argument("--misses", action="store_true", help="print every held-out text that was taken for something else")
    found.add_argument("--output", type=Path, metavar="FILE", help="store the figures as JSON, beside those of the same split")
    return found


def _row(config: Path, split: Split, folder: Path, show_misses: bool) -> dict[str, Any]:
    model, times = apart("measure", "train", config, split.train_file, folder)
    row: dict[str, Any] = apart("measure", "ask", model, split.learnt[::LEARNT_EVERY], split.held_out)
    misses = row.pop("misses")
    if show_misses:
        for text, intent, given in misses:
            print(f"  {intent} → {given}\t{text}")
    return {**row, **times}


def table(rows: dict[str, dict[str, Any]]) -> str:
    """The figures as a Markdown table."""
    lines = [["row", *COLUMNS.values()], ["---"] * (1 + len(COLUMNS))]
    lines += [[name, *(str(row[key]) for key in COLUMNS)] for name, row in rows.items()]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _store(path: Path, drawn: dict[str, object], rows: dict[str, dict[str, Any]]) -> None:
    """Write the figures; rows of an earlier run stay as long as they are of the same split."""
    found: dict[str, Any] = {}
    if path.exists():
        earlier = json.loads(path.read_text(encoding="utf-8"))
        if earlier["split"] == drawn:
            found = earlier["rows"]
    found.update(rows)
    content = {
        "split": drawn,
        "machine": {"cores": os.cpu_count(), "gpu": False, "runs": 1},
        "rows": {name: found[name] for name in ROWS if name in found},
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
