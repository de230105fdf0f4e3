"""Searches by the words of the records: the book's own index, the assistant's ranking, BM25."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module

from actions.knowledge.asking import residue
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.query import Query
from actions.knowledge.ranking import Ranking
from actions.knowledge.search import policy_texts
from actions.knowledge.text import features, fold
from bot.nlu.shared import segmenter


class BookIndex:
    """The book's full-text index on what is left of a question without the words of asking."""

    def __init__(self, book: PolicyBook):
        self._index = book.index

    def scores(self, query: Query) -> dict[str, float]:
        """The scores of the policies that share features with the question."""
        return {hit.policy: hit.score for hit in self._index.search(residue(query))}


class BookRanking:
    """What the assistant goes by: the index, and names, topics, levels, departments, sums."""

    def __init__(self, book: PolicyBook):
        self._book = book
        _ = book.index, book.lexicon  # made at the first use otherwise

    def scores(self, query: Query) -> dict[str, float]:
        """The scores of the policies that anything points at."""
        candidates = Ranking(self._book, query, query.aspect or Aspect.INTRODUCTION).candidates()
        return {candidate.policy.id: candidate.score for candidate in candidates}


def characters(text: str) -> list[str]:
    """Single Chinese characters, pairs of them, Latin words and numbers."""
    return [*features(text), *(char for char in text if "\u3400" <= char <= "\u9fff")]


def words(text: str) -> list[str]:
    """The words of a text that have a letter, digit or character."""
    return [word for word in segmenter().cut(text) if any(char.isalnum() for char in word)]


class Bm25:
    """BM25 (Lucene's variant, k1 1.5, b 0.75) over all texts of a record as one document."""

    def __init__(self, book: PolicyBook, tokens: Callable[[str], Iterable[str]]):
        self._ids, self._tokens = list(book.policies), tokens
        documents = [
            [token for _, text in policy_texts(policy) for token in tokens(fold(text))] for policy in book.policies.values()
        ]
        self._model = import_module("bm25s").BM25()
        self._model.index(documents, show_progress=False)

    def scores(self, query: Query) -> dict[str, float]:
        """The scores of the policies that share tokens with the question."""
        wanted = list(self._tokens(residue(query)))
        if not wanted:
            return {}
        found = self._model.get_scores(wanted)
        return {id: float(score) for id, score in zip(self._ids, found, strict=True) if score > 0}
