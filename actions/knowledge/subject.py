"""A query with what it is about: its places, topics, names, what is in hand; and the findings made of it."""

from __future__ import annotations

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.clarifying import separate
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.ranking import Ranking

# How many policies a list shows at a time, and how many are answered side by side instead of asking back.
PAGE, SIDE_BY_SIDE = 8, 3


class Subject:
    """What a query is about, before any policy is chosen."""

    def __init__(self, book: PolicyBook, query: Query):
        self.book, self.query, self.focus = book, query, query.focus
        self.in_hand = [book.policies[id] for id in self.focus.policies]
        self.aspect = self._aspect()
        self.ranking = Ranking(book, query, self.aspect)
        self.topics = self.ranking.topics
        named = query.ids("region")
        around = {outer for region in named for outer in book.around(region)}
        # The places named, without one that contains another of them.
        self.regions = tuple(region for region in named if region not in around)
        self.inside = frozenset(place for region in self.regions for place in book.places(region)) if named else None
        self.fragment = asking.fragment(query)
        self.groups = [[book.policies[id] for id in mention.ids] for mention in query.mentions if mention.kind == "policy"]

    def _aspect(self) -> Aspect:
        """What is asked. A fragment that only names a level (市级的呢) asks for the figure, one with a number calculates."""
        computable = any(rule.computable for policy in self.in_hand for rule in policy.rules)
        calculates = (self.query.sums and computable) or self.focus.base is not None
        if self.query.aspect in (None, Aspect.DETAIL) and calculates and (self.query.sums or self.query.aspect is None):
            return Aspect.CALCULATE
        figure = Aspect.AMOUNT if self.query.ids("level") or self.query.sums else None
        return self.query.aspect or figure or self.focus.aspect or Aspect.INTRODUCTION

    def holds_in(self, region: str, policy: Policy) -> bool:
        """Whether a policy belongs to a place, to a part of it or to a larger one around it."""
        return policy.region in self.book.places(region) or policy.region in self.book.around(region)

    def holds_inside(self, policy: Policy) -> bool:
        """Whether a policy holds in one of the places that the query names."""
        return any(self.holds_in(region, policy) for region in self.regions)

    def found(
        self, policies: list[Policy], related: tuple[Policy, ...] = (), outside: str | None = None, evidence: float = 1.0
    ) -> Finding:
        """The finding of these policies, which takes them in hand."""
        ids = tuple(policy.id for policy in policies)
        focus = self.focus.on(
            ids,
            region=policies[0].region,
            topics=policies[0].topics,
            aspect=self.aspect,
            levels=self.query.ids("level"),
        )
        return Finding(
            Outcome.FOUND,
            self.aspect,
            tuple(policies),
            related=related,
            region=self.regions[0] if self.regions else None,
            topics=self.topics,
            outside=outside,
            uncovered=tuple(region for region in self.regions if not self.book.of_region(region) and region != outside),
            evidence=evidence,
            focus=focus,
        )

    def choice(self, policies: list[Policy], region: str | None) -> Finding:
        """The finding of a choice, with the question that narrows it where it is long."""
        focus = self.focus.listing(
            tuple(policy.id for policy in policies),
            shown=PAGE,
            region=region,
            topics=self.topics,
            aspect=self.query.aspect,
            levels=self.query.ids("level"),
        )
        found = tuple(policies)
        most = PAGE if self.aspect in (Aspect.LIST, Aspect.MATCH) else SIDE_BY_SIDE
        known = [dimension for dimension in ("region", "topic", "audience") if self.query.ids(dimension)]
        return Finding(
            Outcome.LISTED,
            self.aspect,
            found,
            region=region,
            topics=self.topics,
            separation=separate(self.book, found, known) if len(found) > most else None,
            evidence=0.7,
            focus=focus,
        )
