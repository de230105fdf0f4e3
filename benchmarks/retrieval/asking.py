"""What every search gets: a question as the assistant reads it. And what every search lacks: the place it names."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Mapping

from actions.knowledge.book import PolicyBook, usefulness
from actions.knowledge.focus import Focus
from actions.knowledge.models import Policy
from actions.knowledge.query import Query
from actions.knowledge.reading import Reader
from bot import project
from bot.nlu.shared import segmenter

WORDS = "words.json"


def everyday_words() -> dict[str, int]:
    """The words that the trained model mends slips towards; none where no model is trained."""
    if not project.MODEL.exists():
        return {}
    with tarfile.open(project.MODEL) as model:
        for member in model:
            content = model.extractfile(member) if member.name.endswith(f"/{WORDS}") else None
            if content is not None:
                return {str(word): int(count) for word, count in json.load(content).items()}
    return {}


class Asker:
    """Makes queries of questions, as at the beginning of a conversation."""

    def __init__(self, book: PolicyBook):
        self._reader = Reader(book, everyday_words(), segmenter().cut)

    def ask(self, text: str) -> Query:
        """The query of a question, its intent left open."""
        return self._reader.query(self._reader.read(text), None, Focus())


def named(query: Query) -> bool:
    """Whether the lexicon finds a policy's name in the question."""
    return any(mention.kind == "policy" for mention in query.mentions)


def in_order(book: PolicyBook, query: Query, scores: Mapping[str, float]) -> list[str]:
    """The policies by score; those of the places that the question names come first, then those around these."""
    regions = query.ids("region")
    around = {outer for region in regions for outer in book.around(region)}
    inside = {place for region in regions if region not in around for place in book.places(region)}

    def key(policy: Policy) -> tuple[int, float, tuple[int, int], str]:
        place = 0 if policy.region in inside else 1 if policy.region in around else 2
        return place, -scores.get(policy.id, 0.0), usefulness(policy), policy.id

    found = (policy for policy in book.policies.values() if policy.id in scores or policy.region in inside)
    return [policy.id for policy in sorted(found, key=key)]
