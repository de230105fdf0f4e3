"""A query with what it is about: its places, topics, names, what is in hand; and the findings made of it."""

from __future__ import annotations

import re

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.clarifying import separate
from actions.knowledge.models import Policy
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.ranking import Ranking
from actions.knowledge.search import policy_texts
from actions.knowledge.sums import bare_numbers
from actions.knowledge.text import fold

# How many policies a list shows at a time, and how many are answered side by side instead of asking back.
PAGE, SIDE_BY_SIDE = 8, 3

_OWN = re.compile("(这边)?的?(企业|公司|厂子?|店|单位|人|注册的?)?(也|还)?(能|可以|可不可以|想|注册)")


class Subject:
    """What a query is about, before any policy is chosen."""

    def __init__(self, book: PolicyBook, query: Query):
        self.book, self.query, self.focus = book, query, query.focus
        self.in_hand = [book.policies[id] for id in self.focus.policies]
        self.aspect = self._aspect()
        self.ranking = Ranking(book, query, self.aspect)
        self.topics = self.ranking.topics
        self.own = self._own_place()
        named = [id for id in query.ids("region") if id != self.own and not self._told_of(id)]
        around = {outer for region in named for outer in book.around(region)}
        # The places named, without one that contains another of them.
        self.regions = tuple(region for region in named if region not in around)
        self.inside = frozenset(place for region in self.regions for place in book.places(region)) if named else None
        self.fragment = asking.fragment(query)
        self.groups = [[book.policies[id] for id in mention.ids] for mention in query.mentions if mention.kind == "policy"]

    def _own_place(self) -> str | None:
        """Of several places the one that only says where the asker is: 胶州企业能拿崂山的奖励吗."""
        mentions = [mention for mention in self.query.mentions if mention.kind == "region"]
        if len({mention.ids for mention in mentions}) < 2:
            return None
        return next((m.ids[0] for m in mentions if _OWN.match(self.query.text, m.end)), None)

    def _told_of(self, region: str) -> bool:
        """Whether a place without policies is merely spoken of in what is in hand: 深圳那边来了几家."""
        if not self.in_hand or self.book.of_region(region):
            return False
        words = [fold(mention.text) for mention in self.query.mentions if mention.kind == "region" and region in mention.ids]
        return any(word in fold(text) for policy in self.in_hand for _, text in policy_texts(policy) for word in words)

    def _rule(self, policies: list[Policy]) -> str | None:
        """The one rule of a policy for the level that the question names."""
        levels = set(self.query.ids("level"))
        rules = [rule.id for rule in policies[0].rules if levels & set(rule.levels)]
        return rules[0] if len(policies) == 1 and len(rules) == 1 else None

    def _aspect(self) -> Aspect:
        """What is asked. A fragment that only names a level (市级的呢) asks for the figure, one with a number calculates."""
        computable = any(rule.computable for policy in self.in_hand for rule in policy.rules)
        numbers = self.query.sums or bare_numbers(self.query.text)
        if self.query.aspect in (None, Aspect.DETAIL) and numbers and computable:
            return Aspect.CALCULATE
        if self.query.aspect is None and self.focus.base is not None:
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
            rule=self._rule(policies),
            levels=self.query.ids("level"),
        )
        if self.own and not any(self.holds_in(self.own, policy) for policy in policies):
            outside = outside or self.own
        return Finding(
            Outcome.FOUND,
            self.aspect,
            tuple(policies),
            related=tuple(policy for policy in related if policy not in policies),
            region=self.regions[0] if self.regions else None,
            topics=self.topics,
            outside=outside,
            uncovered=tuple(region for region in self.regions if not self.book.of_region(region) and region != outside),
            evidence=evidence,
            focus=focus,
        )

    def choice(self, policies: list[Policy], region: str | None, topics: tuple[str, ...] = ()) -> Finding:
        """The finding of a choice, with the question that narrows it where it is long."""
        topics = self.topics or topics
        focus = self.focus.listing(
            tuple(policy.id for policy in policies),
            shown=PAGE,
            region=region,
            topics=topics,
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
            topics=topics,
            separation=separate(self.book, found, known) if len(found) > most else None,
            evidence=0.6,
            focus=focus,
        )
