"""What a conversation is about. One small value; every turn makes the next one by one of the transitions below.

| transition | when | what it does |
|---|---|---|
| `on` | a question was answered about policies | takes them in hand, what was in hand becomes recent; several are a list |
| `listing` | a numbered choice was shown | nothing in hand; the list can be pointed into (第二个) and gone on with (还有吗) |
| `paged` | more of the list was shown | counts what was shown |
| `holding` | one of a list is really spoken of | takes it in hand, the list stays |
| `moved` | a place was named on which the book has nothing | keeps the subject, changes the place |
| `with_base` | the asker gave a number to calculate from | keeps it for 那三年呢, 要是两个人呢 |
| `within` | the book was edited meanwhile | forgets records that are gone |
| `Focus()` | 重新开始, or a new session | empty |

Small talk makes no transition: thanks and greetings lose nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from actions.knowledge.aspect import Aspect

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

RECENT = 8
# Nobody turns so many pages; and every turn writes down what was listed.
MOST_LISTED = 200
# The types of a focus as plain JSON.
_PLAIN: dict[str, type | tuple[type, ...]] = {
    **dict.fromkeys(("policies", "levels", "topics", "recent", "listed"), list),
    **dict.fromkeys(("rule", "region", "aspect", "unit"), str),
    "shown": int,
    "count": int,
    "base": (int, float),
}


def strings(value: Any) -> tuple[str, ...]:
    """The strings of a list, of anything else nothing."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, (list, tuple)) else ()


@dataclass(frozen=True)
class Focus:
    """The subject of a conversation: records by their ids, the latest or best first."""

    policies: tuple[str, ...] = ()  # in hand: what 它 and 找谁办 mean
    rule: str | None = None  # the one rule of the policy in hand that was asked for
    levels: tuple[str, ...] = ()  # the levels last named
    region: str | None = None
    topics: tuple[str, ...] = ()
    aspect: Aspect | None = None  # what was asked of it
    recent: tuple[str, ...] = ()  # all policies talked about so far
    listed: tuple[str, ...] = ()  # the last numbered choice, in its order
    shown: int = 0  # how many of it could be seen
    base: float | None = None  # the number last calculated from, in `unit`
    unit: str | None = None  # yuan or square_metre
    count: int = 1  # how many have it

    def on(
        self,
        policies: tuple[str, ...],
        *,
        region: str | None,
        topics: tuple[str, ...],
        aspect: Aspect,
        rule: str | None = None,
        levels: tuple[str, ...] = (),
    ) -> Focus:
        """The focus after an answer about policies; a number given before holds on as long as they do."""
        stays = bool(set(policies) & set(self.policies))
        several = len(policies) > 1
        return Focus(
            policies=policies,
            rule=rule or (self.rule if policies == self.policies else None),
            levels=levels or (self.levels if stays else ()),
            region=region,
            topics=topics,
            aspect=aspect,
            recent=self._recent(policies),
            listed=policies if several else self.listed,
            shown=len(policies) if several else self.shown,
            base=self.base if stays else None,
            unit=self.unit if stays else None,
            count=self.count if stays else 1,
        )

    def listing(
        self,
        policies: tuple[str, ...],
        *,
        shown: int,
        region: str | None,
        topics: tuple[str, ...],
        aspect: Aspect | None,
        levels: tuple[str, ...] = (),
    ) -> Focus:
        """The focus after a choice of which the first `shown` could be seen."""
        return Focus(
            region=region or self.region,
            topics=topics,
            aspect=aspect,
            levels=levels,
            recent=self._recent(policies[:shown]),
            listed=policies[:MOST_LISTED],
            shown=shown,
        )

    def paged(self, count: int) -> Focus:
        """The focus after more of the list was shown."""
        return replace(self, policies=(), rule=None, shown=self.shown + count)

    def holding(self, policy: str, topics: tuple[str, ...]) -> Focus:
        """The focus on a list of which one policy is really spoken of."""
        return replace(self, policies=(policy,), topics=topics)

    def moved(self, region: str, topics: tuple[str, ...]) -> Focus:
        """The focus after a place on which the book has nothing."""
        return replace(self, policies=(), rule=None, region=region, topics=topics, recent=self._recent(()))

    def with_base(self, value: float, unit: str, count: int = 1) -> Focus:
        """The focus with the number that was calculated from, and how many have it."""
        return replace(self, base=value, unit=unit, count=count)

    def within(self, book: PolicyBook) -> Focus:
        """The focus without records that the book does not have."""
        policies = tuple(id for id in self.policies if id in book.policies)
        return replace(
            self,
            policies=policies,
            rule=self.rule if policies == self.policies else None,
            region=self.region if self.region in book.regions else None,
            topics=tuple(id for id in self.topics if id in book.topics),
            recent=tuple(id for id in self.recent if id in book.policies),
            listed=tuple(id for id in self.listed if id in book.policies),
            shown=len([id for id in self.listed[: self.shown] if id in book.policies]),
        )

    def plain(self) -> dict[str, Any]:
        """The focus as plain JSON, as a tracker's slot holds it."""
        value = {field.name: getattr(self, field.name) for field in fields(self)}
        value = {key: list(item) if isinstance(item, tuple) else item for key, item in value.items()}
        return {**value, "aspect": self.aspect.value if self.aspect else None}

    @classmethod
    def parse(cls, value: Any) -> Focus:
        """The focus of what a slot holds; anything unusable is an empty focus."""
        if not isinstance(value, Mapping):
            return cls()
        kept: dict[str, Any] = {key: item for key, item in value.items() if isinstance(item, _PLAIN.get(key, ()))}
        lists = {key: strings(item) for key, item in kept.items() if isinstance(item, list)}
        aspect = kept.pop("aspect", None)
        return cls(**{**kept, **lists}, aspect=Aspect(aspect) if aspect in Aspect._value2member_map_ else None)

    def _recent(self, now: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*now, *self.policies, *self.recent)))[:RECENT]
