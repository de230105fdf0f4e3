"""Every annotated span of the training data must begin and end where tokens do: nothing may be clipped."""

from __future__ import annotations

import pytest

pytest.importorskip("rasa")

from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import ENTITIES, TEXT

from bot import project
from bot.nlu.tokenizer import PolicyTokenizer


def test_annotated_spans_lie_on_token_edges() -> None:
    data = training_data_from_paths([str(project.TRAINING_DATA[0])], language="zh")
    tokenizer = PolicyTokenizer(PolicyTokenizer.get_default_config())
    annotated, clipped = 0, []
    for message in data.entity_examples:
        tokens = tokenizer.tokenize(message, TEXT)
        starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
        for entity in message.get(ENTITIES):
            annotated += 1
            if entity["start"] not in starts or entity["end"] not in ends:
                clipped.append(f"{message.get(TEXT)}  {entity['value']}  {[token.text for token in tokens]}")
    assert annotated > 1000
    assert not clipped, f"{len(clipped)} 处标注没有落在词的边界上：\n" + "\n".join(clipped)
