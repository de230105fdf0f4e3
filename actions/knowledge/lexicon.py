"""The words of the book and where a text uses them. Longest match first, punctuation and spaces passed over."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from actions.knowledge.text import fold

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

KINDS = ("policy", "region", "level", "department", "audience", "topic", "attribute")
_BRACKETS = re.compile(r"[（(][^（）()]*[）)]")
_QUOTED = re.compile(r"[“《]([^“”《》]{3,})[”》]")
_STOPS = re.compile("[，。；！？,;!?]")  # no name goes on beyond these
_SEPARATORS = re.compile(r"[—―–－]+|-(?=[\u3400-\u9fff])")
# Words too general to name one policy.
_GENERIC = frozenset(
    (
        "政策",
        "补贴",
        "奖励",
        "补助",
        "企业",
        "公司",
        "服务",
        "平台",
        "支持",
        "办法",
        "措施",
        "计划",
        "活动",
        "方案",
        "人才",
        "基金",
        "贷款",
        "资金",
        "平方米",
        "部门",
        "申请",
        "电话",
    )
)


@dataclass(frozen=True)
class Mention:
    """A word of the book in a text: its kind, the ids of the records that it may mean, its place [start, end)."""

    kind: str
    ids: tuple[str, ...]
    text: str
    start: int
    end: int


def squeeze(text: str) -> tuple[str, list[int]]:
    """The letters, digits and characters of a text in lower case, and the position of each."""
    kept = [(char.lower(), index) for index, char in enumerate(text) if char.isalnum()]
    return "".join(char for char, _ in kept), [index for _, index in kept]


class Lexicon:
    """Every form of every name in a book, by kind."""

    def __init__(self, book: PolicyBook):
        self._forms: dict[str, dict[str, tuple[str, ...]]] = {}
        for term_kind, terms in (
            ("region", book.regions),
            ("level", book.levels),
            ("department", book.departments),
            ("audience", book.audiences),
            ("topic", book.topics),
            ("attribute", book.attributes),
        ):
            for term in terms.values():
                for form in (term.name, *term.aliases):
                    self._add(form, term_kind, term.id)
        for department in book.departments.values():
            self._add(_BRACKETS.sub("", department.name), "department", department.id)
        regions = frozenset(form for region in book.regions.values() for form in (region.name, *region.aliases))
        longest = max(map(len, regions), default=0)
        for policy in book.policies.values():
            for form in (*_name_forms(policy.name, regions, longest), *policy.aliases):
                self._add(form, "policy", policy.id)
        # How long the longest form is that begins with two characters: most places in a text begin none.
        self._longest: dict[str, int] = {}
        for word in self._forms:
            self._longest[word[:2]] = max(self._longest.get(word[:2], 0), len(word))

    def _add(self, form: str, kind: str, id: str) -> None:
        word = squeeze(fold(form))[0]
        if len(word) < 2 or (kind in ("policy", "department") and (word in _GENERIC or self._is_place(word))):
            return
        kinds = self._forms.setdefault(word, {})
        ids = kinds.get(kind, ())
        if id not in ids:
            kinds[kind] = (*ids, id)

    def _is_place(self, word: str) -> bool:
        return "region" in self._forms.get(word, {})

    def words(self) -> Iterator[str]:
        """Every form, squeezed and in lower case."""
        return iter(self._forms)

    def names(self, kind: str) -> Iterator[tuple[str, tuple[str, ...]]]:
        """The squeezed forms that name records of a kind, with the ids."""
        return ((form, kinds[kind]) for form, kinds in self._forms.items() if kind in kinds)

    def kinds(self, word: str) -> frozenset[str]:
        """The kinds of record that a squeezed word may name."""
        return frozenset(self._forms.get(word, ()))

    def find(self, text: str) -> list[Mention]:
        """The mentions in a clean text, in order. Where one word has several kinds, all are given."""
        return list(_found(self, text))

    def _find(self, text: str) -> list[Mention]:
        squeezed, places = squeeze(text)
        found: list[Mention] = []
        start = 0
        while start < len(squeezed):
            longest = self._longest.get(squeezed[start : start + 2], 0)
            for end in range(min(len(squeezed), start + longest), start + 1, -1):
                kinds = self._forms.get(squeezed[start:end])
                first, last = places[start], places[end - 1] + 1
                if kinds and self._whole(squeezed, start, end) and not _STOPS.search(text, first, last):
                    found.extend(Mention(kind, kinds[kind], text[first:last], first, last) for kind in KINDS if kind in kinds)
                    start = end
                    break
            else:
                start += 1
        return found

    @staticmethod
    def _whole(text: str, start: int, end: int) -> bool:
        """Whether a Latin word or number is matched as a whole: `vr` not in `server`, `5G` not in `15G`."""
        if text[start].isascii() and start and text[start - 1].isascii():
            return not (text[start - 1].isalpha() == text[start].isalpha() or text[start - 1].isdigit())
        if text[end - 1].isascii() and end < len(text) and text[end].isascii():
            return text[end - 1].isalpha() != text[end].isalpha()
        return True


# What is said is cut into words and searched for names: two steps that ask for the same.
@lru_cache(maxsize=4)
def _found(lexicon: Lexicon, text: str) -> list[Mention]:
    return lexicon._find(text)


def _name_forms(name: str, regions: Collection[str], longest: int) -> Iterator[str]:
    """The ways of saying a policy's full name: without brackets, without the place, its quoted or last part."""
    bare = _BRACKETS.sub("", name)
    yield name
    yield bare
    for end in range(min(longest, len(bare) - 4), 0, -1):
        if bare[:end] in regions:
            yield bare[end:]
            break
    parts = _SEPARATORS.split(bare)
    if len(parts) > 1 and len(parts[-1]) >= 5:
        yield parts[-1]
    yield from _QUOTED.findall(bare)
