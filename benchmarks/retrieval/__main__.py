"""Which search finds the right policy when no name matches, and what a sentence encoder adds to it.

python -m benchmarks.retrieval                  all searches on all questions; writes results.json and the tables of results.md
python -m benchmarks.retrieval --development    only the questions to develop on; writes nothing
python -m benchmarks.retrieval --development --misses    and prints those of them that a search gets wrong

The texts of the held-out questions are never printed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from hashlib import sha256
from pathlib import Path
from typing import Any

from actions.knowledge.loading import book_files
from actions.knowledge.store import default_folder
from benchmarks.retrieval import questions, report
from benchmarks.retrieval.figures import Answered, by_group, by_style, groups
from benchmarks.retrieval.measure import Measured, Parts, measured
from benchmarks.retrieval.methods import METHODS
from benchmarks.retrieval.questions import DEVELOPMENT, HELD_OUT

HERE = Path(__file__).resolve().parent
JSON, PAGE = HERE / "results.json", HERE / "results.md"
Answers = dict[str, dict[str, tuple[Answered, ...]]]


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark."""
    options = _parser().parse_args(arguments)
    wanted = (DEVELOPMENT,) if options.development else (HELD_OUT, DEVELOPMENT)
    parts: Parts = {part: questions.load(options.questions, part) for part in wanted}
    if not all(parts.values()):
        print(f"没有问题：{options.questions}", file=sys.stderr)
        return 1
    rows: dict[str, dict[str, Any]] = {}
    answers: Answers = {}
    for name in options.rows or METHODS:
        package = METHODS[name].package
        if package and package.missing:
            print(f"跳过 {name}：缺少 {package.module}，可用 {package.command} 安装", file=sys.stderr)
            continue
        print(f"{name} ...", file=sys.stderr, flush=True)
        result = measured(name, parts)
        answers[name] = result.answered
        rows[name] = _row(name, result, answers)
    print(report.tables(rows))
    if options.misses:
        _print_misses(answers)
    if not options.development and not options.rows:
        _store(parts, rows)
    return 0


def _parser() -> argparse.ArgumentParser:
    found = argparse.ArgumentParser(prog="python -m benchmarks.retrieval", description=(__doc__ or "").split("\n", 1)[0])
    found.add_argument("--development", action="store_true", help="only the questions to develop on; writes nothing")
    found.add_argument("--misses", action="store_true", help="print the development questions that a search gets wrong")
    found.add_argument(
        "--rows", nargs="+", choices=METHODS, metavar="ROW", help=f"only these, write nothing: {', '.join(METHODS)}"
    )
    found.add_argument("--questions", type=Path, default=questions.FOLDER, help="folder with held_out/ and development/")
    return found


def _row(name: str, result: Measured, answers: Answers) -> dict[str, Any]:
    base = answers.get(METHODS[name].against or "")
    if base and any([one.named for one in result.answered[part]] != [one.named for one in base[part]] for part in base):
        raise SystemExit("政策库或读法在测量中途变了，请重新运行。")
    figures: dict[str, Any] = {}
    for part, answered in result.answered.items():
        figures[part] = {"groups": by_group(answered), "styles": by_style(answered)}
        if base:
            own, other = groups(answered), groups(base[part])
            figures[part]["against"] = {group: report.compared(own[group], other[group]) for group in own}
    return {"figures": figures, "costs": result.costs, "mix": result.mix}


def _print_misses(answers: Answers) -> None:
    for name, parts in answers.items():
        print(f"\n{name}:")
        for answer in parts[DEVELOPMENT]:
            if answer.rank != 1:
                question = answer.question
                print(f"  {question.id}\t{answer.rank or '-'}\t{' '.join(question.text.split())[:120]}")
                print(f"    {', '.join(sorted(question.policies))} ← {', '.join(answer.found[:3])}")


def _store(parts: Parts, rows: dict[str, dict[str, Any]]) -> None:
    """Write the figures. Rows that were skipped now stay from an earlier run on the same questions and book."""
    folder = default_folder()
    asked = {part: {"questions": len(found), "fingerprint": questions.fingerprint(found)} for part, found in parts.items()}
    book = sha256(b"".join(path.read_bytes() for path in book_files(folder))).hexdigest()[:12]
    kept: dict[str, Any] = {}
    if JSON.exists():
        earlier = json.loads(JSON.read_text(encoding="utf-8"))
        if (earlier["asked"], earlier["book"]) == (asked, book):
            kept = earlier["rows"]
    kept.update(rows)
    absent = [name for name in METHODS if name not in kept]
    if absent:  # a page with half of its rows would be no comparison
        print(f"没有写文件，缺这几行：{', '.join(absent)}", file=sys.stderr)
        return
    kept = {name: kept[name] for name in METHODS}
    machine = {"cores": os.cpu_count(), "threads": 1, "gpu": False, "runs": 1}
    content = {"asked": asked, "book": book, "machine": machine, "rows": kept}
    JSON.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    report.insert(PAGE, report.tables(kept))


if __name__ == "__main__":
    sys.exit(main())
