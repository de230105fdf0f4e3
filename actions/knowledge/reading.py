"""From what people type to what the book understands: one clean text, and the records that it mentions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.homophones import Homophones
from actions.knowledge.lexicon import Mention
from actions.knowledge.query import Query
from actions.knowledge.sums import Sum, find_sums
from actions.knowledge.text import fold

MOST_CHARACTERS = 4000
# English words that have no counterpart between Chinese words.
_ARTICLES = re.compile(r"\b(?:the|an?|of|in|on|at|for|to|from|with|by|is|are|was|do|does|be|there|any|some|please)\b")


def sums_beside(mentions: list[Mention], text: str) -> list[Sum]:
    """The sums and areas of a text that are no part of a name (500强, 96711)."""
    named = [(m.start, m.end) for m in mentions if m.kind in ("policy", "region", "department")]
    return [item for item in find_sums(text) if not any(start < item.end and item.start < end for start, end in named)]


def entities(book: PolicyBook, text: str) -> list[dict[str, Any]]:
    """The records, sums (yuan) and areas (square metres) that a read text mentions, in Rasa's form."""
    mentions = book.lexicon.find(text)
    found: list[dict[str, Any]] = [
        {
            "entity": mention.kind,
            "start": mention.start,
            "end": mention.end,
            "value": mention.ids[0] if len(mention.ids) == 1 else list(mention.ids),
            "text": mention.text,
        }
        for mention in mentions
    ]
    for item in sums_beside(mentions, text):
        kind = "sum" if item.unit == "yuan" else "area"
        found.append(
            {"entity": kind, "start": item.start, "end": item.end, "value": item.value, "text": text[item.start : item.end]}
        )
    return found


class Reader:
    """Reads texts for one book. `common`: everyday words with counts; `segment`: a text cut into words."""

    def __init__(
        self,
        book: PolicyBook,
        common: Mapping[str, int] | None = None,
        segment: Callable[[str], Iterable[str]] = list,
    ):
        self.book = book
        self._homophones = Homophones(book.names, common or {}, segment)
        self._synonyms, self._synonym_pattern = self._compile(book.synonyms)
        # Only words that begin with one of these are replaced.
        self._foreign = {form[0] for form in self._synonyms if form[0].isascii()}

    @staticmethod
    def _compile(synonyms: Mapping[str, str]) -> tuple[dict[str, str], re.Pattern[str] | None]:
        table = {fold(alias): word for alias, word in synonyms.items()}
        table.update({word: word for word in synonyms.values()})  # a word is not found again inside itself
        forms = sorted(table, key=len, reverse=True)
        latin = "|".join(re.escape(form) for form in forms if form[0].isascii())
        chinese = "|".join(re.escape(form) for form in forms if not form[0].isascii())
        parts = [rf"(?<![a-z])(?:{latin})(?![a-z])" if latin else "", chinese]
        return table, re.compile("|".join(filter(None, parts))) if forms else None

    def read(self, text: str) -> str:
        """The text in the form in which everything is compared: clean, simplified, lower case, slips mended."""
        return fold(self._homophones.correct(self.translated(fold(text[:MOST_CHARACTERS]))))

    def translated(self, folded: str) -> str:
        """A folded text with the words of other languages that the book lists in Chinese, and without their articles."""
        if self._synonym_pattern is None or self._foreign.isdisjoint(folded):
            return folded
        found = self._synonym_pattern.sub(self._translate, folded)
        return fold(_ARTICLES.sub(" ", found)) if found != folded else folded

    def _translate(self, match: re.Match[str]) -> str:
        """Only words of other languages are replaced; the Chinese ones guard themselves against being cut."""
        return self._synonyms[match[0]] if match[0][0].isascii() else match[0]

    def query(self, text: str, aspect: Aspect | None, focus: Focus) -> Query:
        """A query from a text that has been read."""
        mentions = self.mentions(text)
        return Query(text, aspect, tuple(mentions), tuple(sums_beside(mentions, text)), focus)

    def mentions(self, text: str) -> list[Mention]:
        """The records that a read text mentions."""
        return self.book.lexicon.find(text)

    def sums(self, text: str) -> list[Sum]:
        """The sums and areas of a read text that are no part of a name."""
        return sums_beside(self.mentions(text), text)
