"""The intent classifier: a linear model of the characters and words of the masked text."""

from __future__ import annotations

import re
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

from actions.knowledge.sentences import LONG, MOST_QUESTIONS, questions
from bot.nlu.linear import LinearModel
from bot.nlu.shared import code_fingerprint

# Words in Latin letters that the book does not know say only that they are such.
FOREIGN = "Ｅ"
_LATIN = re.compile("[a-z'’]+")
# Where the output of a message with several questions holds each one's span and intent.
PARTS = "parts"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TfidfIntentClassifier(GraphComponent, IntentClassifier):
    """Needs a tokenizer that gives masked tokens a lemma (PolicyTokenizer); without one it takes plain words."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings."""
        return {
            # Longest run of characters that is a feature.
            "characters": 2,
            # Inverse strength of regularisation.
            "C": 0.5,
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

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Follows the code that makes and stores the model."""
        return code_fingerprint("linear", "learning")

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples and keep the result in the model."""
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        texts = [masked(message) for message in examples]
        intents = [message.get(INTENT) for message in examples]
        from bot.nlu.learning import learn  # a running server does not need what learning imports

        self._model = learn(texts, intents, self._config["characters"], self._config["C"])
        with self._storage.write_to(self._resource) as folder:
            self._model.write(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the intent and the ranking of every message; of one with several questions, `parts` with each one's intent."""
        for message in messages:
            text = message.get(TEXT)
            if text:
                asked = questions(text)
                ranking = self._ranking(message, asked if len(text) > LONG else [])
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING_KEY, ranking[: self._config["ranking_length"]], add_to_output=True)
                if 1 < len(asked) <= MOST_QUESTIONS:
                    parts = [
                        {"start": start, "end": end, INTENT: self._ranking(message, [(start, end)])[0]} for start, end in asked
                    ]
                    message.set(PARTS, parts, add_to_output=True)
        return messages

    def _ranking(self, message: Message, spans: list[tuple[int, int]]) -> list[dict[str, Any]]:
        assert self._model is not None, "the classifier is asked before it is trained"
        ranking = self._model.ranking(masked(message, spans))
        return [{INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: share} for intent, share in ranking]


def masked(message: Message, spans: list[tuple[int, int]] | None = None) -> tuple[str, str]:
    """A message's text (or what stands in some spans of it) with the words of the book replaced by their kind.

    Given unspaced, and as spaced words.
    """
    tokens = message.get(TOKENS_NAMES[TEXT]) or []
    if spans:
        tokens = [token for token in tokens if any(start <= token.start < end for start, end in spans)]
    lemmas = [FOREIGN if _LATIN.fullmatch(token.lemma) and token.lemma == token.text else token.lemma for token in tokens]
    lemmas = [lemma for lemma, before in zip(lemmas, ["", *lemmas], strict=False) if lemma != FOREIGN or before != FOREIGN]
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
