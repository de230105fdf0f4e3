"""The one question that separates many policies best: by place, topic, kind or audience."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy

MOST_OPTIONS = 6


@dataclass(frozen=True)
class Option:
    """One answer to a separating question: a record's id and name, and how many of the policies it leaves."""

    id: str
    name: str
    count: int


@dataclass(frozen=True)
class Separation:
    """A separating question: its dimension (region, topic, kind, audience) and its answers, the commonest first."""

    dimension: str
    options: tuple[Option, ...]


def separate(book: PolicyBook, policies: Sequence[Policy], known: Collection[str] = ()) -> Separation | None:
    """The dimension, none of the known ones, whose answers leave the fewest policies on average; None where none helps."""
    best: tuple[float, Separation] | None = None
    for dimension, (values, name) in _dimensions(book).items():
        if dimension in known:
            continue
        groups: dict[str, int] = defaultdict(int)
        for policy in policies:
            for value in values(policy):
                groups[value] += 1
        useful = {value: count for value, count in groups.items() if count < len(policies)}
        if len(useful) < 2:
            continue
        ordered = sorted(useful.items(), key=lambda item: -item[1])[:MOST_OPTIONS]
        reached = sum(count for _, count in ordered)
        left = sum(count * count for _, count in ordered) / reached
        unreached = max(0, len(policies) - reached)
        cost = left + unreached  # who finds no answer of his own has gained nothing
        if best is None or cost < 0.85 * best[0]:  # the dimensions stand in the order in which people can answer
            options = tuple(Option(value, name(value), count) for value, count in ordered)
            best = cost, Separation(dimension, options)
    return best[1] if best else None


def narrowed(book: PolicyBook, listed: Iterable[str], answers: Mapping[str, Collection[str]]) -> list[Policy]:
    """The listed policies that fit all that was answered (ids by dimension), in order; none where nothing was."""
    regions, topics, audiences, kinds = (answers.get(key, ()) for key in ("region", "topic", "audience", "kind"))
    if not (regions or topics or audiences or kinds):
        return []
    places = {place for region in regions for place in book.places(region)}
    found = []
    for policy in (book.policies[id] for id in listed):
        of_rules = {audience for rule in policy.rules for audience in rule.audiences}
        if (
            (not regions or policy.region in places)
            and (not topics or set(topics) & set(policy.topics))
            and (not audiences or set(audiences) & {*policy.audiences, *of_rules})
            and (not kinds or policy.kind in kinds)
        ):
            found.append(policy)
    return found


def kinds_named(book: PolicyBook, text: str) -> frozenset[str]:
    """The kinds of support that a text asks for by name (奖励, 补助, 服务), without those it turns down (不要贷款)."""
    found = set()
    for kind in book.kinds.values():
        for word in (kind.name, *kind.aliases):
            at = text.find(word)
            if at >= 0 and not text[:at].endswith(("不要", "不是", "不想要", "除了", "不问")):
                found.add(kind.id)
    return frozenset(found)


def _dimensions(book: PolicyBook) -> dict[str, tuple[Callable[[Policy], Iterable[str]], Callable[[str], str]]]:
    return {
        "region": (lambda policy: (policy.region,), lambda id: book.regions[id].name),
        "topic": (lambda policy: policy.topics[:1], lambda id: book.topics[id].name),
        "kind": (lambda policy: (policy.kind,), lambda id: book.kinds[id].name),
        "audience": (lambda policy: policy.audiences, lambda id: book.audiences[id].name),
    }
