"""What the home page tells of the book, counted anew for every book."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from actions.knowledge.book import PolicyBook


@dataclass(frozen=True)
class RegionView:
    """A region with policies; `own` are those that are not of a place inside it."""

    id: str
    name: str
    count: int
    own: int


@dataclass(frozen=True)
class Overview:
    """What the home page tells of the book."""

    title: str
    policies: int
    regions: tuple[RegionView, ...]
    kinds: tuple[tuple[str, str, int], ...]
    sources: int
    undated: int
    years: str
    examples: tuple[tuple[str, tuple[str, ...]], ...]


def overview(book: PolicyBook) -> Overview:
    """What the home page tells of the book."""
    policies = list(book.policies.values())
    own, kinds = Counter(policy.region for policy in policies), Counter(policy.kind for policy in policies)
    regions = [RegionView(id, region.name, len(book.of_region(id)), own[id]) for id, region in book.regions.items()]
    dates = [book.sources[id].date for id in {policy.source for policy in policies}]
    years = sorted({dated[:4] for dated in dates if dated})
    return Overview(
        title=book.title,
        policies=len(policies),
        regions=tuple(sorted((region for region in regions if region.count), key=lambda region: -region.count)),
        kinds=tuple((kind.id, kind.name, kinds[kind.id]) for kind in book.kinds.values() if kinds[kind.id]),
        sources=len(dates),
        undated=sum(dated is None for dated in dates),
        years="–".join(dict.fromkeys((years[0], years[-1]))) if years else "",
        examples=tuple((book.topics[group.topic].name, group.questions) for group in book.example_groups),
    )
