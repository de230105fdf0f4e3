"""The policy book: every record by its id, the places, and what the records have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cached_property

from actions.knowledge.facets import Facets
from actions.knowledge.guessing import Guesses
from actions.knowledge.homophones import Names
from actions.knowledge.initials import initials
from actions.knowledge.lexicon import Lexicon
from actions.knowledge.models import Department, Examples, Fact, Hotline, Policy, Region, Source, Status, Term
from actions.knowledge.sayings import Sayings
from actions.knowledge.search import Index


class PolicyBook:
    """A loaded, validated book. Immutable: a changed file makes a new one."""

    def __init__(
        self,
        *,
        title: str,
        hotline: Hotline,
        regions: Iterable[Region],
        levels: Iterable[Term],
        kinds: Iterable[Term],
        topics: Iterable[Term],
        audiences: Iterable[Term],
        facts: Iterable[Fact],
        attributes: Iterable[Term],
        synonyms: Mapping[str, str],
        examples: Iterable[Examples],
        departments: Iterable[Department],
        sources: Iterable[Source],
        policies: Iterable[Policy],
    ):
        self.title = title
        self.hotline = hotline
        self.regions = {region.id: region for region in regions}
        self.levels = {level.id: level for level in levels}
        self.kinds = {kind.id: kind for kind in kinds}
        self.topics = {topic.id: topic for topic in topics}
        self.audiences = {audience.id: audience for audience in audiences}
        self.facts = {fact.id: fact for fact in facts}
        self.attributes = {attribute.id: attribute for attribute in attributes}
        self.synonyms = dict(synonyms)
        self.example_groups = tuple(examples)
        self.departments = {department.id: department for department in departments}
        self.sources = {source.id: source for source in sources}
        self.policies = {policy.id: policy for policy in policies}

    @property
    def examples(self) -> tuple[str, ...]:
        """An example question of every group."""
        return tuple(group.questions[0] for group in self.example_groups)

    @cached_property
    def lexicon(self) -> Lexicon:
        """The words by which the book's records are named."""
        return Lexicon(self)

    @cached_property
    def index(self) -> Index:
        """The full-text index of the book's policies, numbered as in `facets`."""
        return Index(self.facets.policies)

    @cached_property
    def facets(self) -> Facets:
        """What the policies have in common; they are numbered by use, then by id."""
        return Facets(sorted(self.policies.values(), key=lambda policy: (usefulness(policy), policy.id)))

    @cached_property
    def region_names(self) -> str:
        """The names of all regions, a line each."""
        return "\n".join(region.name for region in self.regions.values())

    @cached_property
    def sayings(self) -> Sayings:
        """The ways of saying the facts of a company."""
        return Sayings(self)

    @cached_property
    def names(self) -> Names:
        """The names in the book by how they sound."""
        return Names(self.lexicon.words(), initials(self))

    @cached_property
    def guesses(self) -> Guesses:
        """The names that are nearly said."""
        return Guesses(self)

    def places(self, region: str) -> frozenset[str]:
        """The region and all regions inside it."""
        return self._inside[region]

    @cached_property
    def _inside(self) -> dict[str, frozenset[str]]:
        inside = {region: {region} for region in self.regions}
        for region in self.regions:
            for around in self.around(region):
                inside[around].add(region)
        return {region: frozenset(places) for region, places in inside.items()}

    def around(self, region: str) -> list[str]:
        """The regions that contain this one, the nearest first."""
        found: list[str] = []
        parent = self.regions[region].parent
        while parent and parent not in found:
            found.append(parent)
            parent = self.regions[parent].parent
        return found

    def of_region(self, region: str) -> list[Policy]:
        """The policies of a region and of the regions inside it, the usable ones first."""
        if region not in self._asked_regions:
            inside = [number for place in self.places(region) for number in self._in_region.get(place, ())]
            found = [self._in_order[number] for number in sorted(inside)]
            self._asked_regions[region] = sorted(found, key=lambda policy: (policy.region != region, usefulness(policy)))
        return list(self._asked_regions[region])

    @cached_property
    def _asked_regions(self) -> dict[str, list[Policy]]:
        """The policies of the regions that were asked for."""
        return {}

    def of_topic(self, topic: str) -> list[Policy]:
        """The policies on a topic, those that are mainly on it and usable first."""
        return list(self._on_topic.get(topic, ()))

    @cached_property
    def covered(self) -> tuple[str, ...]:
        """The regions that have policies of their own, in the book's order."""
        return tuple(self._in_region)

    @cached_property
    def matched(self) -> tuple[str, ...]:
        """The regions with policies that have requirements to match, those with most of them first."""
        counts = Counter(policy.region for policy in self.policies.values() if policy.eligibility)
        return tuple(region for region, _ in counts.most_common())

    @cached_property
    def phones(self) -> tuple[str, ...]:
        """Every telephone number in the book, the hotline's first."""
        phones = (department.phone for department in self.departments.values())
        return tuple(dict.fromkeys((self.hotline.number, *(phone for phone in phones if phone))))

    @cached_property
    def _in_order(self) -> tuple[Policy, ...]:
        return tuple(self.policies.values())

    @cached_property
    def _in_region(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for number, policy in enumerate(self._in_order):
            found.setdefault(policy.region, []).append(number)
        return found

    @cached_property
    def _on_topic(self) -> dict[str, list[Policy]]:
        found: dict[str, list[Policy]] = {}
        for policy in self._in_order:
            for topic in dict.fromkeys(policy.topics):
                found.setdefault(topic, []).append(policy)
        for topic, policies in found.items():
            policies.sort(key=lambda policy: (policy.topics[0] != topic, usefulness(policy)))
        return found

    def region_name(self, policy: Policy) -> str:
        """The name of the place that a policy belongs to."""
        return self.regions[policy.region].name

    def department_of(self, policy: Policy) -> Department | None:
        """The body behind a policy, None where the source names nobody."""
        return self.departments[policy.contact.department] if policy.contact.department else None

    def source_of(self, policy: Policy) -> Source:
        """The source of a policy."""
        return self.sources[policy.source]


def usefulness(policy: Policy) -> tuple[int, int]:
    """Sort key: in force before planned before historic; receivable figures before services before results."""
    order = {Status.IN_FORCE: 0, Status.PLANNED: 1, Status.HISTORIC: 2}
    return (order[policy.status], 0 if policy.receivable else 1 if policy.kind != "achievement" else 2)
