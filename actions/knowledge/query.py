"""What is asked and what was found: the two values that pass between a dialogue and the policy book."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from actions.knowledge.aspect import Aspect
from actions.knowledge.clarifying import Separation
from actions.knowledge.focus import Focus
from actions.knowledge.lexicon import Mention
from actions.knowledge.models import Policy
from actions.knowledge.sums import Sum


@dataclass(frozen=True)
class Query:
    """One question: its clean text, the aspect (None for a fragment such as 市级的呢), what it mentions."""

    text: str
    aspect: Aspect | None = None
    mentions: tuple[Mention, ...] = ()
    sums: tuple[Sum, ...] = ()
    focus: Focus = field(default_factory=Focus)
    more: bool = False  # 还有别的吗: what was not shown yet

    def ids(self, kind: str) -> tuple[str, ...]:
        """The ids that the mentions of a kind may mean, without repeats, in order."""
        return tuple(dict.fromkeys(id for mention in self.mentions if mention.kind == kind for id in mention.ids))


class Outcome(str, Enum):
    """How a search ended."""

    FOUND = "found"  # one policy, or several that were asked for together
    LISTED = "listed"  # a choice of policies for a region, a topic or a company
    UNCOVERED = "uncovered"  # a known place, or a known topic in it, on which the book has nothing
    UNCLEAR = "unclear"  # nothing in the question or before it says what it is about
    EXHAUSTED = "exhausted"  # asked for more, there is no more
    NOTHING = "nothing"  # the question is about something that is not in the book


@dataclass(frozen=True)
class Finding:
    """What the book has on a query; `policies` best first, `focus` what the conversation is about from now on."""

    outcome: Outcome
    aspect: Aspect
    policies: tuple[Policy, ...] = ()
    related: tuple[Policy, ...] = ()
    region: str | None = None
    topics: tuple[str, ...] = ()
    outside: str | None = None  # a place that the question names and the found policy does not apply to
    uncovered: tuple[str, ...] = ()  # places that the question names and the book has nothing on
    beyond: bool = False  # nothing more on the subject, these are others of the place
    offset: int = 0  # how many of a list were shown before
    separation: Separation | None = None  # the question that narrows a list best
    evidence: float = 0.0  # how strongly the question points at the book, 0 (not at all) to 1 (by name)
    focus: Focus = field(default_factory=Focus)
