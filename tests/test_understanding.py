"""From the NLU's output to the library's query, and the gist of a story."""

from __future__ import annotations

from typing import Any

import pytest

from actions.knowledge import Aspect, Focus
from actions.knowledge.query import Query
from actions.knowledge.sentences import LONG
from actions.understanding import aspect_of, gist, intent_of, query_of


def entity(text: str, word: str, kind: str, value: Any) -> dict[str, Any]:
    start = text.index(word)
    return {"entity": kind, "value": value, "text": word, "start": start, "end": start + len(word)}


@pytest.mark.parametrize("aspect", list(Aspect))
def test_every_aspect_has_its_intent(aspect: Aspect) -> None:
    assert aspect_of(f"ask_{aspect.value}") is aspect


@pytest.mark.parametrize("intent", ["ask_identity", "ask_more", "inform", "amount", "ask_", "out_of_scope", ""])
def test_other_intents_ask_for_no_aspect(intent: str) -> None:
    assert aspect_of(intent) is None


def test_intent_of() -> None:
    assert intent_of({"intent": {"name": "greet", "confidence": 0.75}}) == ("greet", 0.75)
    assert intent_of({"intent": {"name": None, "confidence": None}})[1] == 0.0
    assert intent_of({})[1] == 0.0


def test_query_of_mentions() -> None:
    text = "崂山的高新贷"
    found = query_of(
        {"text": text, "entities": [entity(text, "崂山", "region", "laoshan"), entity(text, "高新贷", "policy", ["a", "b"])]},
        Focus(region="east"),
        Aspect.AMOUNT,
    )
    assert (found.text, found.aspect, found.focus) == (text, Aspect.AMOUNT, Focus(region="east"))
    assert [(m.kind, m.ids, m.text, m.start, m.end) for m in found.mentions] == [
        ("region", ("laoshan",), "崂山", 0, 2),
        ("policy", ("a", "b"), "高新贷", 3, 6),
    ]
    assert found.sums == ()


def test_query_of_sums_and_areas() -> None:
    text = "交30万，租200平"
    found = query_of(
        {"text": text, "entities": [entity(text, "30万", "sum", 300000), entity(text, "200平", "area", "200")]}, Focus(), None
    )
    assert [(s.value, s.unit, text[s.start : s.end]) for s in found.sums] == [
        (300000.0, "yuan", "30万"),
        (200.0, "square_metre", "200平"),
    ]
    assert found.mentions == ()


def test_query_of_leaves_out_what_has_no_place() -> None:
    found = query_of({"text": "崂山", "entities": [{"entity": "region", "value": "laoshan"}]}, Focus(), None)
    assert found == Query("崂山")
    assert query_of({}, Focus(), None) == Query("")


TALK = "我们老板以前开过饭馆，后来自己出来做软件，中间向银行借过钱，员工从五个人慢慢涨到了二十来个人，去年花了80万装修。"
PLACE = "今年公司搬到了崂山。"
QUESTION = "首次认定高企奖30万对吗？"
STORY = f"{TALK}{PLACE}大家都很高兴，也盼着日子越过越好。{QUESTION}谢谢您看完。"
ENTITIES = [
    entity(STORY, "软件", "topic", "software"),
    entity(STORY, "80万", "sum", 800000),
    entity(STORY, "崂山", "region", "laoshan"),
    entity(STORY, "高企", "topic", "high-tech"),
    entity(STORY, "30万", "sum", 300000),
]


def story() -> Query:
    return query_of({"text": STORY, "entities": ENTITIES}, Focus(region="east"), Aspect.AMOUNT)


def test_gist_of_a_story_is_its_question_and_its_place() -> None:
    found = gist(story())
    assert found is not None
    assert found.text.split() == [PLACE, QUESTION]
    assert (found.aspect, found.focus) == (Aspect.AMOUNT, Focus(region="east"))


def test_gist_keeps_places() -> None:
    found = gist(story())
    assert found is not None
    assert len(found.text) == len(STORY)
    assert [found.text[m.start : m.end] for m in found.mentions] == ["崂山", "高企"]
    assert [found.text[s.start : s.end] for s in found.sums] == ["30万"]


@pytest.mark.parametrize("kind", ["policy", "level", "department"])
def test_gist_keeps_sentences_that_name_what_a_question_is_about(kind: str) -> None:
    found = gist(query_of({"text": STORY, "entities": [entity(STORY, "日子", kind, "x")]}, Focus(), None))
    assert found is not None
    assert "日子" in found.text
    assert "崂山" not in found.text  # no region here


def test_a_short_message_has_no_gist() -> None:
    short = STORY[-LONG:]
    assert QUESTION in short
    assert gist(Query(short)) is None
    assert gist(Query(f"啊{short}")) is not None


def test_a_story_that_asks_nothing_has_no_gist() -> None:
    told = TALK + PLACE + TALK
    assert len(told) > LONG
    assert gist(Query(told)) is None
