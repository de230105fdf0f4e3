"""The ways in which people say the facts of a company: 刚|首次 & 高企 is one way, both groups in one clause."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from actions.knowledge.text import fold

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook


class Sayings:
    """The ways of saying the facts of a book."""

    def __init__(self, book: PolicyBook):
        self._ways = [
            (fact.id, [[[fold(word.strip()) for word in group.split("|")] for group in way.split("&")] for way in fact.said])
            for fact in book.facts.values()
        ]

    def find(self, clause: str) -> Iterable[tuple[str, int, int]]:
        """(fact, start of its first word, end of its last) for every fact that a clause speaks of."""
        for fact, ways in self._ways:
            for groups in ways:
                spans = [span for span in (_first(clause, group) for group in groups) if span is not None]
                if len(spans) == len(groups):
                    yield fact, min(start for start, _ in spans), max(end for _, end in spans)
                    break


def _first(clause: str, words: Iterable[str]) -> tuple[int, int] | None:
    """The place of the first of some words, the longest of those that begin there."""
    found = [(at, at + len(word)) for word in words if word and (at := clause.find(word)) >= 0]
    return min(found, key=lambda span: (span[0], -span[1]), default=None)
