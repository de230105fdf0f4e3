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
            (fact.id, [[{fold(word.strip()) for word in group.split("|")} for group in way.split("&")] for way in fact.said])
            for fact in book.facts.values()
        ]
        # Of which facts a word may speak (their places above), the words by their first characters.
        self._facts: dict[str, dict[str, set[int]]] = {}
        for place, (_, ways) in enumerate(self._ways):
            for word in (word for way in ways for group in way for word in group if word):
                self._facts.setdefault(word[0], {}).setdefault(word, set()).add(place)

    def find(self, clause: str) -> Iterable[tuple[str, int, int]]:
        """(fact, start of its first word, end of its last) for every fact that a clause speaks of."""
        found: dict[str, tuple[int, int]] = {}
        facts: set[int] = set()
        for first in set(clause) & self._facts.keys():
            for word, own in self._facts[first].items():
                if (at := clause.find(word)) >= 0:
                    found[word] = at, at + len(word)
                    facts |= own
        for fact, ways in (self._ways[place] for place in sorted(facts)):
            for groups in ways:
                said = [found.keys() & words for words in groups]
                if all(said):
                    spans = [_first(found[word] for word in words) for words in said]
                    yield fact, min(start for start, _ in spans), max(end for _, end in spans)
                    break


def _first(spans: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """The first of some places, the longest of those that begin there."""
    return min(spans, key=lambda span: (span[0], -span[1]))
