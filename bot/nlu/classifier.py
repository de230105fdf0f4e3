"""The intent classifier: tf-idf of characters and words of the masked text, logistic regression."""

from __future__ import annotations

import logging
from typing import Any

import numpy as np
import skops.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.nlu.constants import TOKENS_NAMES
from scipy.sparse import hstack
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(GraphComponent, IntentClassifier):
    """Needs a tokenizer that gives masked tokens a lemma (PolicyTokenizer); without one it takes plain words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings."""
        return {
            # Longest run of characters that is a feature.
            "characters": 3,
            # Longest run of words that is a feature.
            "words": 2,
            # Inverse strength of regularisation.
            "C": 20.0,
            # How many intents the ranking holds.
            "ranking_length": 10,
        }

    @classmethod
    def required_components(cls) -> list[type]:
        """Tokens come from a tokenizer."""
        from rasa.nlu.tokenizers.tokenizer import Tokenizer

        return [Tokenizer]

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._characters = TfidfVectorizer(
            analyzer="char", ngram_range=(1, config["characters"]), sublinear_tf=True, min_df=2
        )
        self._words = TfidfVectorizer(token_pattern=r"\S+", ngram_range=(1, config["words"]), sublinear_tf=True, min_df=2)
        # One model an intent (liblinear) learns in a tenth of the time of a joint one and is as good.
        self._model = LogisticRegression(C=config["C"], class_weight="balanced", solver="liblinear")

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TfidfIntentClassifier:
        """An untrained classifier."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TfidfIntentClassifier:
        """A trained classifier."""
        found = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            parts = skops.io.load(folder / "classifier.skops", trusted=["scipy.sparse._csr.csr_matrix"])
        found._characters, found._words, found._model = parts["characters"], parts["words"], parts["model"]
        return found

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples and keep the result in the model."""
        examples = [m for m in training_data.intent_examples if m.get(TEXT)]
        spans, words = zip(*(masked(message) for message in examples))
        features = hstack([self._characters.fit_transform(spans), self._words.fit_transform(words)]).tocsr()
        self._model.fit(features, np.array([message.get(INTENT) for message in examples]))
        parts = {"characters": self._characters, "words": self._words, "model": self._model}
        with self._storage.write_to(self._resource) as folder:
            skops.io.dump(parts, folder / "classifier.skops")
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of every message."""
        for message in messages:
            if message.get(TEXT):
                ranking = self._ranking(message)
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
        return messages

    def _ranking(self, message: Message) -> list[dict[str, Any]]:
        span, words = masked(message)
        features = hstack([self._characters.transform([span]), self._words.transform([words])]).tocsr()
        shares = self._model.predict_proba(features)[0]
        order = np.argsort(-shares)
        return [
            {INTENT_NAME_KEY: str(self._model.classes_[index]), PREDICTED_CONFIDENCE_KEY: float(shares[index])}
            for index in order
        ]


def masked(message: Message) -> tuple[str, str]:
    """A message's text with the words of the book replaced by their kind: unspaced, and as spaced words."""
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    lemmas = [token.lemma or token.text for token in tokens]
    short = {"policy_name": "Ｐ", "region_name": "Ｒ", "level_name": "Ｌ", "department_name": "Ｄ", "audience_name": "Ａ", "topic_name": "Ｔ", "some_sum": "Ｓ"}
    return "".join(short.get(lemma, lemma) for lemma in lemmas), " ".join(lemmas)
