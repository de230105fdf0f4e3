"""Which policies a list shows, in which order: filters by what a record is, search by the book's own ranking."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook, usefulness
from actions.knowledge.focus import Focus
from actions.knowledge.models import Policy
from actions.knowledge.query import Outcome, Query
from actions.knowledge.ranking import Ranking
from actions.knowledge.reading import Reader
from actions.knowledge.resolution import resolve
from actions.knowledge.search import policy_texts
from actions.knowledge.text import fold
from actions.replies import choices
from bot.nlu.shared import segmenter
from bot.site.standing import STANDINGS, standing

FACETS = {"region": "地区", "kind": "类型", "topic": "主题", "level": "级别", "status": "状态"}
MOST_CHARACTERS = 200


@dataclass(frozen=True)
class Asked:
    """What the address of a list asks for; `unknown` are the facets whose value the book does not have."""

    text: str = ""
    chosen: Mapping[str, str] = field(default_factory=dict)
    page: int = 1
    unknown: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False


@dataclass(frozen=True)
class Selection:
    """The policies to show; `counts`: how many each option of a facet would leave; `note`: what the book does not cover."""

    policies: tuple[Policy, ...]
    counts: Mapping[str, Counter[str]]
    note: str = ""


class Catalogue:
    """The policies of one book on one day, ready to be filtered and searched."""

    def __init__(self, book: PolicyBook, today: date):
        self.book, self.today = book, today
        self.options = {
            "region": {region.id: region.name for region in book.regions.values()},
            "kind": {kind.id: kind.name for kind in book.kinds.values()},
            "topic": {topic.id: topic.name for topic in book.topics.values()},
            "level": {level.id: level.name for level in book.levels.values()},
            "status": STANDINGS,
        }
        self.policies = tuple(sorted(book.policies.values(), key=usefulness))
        self._prepared = False
        self._values = {policy.id: self._values_of(policy) for policy in self.policies}

    def _values_of(self, policy: Policy) -> dict[str, frozenset[str]]:
        """The options of every facet that a policy falls under; a place falls under those around it, too."""
        return {
            "region": frozenset((policy.region, *self.book.around(policy.region))),
            "kind": frozenset((policy.kind,)),
            "topic": frozenset(policy.topics),
            "level": frozenset(level for rule in policy.rules for level in rule.levels),
            "status": frozenset((standing(policy, self.today),)),
        }

    def asked(self, values: Mapping[str, str]) -> Asked:
        """What the parameters of an address ask for. Nothing in them is an error."""
        given = {facet: values[facet] for facet in FACETS if values.get(facet)}
        chosen = {facet: value for facet, value in given.items() if value in self.options[facet]}
        unknown = {facet: value for facet, value in given.items() if facet not in chosen}
        text = " ".join(values.get("q", "").split())
        number = values.get("page", "")
        page = int(number) if number.isascii() and number.isdigit() and len(number) < 7 else 1
        return Asked(text[:MOST_CHARACTERS], chosen, max(1, page), unknown, len(text) > MOST_CHARACTERS)

    def select(self, asked: Asked) -> Selection:
        """The policies that are asked for: as the search ranks them, else what can be received first."""
        policies, note = self._searched(asked.text) if asked.text else (self.policies, "")
        found, counts = [], {facet: Counter[str]() for facet in FACETS}
        for policy in policies:
            values = self._values[policy.id]
            failed = [facet for facet, option in asked.chosen.items() if option not in values[facet]]
            if not failed:
                found.append(policy)
            # Another option of the one facet that fails would show this policy.
            for facet in FACETS if not failed else failed if len(failed) == 1 else ():
                counts[facet].update(values[facet])
        region = asked.chosen.get("region")
        if region and not asked.text:
            found.sort(key=lambda policy: policy.region != region)
        return Selection(tuple(found), counts, note)

    # -- search --

    @cached_property
    def _reader(self) -> Reader:
        return Reader(self.book, {}, segmenter().cut)

    @cached_property
    def _texts(self) -> dict[str, str]:
        """What of each policy is looked through for the very words that were typed."""
        return {policy.id: "\n".join(map(fold, self._words_of(policy))) for policy in self.policies}

    def _words_of(self, policy: Policy) -> Iterable[str]:
        source, department = self.book.source_of(policy), self.book.department_of(policy)
        yield from (text for _, text in policy_texts(policy))
        yield from (source.title, source.publisher, department.name if department else "")

    def prepare(self) -> None:
        """Make all that the first search would have to make; later it does nothing."""
        if not self._prepared:
            self._searched("政策")
            self._prepared = True

    def _searched(self, text: str) -> tuple[tuple[Policy, ...], str]:
        """The policies on a text, best first, as the assistant finds them; then those that have it word for word."""
        query = self._reader.query(self._reader.read(text), Aspect.LIST, Focus())
        found = self._ranked(query)
        typed = fold(text)
        literal = [policy for policy in self.policies if typed in self._texts[policy.id]] if typed else []
        return tuple(dict.fromkeys((*found, *literal))), "" if found else self._uncovered(query)

    def _ranked(self, query: Query) -> list[Policy]:
        regions = query.ids("region")
        places = frozenset(place for region in regions for place in self.book.places(region))
        ranking = Ranking(self.book, query, Aspect.LIST)
        candidates = ranking.candidates(places or None)
        fitting = [c.policy for c in candidates if c.enough or c.near or c.topical or c.figured or ranking.has_level(c.policy)]
        if fitting or not asking.fragment(query):
            return fitting
        # Nothing but a place was typed: all that it has.
        return [policy for policy in self.policies if policy.region in places]

    def _uncovered(self, query: Query) -> str:
        """What the assistant says first of a place on which the book has nothing."""
        finding = resolve(self.book, query)
        if finding.outcome is not Outcome.UNCOVERED:
            return ""
        return choices.uncovered(self.book, query, finding).text.split("\n")[0]
