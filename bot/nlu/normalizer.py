"""The first component: every message is read (see Reader) before anything else looks at it."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from actions.knowledge.book import PolicyBook
from actions.knowledge.reading import Reader
from actions.knowledge.text import fold
from bot.nlu.shared import book_fingerprint, current_book, segmenter

# What a message of tags, emoji modifiers or invisible characters alone is read as: a text, but an empty one.
NOTHING = "?"


# What a leading slash is read as: Rasa would take /restart for a command, whoever typed it.
SLASH = "∕"


def _no_command(text: str) -> str:
    return SLASH + text[1:] if text.startswith("/") else text


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=True)
class TextNormalizer(GraphComponent):
    """Cleans, simplifies and mends the text of messages. Learns the everyday words of the training data."""

    def __init__(self, storage: ModelStorage, resource: Resource, common: dict[str, int]):
        self._storage, self._resource, self._common = storage, resource, common
        self._reader: Reader | None = None

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> TextNormalizer:
        """A component that knows no everyday words yet."""
        return cls(model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TextNormalizer:
        """A trained component."""
        with model_storage.read_from(resource) as folder:
            common = json.loads((folder / "words.json").read_text(encoding="utf-8"))
        return cls(model_storage, resource, common)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Follows the book's words."""
        return book_fingerprint()

    def train(self, training_data: TrainingData) -> Resource:
        """Count the words of the examples, so that slips can be mended towards them."""
        counts: Counter[str] = Counter()
        for message in training_data.intent_examples:
            counts.update(word for word in segmenter().cut(fold(message.get(TEXT))) if "\u3400" <= word[0] <= "\u9fff")
        known = segmenter().words()
        self._common = {word: count for word, count in counts.items() if count >= 2 and (word in known or len(word) == 1)}
        with self._storage.write_to(self._resource) as folder:
            (folder / "words.json").write_text(json.dumps(self._common, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def reader(self) -> Reader:
        """The reader of the current book; a new one when the book has changed."""
        book: PolicyBook = current_book()
        if self._reader is None or self._reader.book is not book:
            self._reader = Reader(book, self._common, segmenter().cut)
        return self._reader

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Training examples are only folded, so that their spans stay where they are; those without any are translated."""
        translated = self.reader().translated
        for message in training_data.training_examples:
            text = message.get(TEXT)
            if text and not message.get(ENTITIES):
                message.set(TEXT, _no_command(translated(fold(text))) or NOTHING)
            elif text and len(fold(text)) == len(text):
                message.set(TEXT, fold(text))
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        """Replace the text of every message by what was read."""
        reader = self.reader()
        for message in messages:
            text = message.get(TEXT)
            if text:
                message.set(TEXT, _no_command(reader.read(text)) or NOTHING, add_to_output=True)
        return messages
