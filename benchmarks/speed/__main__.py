"""How fast ours is beside stock Rasa: both on this machine, by turns, in one run.

python -m benchmarks.speed                  everything: about 25 minutes, once the stock model is trained (an hour or more)
python -m benchmarks.speed --part books     only this part; the other figures stay as they were
python -m benchmarks.speed --quick          a little of everything: what it writes stays under build/bench-speed
python -m benchmarks.speed --train-stock    the stock model trained anew, too
python -m benchmarks.speed --epochs 100     beside a stock model whose DIET is trained as long as is Rasa's default: hours

The exit status is 1 when one of the limits (verdicts.py) is not kept.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.speed import chart, learning, machine, report
from benchmarks.speed.parts import FULL, PARTS, QUICK
from benchmarks.speed.verdicts import verdicts
from bot import logs, project, training

FOLDER = Path(__file__).resolve().parent
JSON, PAGE, PLOT = "results.json", "results.md", "results.svg"


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    project.quiet()
    logs.configure()
    if not training.fresh():
        print("注意：models/ 里的模型不是照现在的文件训练的，先运行 huiqi train。", file=sys.stderr)
    if options.train_stock:
        learning.stock(options.epochs, again=True)
    folder = learning.BUILD / "quick" if options.quick else FOLDER
    results = stored(folder)
    scale = replace(QUICK if options.quick else FULL, epochs=options.epochs)
    with tempfile.TemporaryDirectory(prefix="huiqi-speed-") as scratch:
        for name in options.part or PARTS:
            print(f"== {name} ==", file=sys.stderr, flush=True)
            stamp = machine.now(options.quick)
            figures = PARTS[name](Path(scratch), scale)
            results["parts"][name] = {**stamp, "figures": figures}
            store(folder, results)
    print(report.page(results))
    missed = [one for one in verdicts({name: part["figures"] for name, part in results["parts"].items()}) if not one.met]
    print(f"结果：{JSON}、{PAGE}、{PLOT}（在 {folder.relative_to(project.ROOT)} 下）")
    return int(bool(missed))


def stored(folder: Path) -> dict[str, Any]:
    """The figures of earlier runs on this machine; none where they are another machine's."""
    found: dict[str, Any] = {"machine": machine.described(), "parts": {}}
    path = folder / JSON
    if path.exists():
        earlier = json.loads(path.read_text(encoding="utf-8"))
        if earlier["machine"] == found["machine"]:
            found["parts"] = earlier["parts"]
    return found


def store(folder: Path, results: dict[str, Any]) -> None:
    """Write JSON, page and plot; after every part, so that what was measured is not lost."""
    results["parts"] = {name: results["parts"][name] for name in PARTS if name in results["parts"]}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JSON).write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    plot = chart.chart({name: part["figures"] for name, part in results["parts"].items()})
    page = report.page(results)
    if plot:
        (folder / PLOT).write_text(plot, encoding="utf-8")
        page += f"\n![本项目与 Rasa 默认]({PLOT})\n"
    (folder / PAGE).write_text(page, encoding="utf-8")


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m benchmarks.speed", description=(__doc__ or "").split("\n", 1)[0])
    found.add_argument("--part", nargs="+", choices=PARTS, metavar="PART", help=f"only these parts: {', '.join(PARTS)}")
    found.add_argument("--quick", action="store_true", help="measure less")
    found.add_argument("--epochs", type=int, default=learning.EPOCHS, help="how long the stock model's DIET is trained")
    found.add_argument("--train-stock", action="store_true", help="train the stock model anew, too (an hour or more)")
    return found


if __name__ == "__main__":
    sys.exit(main())
