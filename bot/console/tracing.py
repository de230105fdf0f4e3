"""What happened in a turn of the assistant, and how long it took. How it is seen: bot/console/watching.py."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Hit:
    """A policy that a search considered. `score` and `coverage` are those of Candidate in actions/knowledge/ranking.py."""

    policy: str  # its id
    name: str
    score: float
    coverage: float  # the share of the question that its record explains, 0 to 1
    named: bool  # a name in the question means it
    topical: bool  # it is on a topic that the question names
    figured: bool  # a sum of the question stands in it, or its rule computes from the asker's numbers
    remembered: float  # what of the score comes from the conversation, not from the question
    used: bool  # the answer tells of it


@dataclass(frozen=True)
class Search:
    """One look into the book: a message may need several, as when it asks two things."""

    text: str
    aspect: str  # what is asked of the policies: a value of Aspect
    outcome: str  # found, listed, uncovered, …: a value of Outcome
    evidence: float  # how strongly the question points at the book, 0 to 1
    found: tuple[str, ...]  # the ids of what was found, the best or first to show first
    hits: tuple[Hit, ...]  # best first


@dataclass(frozen=True)
class Trace:
    """A turn inside the assistant. Times in milliseconds: NLU, dialogue and action add up to the total."""

    text: str  # as it was read
    tokens: list[str]
    intents: list[tuple[str, float]]  # the ranking, best first
    entities: list[dict[str, Any]]  # kind, text, values (list of ids or numbers), start, end, extractor
    focus_before: dict[str, Any]
    focus_after: dict[str, Any]
    profile: dict[str, Any]  # after the turn
    slots: dict[str, Any]  # those that changed, with their new values; without focus and profile
    loop_before: str | None  # the form that was going on
    loop_after: str | None
    actions: list[tuple[str, str, float]]  # action, policy that chose it, confidence; without action_listen
    searches: list[Search]
    rules: list[str]  # policy/rule of those that stand in the answer word for word
    calculations: list[dict[str, Any]]  # as in message["custom"]["calculations"], each with its `policy`
    nlu_ms: float
    dialogue_ms: float  # all that is neither: Rasa fetches and saves the conversation, fills slots, chooses actions
    action_ms: float
    total_ms: float
    called: list[tuple[str, float]] = field(default_factory=list)  # the actions as they ran, with milliseconds

    @property
    def records(self) -> list[tuple[str, float]]:
        """The policies that were considered with their scores, best first."""
        best: dict[str, float] = {}
        for search in self.searches:
            for hit in search.hits:
                best[hit.policy] = max(hit.score, best.get(hit.policy, hit.score))
        return sorted(best.items(), key=lambda item: -item[1])

    @property
    def used(self) -> list[str]:
        """The ids of the policies that the answer tells of, in the order of the searches."""
        return list(dict.fromkeys(hit.policy for search in self.searches for hit in search.hits if hit.used))

    def plain(self) -> dict[str, Any]:
        """The trace as plain JSON."""
        return asdict(self)
