"""Words of the book as whole tokens, everything between them by jieba."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from actions.knowledge.sums import find_sums
from bot.nlu.shared import book_fingerprint, current_book, segmenter

# A token of these kinds stands for its kind: what is asked does not depend on which policy it is asked of.
MASKS = {"policy": "policy_name", "region": "region_name", "level": "level_name", "department": "department_name"}
SOFT_MASKS = {"audience": "audience_name", "topic": "topic_name"}


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class PolicyTokenizer(Tokenizer):
    """Tokenizes Chinese text on jieba (an instance of its own) with the words of the current policy book."""

    @staticmethod
    def supported_languages() -> list[str]:
        """Chinese."""
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        """What has to be installed."""
        return ["jieba"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The settings that Rasa's tokenizers share."""
        return {"intent_tokenization_flag": False, "intent_split_symbol": "_", "token_pattern": None}

    def __init__(self, config: dict[str, Any]):
        super().__init__(config)
        self._jieba = segmenter()

    @classmethod
    def create(
        cls, config: dict[str, Any], model_storage: ModelStorage, resource: Resource, execution_context: ExecutionContext
    ) -> PolicyTokenizer:
        """A tokenizer; it keeps nothing in the model."""
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Follows the book's words."""
        return book_fingerprint()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """The tokens of a text; words of the book carry their kind as lemma."""
        text = message.get(attribute)
        tokens, position = [], 0
        for start, end, mask in masked_spans(text):
            tokens += self._plain(text, position, start)
            tokens.append(Token(text[start:end], start, end, lemma=mask or text[start:end]))
            position = end
        return [*tokens, *self._plain(text, position, len(text))]

    def _plain(self, text: str, start: int, end: int) -> list[Token]:
        words = self._jieba.tokenize(text[start:end]) if start < end else ()
        return [Token(word, start + at, start + to) for word, at, to in words if word.strip()]


def masked_spans(text: str) -> list[tuple[int, int, str]]:
    """(start, end, mask) of the words of the book and the sums in a text, in order, not overlapping."""
    spans: dict[tuple[int, int], set[str]] = {}
    for mention in current_book().lexicon.find(text):
        spans.setdefault((mention.start, mention.end), set()).add(mention.kind)
    found = []
    for (start, end), kinds in spans.items():
        mask = "" if "attribute" in kinds else next((MASKS[kind] for kind in MASKS if kind in kinds), "")
        if not mask and "attribute" not in kinds:
            mask = next((SOFT_MASKS[kind] for kind in SOFT_MASKS if kind in kinds), "")
        found.append((start, end, mask))
    for item in find_sums(text):
        if not any(start < item.end and item.start < end for start, end, _ in found):
            found.append((item.start, item.end, "some_sum"))
    return sorted(found)
