"""What the graph components share: the reader of the current book, and a private jieba."""

from __future__ import annotations

import logging
from functools import cache
from hashlib import sha256

import jieba

from actions.knowledge.book import PolicyBook
from actions.knowledge.store import store

jieba.setLogLevel(logging.WARNING)


@cache
def segmenter() -> jieba.Tokenizer:
    """A jieba of our own: the module's global one could be changed by anybody."""
    tokenizer = jieba.Tokenizer()
    tokenizer.initialize()
    return tokenizer


@cache
def dictionary() -> frozenset[str]:
    """The words of jieba's own dictionary: real words, which are no slips."""
    return frozenset(word for word, count in segmenter().FREQ.items() if count >= 3)


def current_book() -> PolicyBook:
    """The policy book as it stands now."""
    return store().current()


def book_fingerprint() -> str:
    """Changes when the words of the book change: cached training results that depend on them become stale."""
    return sha256("\n".join(sorted(current_book().lexicon.words())).encode()).hexdigest()
