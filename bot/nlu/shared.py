"""What the graph components share: the current book, and a private jieba."""

from __future__ import annotations

import logging
from functools import cache
from hashlib import sha256
from pathlib import Path

import jieba

from actions.knowledge.book import PolicyBook
from actions.knowledge.store import store
from bot.nlu.segmenting import Segmenter

jieba.setLogLevel(logging.WARNING)


@cache
def segmenter() -> Segmenter:
    """The one jieba of this process."""
    return Segmenter()


def current_book() -> PolicyBook:
    """The policy book as it stands now."""
    return store().current()


def code_fingerprint(*modules: str) -> str:
    """Changes with the code of modules of this package. Rasa looks at a component's class alone to see what is stale."""
    return sha256(b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in modules)).hexdigest()


def book_fingerprint() -> str:
    """Changes when the words of the book change: cached training results that depend on them become stale."""
    return sha256("\n".join(sorted(current_book().lexicon.words())).encode()).hexdigest()
