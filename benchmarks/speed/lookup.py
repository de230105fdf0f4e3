"""The knowledge lookup alone, in process: ours, a plain scan of all policies, and SQLite's full-text search.

Run as `python -m benchmarks.speed.lookup ROUNDS FOLDER`, so that every book has a process of its own.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TypedDict, TypeVar

from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.models import Policy
from actions.knowledge.query import Query
from actions.knowledge.ranking import Ranking
from actions.knowledge.reading import Reader
from actions.knowledge.resolution import resolve
from actions.knowledge.search import policy_texts
from actions.knowledge.store import store
from actions.knowledge.text import features, fold
from actions.understanding import aspect_of
from benchmarks.speed.figures import Spread, spread
from benchmarks.speed.questions import mixed
from bot import project

BEST = 10
LATEST_S = 600
T = TypeVar("T")
# Given what a question is about, the ids of the policies that fit best.
Search = Callable[[str], Sequence[str]]
# Beyond the search by text, what a turn does with the book: all evidence weighed, and the question resolved.
Step = Callable[[Query], object]


class Lookup(TypedDict):
    """CPU microseconds a question for each way of looking it up in a book of so many policies."""

    policies: int
    us: dict[str, Spread]


def lookup(folder: Path, rounds: int) -> Lookup:
    """What looking up takes in the book of a folder. Raises RuntimeError when it fails."""
    command = [sys.executable, "-m", __name__, str(rounds), str(folder)]
    ended = subprocess.run(command, cwd=project.ROOT, capture_output=True, text=True, timeout=LATEST_S, check=False)
    if ended.returncode:
        raise RuntimeError(f"没有测成：\n{ended.stderr[-2000:]}")
    found: Lookup = json.loads(ended.stdout)
    return found


def ways(book: PolicyBook) -> dict[str, Search]:
    """The ways of looking a text up, each with its own preparation of the same records."""
    policies = list(book.policies.values())
    return {
        "ours": lambda text: [hit.policy for hit in book.index.search(text, most=BEST)],
        "fts5": fts5(policies),
        "scan": scan(policies),
    }


def steps(book: PolicyBook) -> dict[str, Step]:
    """What ours does around the search, the search included."""
    return {
        "ranking": lambda query: Ranking(book, query, query.aspect or Aspect.INTRODUCTION).candidates(),
        "resolving": lambda query: resolve(book, query),
    }


def scan(policies: Iterable[Policy]) -> Search:
    """Score every policy by the features that its text shares with the question's."""
    known = [(policy.id, frozenset(_features(policy))) for policy in policies]

    def search(text: str) -> Sequence[str]:
        asked = set(features(text))
        scored = ((len(asked & found), id) for id, found in known)
        best = sorted((hit for hit in scored if hit[0]), reverse=True)[:BEST]
        return [id for _, id in best]

    return search


def fts5(policies: Iterable[Policy]) -> Search:
    """SQLite's FTS5 in memory, ranked by its BM25, on the same features: it cannot cut Chinese text itself."""
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table policies using fts5(id unindexed, text, tokenize='unicode61')")
    rows = ((policy.id, " ".join(_features(policy))) for policy in policies)
    database.executemany("insert into policies values (?, ?)", rows)
    database.execute("insert into policies(policies) values ('optimize')")
    database.commit()

    def search(text: str) -> Sequence[str]:
        asked = " OR ".join(f'"{feature}"' for feature in dict.fromkeys(features(text)))
        if not asked:
            return []
        found = database.execute("select id from policies where text match ? order by bm25(policies) limit ?", (asked, BEST))
        return [id for (id,) in found]

    return search


def _features(policy: Policy) -> list[str]:
    return [feature for _, text in policy_texts(policy) for feature in features(fold(text))]


def queries(book: PolicyBook) -> list[Query]:
    """The sixty questions as the assistant reads them."""
    reader, focus = Reader(book), Focus()
    return [reader.query(reader.read(question.text), aspect_of(question.intent[0]), focus) for question in mixed()]


def timed(action: Callable[[T], object], given: Sequence[T], rounds: int) -> Spread:
    """CPU microseconds of an action, by turns with everything that is given; the first round warms up."""
    us = []
    for place in range(rounds + 1):
        for one in given:
            began = time.thread_time_ns()
            action(one)
            us += [(time.thread_time_ns() - began) / 1000] if place else []
    return spread(us)


def _main(rounds: int, folder: Path) -> Lookup:
    book = store(folder).current()
    asked = queries(book)
    texts = [residue(query) for query in asked]
    searches = ways(book)
    gc.collect()
    gc.freeze()  # as the server does
    us = {name: timed(search, texts, rounds) for name, search in searches.items()}
    us |= {name: timed(step, asked, rounds) for name, step in steps(book).items()}
    return Lookup(policies=len(book.policies), us=us)


if __name__ == "__main__":
    print(json.dumps(_main(int(sys.argv[1]), Path(sys.argv[2]))))
