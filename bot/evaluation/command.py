"""`huiqi evaluate`: asks the questions of a set, prints the figures, writes the report."""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from actions.knowledge.store import store
from bot.evaluation import misses, report, tables
from bot.evaluation.asking import ask
from bot.evaluation.outcomes import outcome
from bot.evaluation.questions import FOLDER, HELD_OUT, Question, QuestionsError, known_intents, load, unknown_words
from bot.evaluation.summary import summary
from bot.transcripts import TODAY

TOLD_EVERY = 100


def refusal(options: argparse.Namespace) -> str:
    """Why these options do not go together; empty when they do."""
    if options.misses and options.set == HELD_OUT and not options.final:
        return "留出集的问题不能边看边改，看了就不再是留出的。请改用 --set development；确实不再改进了，加 --final。"
    return ""


def checked_questions(name: str) -> list[Question]:
    """The questions of a set. Raises QuestionsError where their labels do not fit the book or the domain."""
    questions = load(FOLDER / name)
    problems = unknown_words(questions, store().current(), known_intents())
    if problems:
        raise QuestionsError(problems)
    return questions


def run(options: argparse.Namespace, model: str) -> int:
    """Evaluate. Returns the exit status."""
    os.environ.setdefault("HUIQI_TODAY", TODAY)  # the same replies whenever it is run
    questions = checked_questions(options.set)
    asked = ask(questions, model, lambda count: _progress(count, len(questions)))
    outcomes = [outcome(one) for one in asked]
    found = {"set": options.set, **summary(outcomes)}
    missed = misses.misses(outcomes) if options.misses else None
    files = report.write(Path(options.output) if options.output else report.FOLDER / options.set, found, missed)
    if options.write_docs:
        page = report.DOCS.read_text(encoding="utf-8")
        report.DOCS.write_text(report.with_tables(page, options.set, found), encoding="utf-8")
        files.append(report.DOCS)
    if options.json:
        print(json.dumps({**found, **({} if missed is None else {"misses": missed})}, ensure_ascii=False, indent=1))
    else:
        if missed is not None:
            print(f"没有通过的问题\n\n{misses.text(missed)}\n")
        print(f"{tables.SET_NAMES[options.set]}\n\n{tables.text(found)}")
    for file in files:
        print(f"[评测] 已写入 {file}", file=sys.stderr)
    return _too_low(found["styles"], options.at_least)


def _progress(count: int, total: int) -> None:
    if count % TOLD_EVERY == 0 or count == total:
        print(f"[评测] 已问 {count} / {total}", file=sys.stderr, flush=True)


def _too_low(styles: dict[str, dict[str, float]], least: float | None) -> int:
    """1 when a style passes less often than it should, and says which."""
    low = [name for name, counts in styles.items() if least is not None and 100 * counts["share"] < least]
    if low:
        print(f"[评测] 通过率低于 {least:g} % 的写法：{'、'.join(low)}", file=sys.stderr)
    return 1 if low else 0
