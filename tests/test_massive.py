"""The outside benchmark: its figures, what counts as a policy answer, and that its data is whole."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions import turns
from actions.knowledge import PolicyBook
from actions.replies.smalltalk import TALK, decline
from actions.turns import Memory
from benchmarks.massive import corpus, figures, kinds, learning, report

ACTIONS = Path(__file__).resolve().parents[1] / "actions"
# How replies name the type of their data.
TYPE = re.compile(r'(?:facts\(\s*(?:self\.)?book,\s*|"type":\s*|_data\()"([a-z_]+)"')


def said(**custom: Any) -> list[dict[str, Any]]:
    return [{"recipient_id": "x", "text": "好的"}, {"recipient_id": "x", "custom": custom}]


# -- figures --


def test_scores_count_hits_average_intents_and_leave_out_what_was_learnt() -> None:
    wanted, found = ["a", "a", "a", "b"], ["a", "a", "b", "b"]
    got = figures.scores(wanted, found, [True, False, False, False])
    assert got["accuracy"] == 75
    assert got["accuracy_unseen"] == pytest.approx(66.67)
    assert got["macro_f1"] == pytest.approx(100 * (0.8 + 2 / 3) / 2, abs=0.01)


def test_macro_f1_is_over_the_wanted_intents_only() -> None:
    assert figures.scores(["a", "a"], ["a", "z"], [False, False])["macro_f1"] == pytest.approx(66.67)


def test_confusions_are_the_mistakes_alone_the_commonest_first() -> None:
    got = figures.confusions(["a", "a", "b", "b", "c"], ["b", "b", "b", "a", "c"])
    assert got == [{"intent": "a", "taken_for": "b", "times": 2}, {"intent": "b", "taken_for": "a", "times": 1}]


def test_ratio_compares_block_by_block() -> None:
    # One block in which the machine was busy with something else does not move the median.
    ours, stock = [1.0, 1.0, 9.0, 9.0, 1.0, 1.0], [4.0, 4.0, 4.0, 4.0, 4.0, 4.0]
    assert figures.ratio(ours, stock, block=2)["median"] == 0.25


def test_ratio_of_a_single_block() -> None:
    assert figures.ratio([1.0, 2.0], [3.0, 3.0]) == {"median": 0.5, "lower_quartile": 0.5, "upper_quartile": 0.5}


def test_times_are_medians() -> None:
    got = figures.times(figures.Asked([], clock=[1.0, 2.0, 90.0], cpu=[3.0, 1.0, 2.0]))
    assert (got["ms_p50"], got["cpu_ms_p50"]) == (2.0, 2.0)
    assert got["ms_p95"] > 2


# -- kinds of answers --


@pytest.mark.parametrize(
    ("messages", "kind"),
    [
        (said(type="policy", policies=[{"id": "p"}]), kinds.POLICY),
        (said(type="list", policies=[{"id": "p"}, {"id": "q"}]), kinds.POLICY),
        (said(type="match", policies=[{"id": "p"}]) + said(type="question", policies=[]), kinds.POLICY),
        (said(type="match", policies=[]) + said(type="question", policies=[]), kinds.INTERVIEW),
        (said(type="match", policies=[]), kinds.NOTHING),
        (said(type="nothing", policies=[], related=[{"id": "p"}]), kinds.NOTHING),
        (said(type="unclear", policies=[]), kinds.ASKS_BACK),
        (said(type="decline", policies=[]), kinds.DECLINED),
        (said(type="several", policies=[], answers=[{"type": "nothing"}, {"type": "decline"}]), kinds.NOTHING),
        (said(type="several", answers=[{"type": "decline"}, {"type": "policy", "policies": [{"id": "p"}]}]), kinds.POLICY),
        (said(type="something_new", policies=[{"id": "p"}]), kinds.POLICY),
        (said(type="something_new", policies=[]), kinds.OTHER),
        ([{"recipient_id": "x", "text": "好的"}], kinds.SILENT),
        ([], kinds.SILENT),
    ],
)
def test_kind_of_an_answer(messages: list[dict[str, Any]], kind: str) -> None:
    assert kinds.kind_of(messages) == kind


def test_every_type_of_reply_has_a_kind() -> None:
    types = {found for path in ACTIONS.rglob("*.py") for found in TYPE.findall(path.read_text(encoding="utf-8"))}
    assert types >= kinds.STATING, "replies name their types in another way now"
    assert types <= {*kinds.STATING, *kinds.KIND_OF_TYPE, kinds.SEVERAL}


def test_small_talk_and_declining_are_no_policy_answers(book: PolicyBook) -> None:
    assert {kinds.kind_of(said(**reply(book).custom)) for reply in TALK.values()} == {kinds.TALK}
    assert kinds.kind_of(said(**decline(book).custom)) == kinds.DECLINED


def test_an_answer_on_a_real_policy_is_a_policy_answer(book: PolicyBook, today: date) -> None:
    policy = next(iter(book.policies.values()))
    entity = {"entity": "policy", "value": policy.id, "text": policy.name, "start": 0, "end": len(policy.name)}
    message = {"text": policy.name, "intent": {"name": "ask_introduction", "confidence": 1.0}, "entities": [entity]}
    assert kinds.kind_of(said(**turns.answer(book, today, message, Memory()).reply.custom)) == kinds.POLICY


def test_policies_that_are_only_offered_are_told_apart() -> None:
    messages = said(type="nothing", policies=[], related=[{"id": "p", "name": "甲"}])
    assert kinds.mentioned(messages) == ["p"]
    assert kinds.mentioned(said(type="decline", policies=[])) == []


# -- data --


def test_the_official_split_is_whole() -> None:
    sizes = {part: len(corpus.utterances(part)) for part in (corpus.TRAIN, corpus.DEV, corpus.TEST)}
    assert sizes == {"train": 11514, "dev": 2033, "test": 2974}
    assert len({utterance.intent for utterance in corpus.utterances(corpus.TRAIN)}) == 60


def test_rasa_is_given_every_text_as_it_stands() -> None:
    odd = [corpus.Utterance("1", "放[音乐](x)", "play"), corpus.Utterance("2", '说"你好"', "greet")]
    examples = json.loads(corpus.as_rasa(odd))["rasa_nlu_data"]["common_examples"]
    assert examples == [{"text": one.text, "intent": one.intent} for one in odd]


def test_utterances_are_read_as_written(tmp_path: Path) -> None:
    one = corpus.Utterance("7", "明天叫我起床", "alarm_set")
    (tmp_path / "test.jsonl").write_text(json.dumps(asdict(one), ensure_ascii=False) + "\n\n", encoding="utf-8")
    assert corpus.utterances("test", tmp_path) == [one]


# -- models kept --


def test_a_model_is_kept_until_what_it_is_made_from_changes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = {row: learning.fingerprint(row) for row in learning.ROWS}
    assert before == {row: learning.fingerprint(row) for row in learning.ROWS}
    config = tmp_path / "config.yml"
    config.write_text("pipeline: []\n", encoding="utf-8")
    monkeypatch.setattr("bot.project.CONFIG", config)
    assert learning.fingerprint("ours") != before["ours"]
    assert learning.fingerprint("stock") == before["stock"]
    monkeypatch.setattr(learning, "STOCK", config)
    assert learning.fingerprint("stock") != before["stock"]


def test_our_model_does_not_depend_on_the_assistants_examples() -> None:
    names = Counter(content.split(b"\0", 1)[0].decode() for content in learning.made_from("ours"))
    assert names["config.yml"] == 1
    assert names["tokenizer.py"] == 1
    assert not {"greet.yml", "rules.yml", "domain.yml"} & set(names)


# -- tables --


def test_columns_line_up_with_wide_characters() -> None:
    lines = report.table([["", "甲"], ["准确率", 9], ["F1", "83.2"]]).split("\n")
    assert lines[0] == "|        | 甲   |"
    assert lines[1] == "| ------ | ---- |"
    assert lines[2] == "| 准确率 | 9    |"


def test_a_part_that_was_not_run_stays_unless_the_data_is_another(tmp_path: Path) -> None:
    described = {"train": 1, "dev": 1, "test": 1, "intents": 1, "test_seen_in_train": 0, "fingerprint": "a"}
    asked = {
        "asked": 4,
        "policy_answers": 1,
        "policy_answers_percent": 25.0,
        "kinds": dict.fromkeys(kinds.NAMES, 0) | {kinds.POLICY: 1, kinds.DECLINED: 3},
        "policies_offered": 0,
        "turn_ms_p50": 1.0,
        "answered": [{"text": "音乐", "intent": "inform", "confidence": 0.5, "kind": kinds.POLICY, "says": "文化产业"}],
    }
    base = {"data": described, "machine": {"cores": 2, "gpu": False}}
    report.store(tmp_path, {**base, "assistant": asked})
    report.store(tmp_path, base)
    assert json.loads((tmp_path / report.JSON).read_text(encoding="utf-8"))["assistant"] == asked
    page = (tmp_path / report.PAGE).read_text(encoding="utf-8")
    assert re.search(r"\| 婉拒 +\| 3 +\| 75.00 \|", page)
    assert "- 音乐　→　inform 0.50，陈述或列出政策：文化产业" in page
    report.store(tmp_path, {**base, "data": {**described, "fingerprint": "b"}})
    assert "assistant" not in json.loads((tmp_path / report.JSON).read_text(encoding="utf-8"))
