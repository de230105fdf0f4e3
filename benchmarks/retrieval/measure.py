"""One search measured, in a process of its own: nothing is warm, and the memory is its alone."""

from __future__ import annotations

import os
import resource
import statistics
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing import get_context

from actions.knowledge import load_book
from actions.knowledge.book import PolicyBook
from actions.knowledge.query import Query
from actions.knowledge.store import default_folder
from benchmarks.retrieval.asking import Asker, in_order, named
from benchmarks.retrieval.figures import Answered, figures
from benchmarks.retrieval.fusion import Fusion, Scores
from benchmarks.retrieval.methods import METHODS, Search
from benchmarks.retrieval.questions import DEVELOPMENT, Question

Parts = dict[str, tuple[Question, ...]]
# One core each: that is what a server has for a turn, and waiting threads slow some of them down.
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
WARM_UP = 10


@dataclass(frozen=True)
class Measured:
    """The answers of a search to every part, and its costs in seconds, milliseconds of CPU and MB."""

    answered: dict[str, tuple[Answered, ...]]
    costs: dict[str, float]
    mix: dict[str, float | int | None] | None


def measured(name: str, parts: Parts) -> Measured:
    """Measure a method in a fresh process."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(_measure, name, parts).result()


def _measure(name: str, parts: Parts) -> Measured:
    book = load_book(default_folder())
    asker = Asker(book)
    asker.ask("准备")
    read_ms: list[float] = []
    queries = {part: [_timed_ask(asker, question.text, read_ms) for question in questions] for part, questions in parts.items()}
    before, start = _peak_mb(), time.perf_counter()
    scorer = METHODS[name].make(book)
    search = Search(book, asker, scorer)
    search.rank("准备")
    load_s = time.perf_counter() - start
    if isinstance(scorer, Fusion):
        _fit(book, scorer, parts[DEVELOPMENT], queries[DEVELOPMENT])
    for query in [query for part in queries.values() for query in part][:WARM_UP]:
        search.order(query)
    search_ms: list[float] = []
    answered: dict[str, tuple[Answered, ...]] = {}
    for part, questions in parts.items():
        found = []
        for question, query in zip(questions, queries[part], strict=True):
            started = time.process_time()
            order = search.order(query)
            search_ms.append(1000 * (time.process_time() - started))
            found.append(Answered(question, named(query), tuple(order)))
        answered[part] = tuple(found)
    costs = {
        "read_ms_p50": round(statistics.median(read_ms), 2),
        "search_ms_p50": round(statistics.median(search_ms), 2),
        "search_ms_p95": round(statistics.quantiles(search_ms, n=20)[-1], 2),
        "load_s": round(load_s, 2),
        "memory_mb": round(_peak_mb() - before),
    }
    return Measured(answered, costs, asdict(scorer.mix) if isinstance(scorer, Fusion) else None)


def _timed_ask(asker: Asker, text: str, times: list[float]) -> Query:
    started = time.process_time()
    query = asker.ask(text)
    times.append(1000 * (time.process_time() - started))
    return query


def _fit(book: PolicyBook, fusion: Fusion, questions: Sequence[Question], queries: Sequence[Query]) -> None:
    def quality(scores: Sequence[Scores]) -> float:
        rows = zip(questions, queries, scores, strict=True)
        answered = (Answered(question, False, tuple(in_order(book, query, given))) for question, query, given in rows)
        return figures(answered)["mrr"]

    fusion.fit(queries, quality)


def _peak_mb() -> float:
    """The most memory that this process ever held."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 2**10
