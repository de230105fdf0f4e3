"""What is known of the asker's company, gathered from what was said at any time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from actions.knowledge.focus import strings

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

REGION = "region"  # asked like a fact, answered by a place


@dataclass(frozen=True)
class Profile:
    """A company as told: its place, and facts of the book that are so or not. What was never said is not in it."""

    region: str | None = None
    facts: Mapping[str, bool] = field(default_factory=dict)
    asked: tuple[str, ...] = ()  # facts (or `region`) that it was asked for, the last one latest
    settled: tuple[str, ...] = ()  # those of them that need no more asking: answered, or 不清楚

    @property
    def empty(self) -> bool:
        """Whether nothing has been told."""
        return self.region is None and not self.facts

    @property
    def pending(self) -> str | None:
        """What was asked last and is not answered."""
        last = self.asked[-1] if self.asked else None
        return last if last and last not in self.settled and (last == REGION or not self.knows(last)) else None

    def knows(self, fact: str) -> bool:
        """Whether a fact, or the place, was told."""
        return self.region is not None if fact == REGION else fact in self.facts

    def learn(self, book: PolicyBook, region: str | None = None, yes: Iterable[str] = (), no: Iterable[str] = ()) -> Profile:
        """The profile with what was told now; it replaces what contradicts it, and brings what follows from it."""
        facts = dict(self.facts)
        for fact in no:
            facts.update({id: False for id in book.facts if id == fact or (facts.get(id) and fact in _follows(book, id))})
        for fact in yes:
            for id in _follows(book, fact):
                facts[id] = True
                for other in book.facts[id].excludes:
                    facts[other] = False
        settled = (*self.settled, REGION) if region else self.settled
        return replace(self, region=region or self.region, facts=facts, settled=settled)

    def asking(self, fact: str) -> Profile:
        """The profile after a question for a fact."""
        return replace(self, asked=(*self.asked, fact))

    def afresh(self) -> Profile:
        """The profile before any question: what was told stays, what was asked is forgotten."""
        return replace(self, asked=(), settled=())

    def declining(self) -> Profile:
        """The profile after 不清楚."""
        return replace(self, settled=(*self.settled, *self.asked[-1:]))

    def within(self, book: PolicyBook) -> Profile:
        """The profile without what the book no longer knows."""
        return Profile(
            region=self.region if self.region in book.regions else None,
            facts={id: value for id, value in self.facts.items() if id in book.facts},
            asked=tuple(id for id in self.asked if id in book.facts or id == REGION),
            settled=self.settled,
        )

    def plain(self) -> dict[str, Any]:
        """The profile as plain JSON, as a tracker's slot holds it."""
        return {"region": self.region, "facts": dict(self.facts), "asked": list(self.asked), "settled": list(self.settled)}

    @classmethod
    def parse(cls, value: Any) -> Profile:
        """The profile of what a slot holds; anything unusable is an empty profile."""
        if not isinstance(value, Mapping):
            return cls()
        region, facts = value.get("region"), value.get("facts")
        return cls(
            region=region if isinstance(region, str) else None,
            facts={str(id): bool(so) for id, so in facts.items()} if isinstance(facts, Mapping) else {},
            asked=strings(value.get("asked")),
            settled=strings(value.get("settled")),
        )


def _follows(book: PolicyBook, fact: str) -> list[str]:
    """A fact and all that it implies."""
    found = [fact]
    for id in found:
        found += [other for other in book.facts[id].implies if other not in found]
    return found
