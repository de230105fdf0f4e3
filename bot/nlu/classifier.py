"""The intent classifier: tf-idf of characters and words of the masked text, logistic regression."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import TOKENS_NAMES
from rasa.nlu.tokenizers.tokenizer import Tokenizer
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, INTENT_RANKING_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.linear import LinearModel


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
        return [Tokenizer]

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource):
        self._config, self._storage, self._resource = config, storage, resource
        self._model: LinearModel | None = None

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
            found._model = LinearModel.read(folder)
        return found

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples and keep the result in the model."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        texts = [masked(message) for message in examples]
        intents = [message.get(INTENT) for message in examples]
        self._model = LinearModel.fit(texts, intents, self._config["characters"], self._config["words"], self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
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
        assert self._model is not None, "the classifier is asked before it is trained"
        return [
            {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: share} for intent, share in self._model.ranking(masked(message))
        ]


def masked(message: Message) -> tuple[str, str]:
    """A message's text with the words of the book replaced by their kind: unspaced, and as spaced words."""
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    lemmas = [token.lemma or token.text for token in tokens]
    short = {
        "policy_name": "Ｐ",
        "region_name": "Ｒ",
        "level_name": "Ｌ",
        "department_name": "Ｄ",
        "audience_name": "Ａ",
        "topic_name": "Ｔ",
        "some_sum": "Ｓ",
    }
    return "".join(short.get(lemma, lemma) for lemma in lemmas), " ".join(lemmas)
