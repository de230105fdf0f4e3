"""A linear text model that is stored as plain numbers: tf-idf of characters and words, one logistic model a class."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

Texts = Sequence[tuple[str, str]]
Array = NDArray[np.float32]


def _vectorizer(words: bool, longest: int, vocabulary: list[str] | None = None) -> TfidfVectorizer:
    index = None if vocabulary is None else {term: place for place, term in enumerate(vocabulary)}
    kind = {"token_pattern": r"\S+"} if words else {"analyzer": "char"}
    return TfidfVectorizer(
        ngram_range=(1, longest),
        sublinear_tf=True,
        min_df=1 if vocabulary else 2,
        vocabulary=index,
        dtype=np.float32,
        lowercase=False,
        **kind,
    )


@dataclass
class LinearModel:
    """Texts come in pairs: unspaced (for characters) and as spaced words."""

    classes: list[str]
    characters: TfidfVectorizer
    words: TfidfVectorizer
    weights: Array
    offsets: Array

    @classmethod
    def fit(cls, texts: Texts, classes: Sequence[str], characters: int, words: int, strength: float) -> LinearModel:
        """Learn from texts and their classes. `strength` is the inverse of the regularisation."""
        by_character, by_word = _vectorizer(False, characters), _vectorizer(True, words)
        features = hstack(
            [by_character.fit_transform([text for text, _ in texts]), by_word.fit_transform([text for _, text in texts])]
        )
        # One model a class (liblinear) learns in a tenth of the time of a joint one and is as good.
        model = LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", random_state=0)
        model.fit(csr_matrix(features), np.array(classes))
        return cls(
            [str(name) for name in model.classes_],
            by_character,
            by_word,
            model.coef_.astype(np.float32),
            model.intercept_.astype(np.float32),
        )

    def ranking(self, text: tuple[str, str]) -> list[tuple[str, float]]:
        """The classes with their shares of confidence (summing to 1), the likeliest first."""
        features = csr_matrix(hstack([self.characters.transform([text[0]]), self.words.transform([text[1]])]))
        scores = 1 / (1 + np.exp(-(features @ self.weights.T + self.offsets)[0].astype(np.float64)))
        shares = scores / scores.sum()
        return [(self.classes[place], float(shares[place])) for place in np.argsort(-shares)]

    def write(self, folder: Path) -> None:
        """Store the model in a folder."""
        terms = {
            name: [str(term) for term in vectorizer.get_feature_names_out()]
            for name, vectorizer in (("characters", self.characters), ("words", self.words))
        }
        plain = {
            "classes": self.classes,
            "longest": [self.characters.ngram_range[1], self.words.ngram_range[1]],
            **terms,
        }
        (folder / "terms.json").write_text(json.dumps(plain, ensure_ascii=False), encoding="utf-8")
        np.savez(
            folder / "weights.npz",
            characters=self.characters.idf_,
            words=self.words.idf_,
            weights=self.weights,
            offsets=self.offsets,
        )

    @classmethod
    def read(cls, folder: Path) -> LinearModel:
        """A stored model."""
        plain = json.loads((folder / "terms.json").read_text(encoding="utf-8"))
        with np.load(folder / "weights.npz", allow_pickle=False) as arrays:
            parts = []
            for name, longest in zip(("characters", "words"), plain["longest"], strict=True):
                vectorizer = _vectorizer(name == "words", longest, plain[name])
                vectorizer.idf_ = arrays[name]
                parts.append(vectorizer)
            return cls(plain["classes"], parts[0], parts[1], arrays["weights"], arrays["offsets"])
