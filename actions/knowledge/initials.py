"""Names by the initials of their pinyin, as people abbreviate them: gxd for 高新贷."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from actions.knowledge.homophones import LONGEST
from actions.knowledge.pinyin import first_letters

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

_CHINESE = re.compile("[\u3400-\u9fff]+")
# Which kind of record is rather abbreviated; attributes and levels are everyday words.
_KINDS = ("policy", "region", "topic", "audience", "department")
# Fewer initials stand for too many words.
FEWEST = 3


def initials(book: PolicyBook) -> dict[str, str]:
    """The short forms that stand for the records of one name only, with a name of theirs."""
    found: dict[str, str] = {}
    for kind in _KINDS:
        meant: dict[str, dict[tuple[str, ...], str]] = {}
        for name, ids in book.lexicon.names(kind):
            if FEWEST <= len(name) <= LONGEST and _CHINESE.fullmatch(name):
                short = first_letters(name)
                meant.setdefault(short, {}).setdefault(ids, name)
        for short, names in meant.items():
            if len(names) == 1:
                found.setdefault(short, next(iter(names.values())))
    return found
