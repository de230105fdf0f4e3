"""Turns without Rasa: what the NLU understood in, reply and focus out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from actions import turns
from actions.knowledge import Focus, PolicyBook
from actions.knowledge.profile import Profile
from actions.knowledge.reading import Reader
from actions.knowledge.sentences import LONG, questions
from actions.replies.smalltalk import MOST_DEPARTMENTS, TALK
from actions.turns import Memory


def message(book: PolicyBook, text: str, intent: str, confidence: float = 0.9) -> dict[str, Any]:
    """What the pipeline makes of a text, with the intent given."""
    reader = Reader(book)
    read = reader.read(text)
    entities: list[dict[str, Any]] = [
        {"entity": m.kind, "value": m.ids[0] if len(m.ids) == 1 else list(m.ids), "text": m.text, "start": m.start, "end": m.end}
        for m in reader.mentions(read)
    ]
    entities += [{"entity": "sum", "value": s.value, "start": s.start, "end": s.end} for s in reader.sums(read)]
    return {"text": read, "intent": {"name": intent, "confidence": confidence}, "entities": entities}


def test_policy_question_is_answered_and_kept_in_focus(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "高新贷最高能贷多少", "ask_amount"), Memory())
    assert "最高 500 万元" in turn.reply.text
    assert turn.memory.focus.policies == ("gaoxin-gaoxindai",)
    turn = turns.answer(book, today, message(book, "找谁", "ask_department"), turn.memory)
    assert "青岛高新区财政金融部门" in turn.reply.text


@pytest.mark.parametrize("confidence", [0.35, 0.9])
def test_what_is_outside_the_job_is_declined_and_changes_nothing(book: PolicyBook, today: date, confidence: float) -> None:
    before = Memory(Focus(("gaoxin-gaoxindai",), region="gaoxin", topics=("loan",)), Profile("gaoxin"))
    turn = turns.answer(book, today, message(book, "给我写首关于大海的诗", "out_of_scope", confidence), before)
    assert turn.reply.custom["type"] == "decline"
    assert turn.memory == replace(before, failures=1)


def test_a_named_policy_outweighs_a_doubtful_classifier(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "汇保通", "out_of_scope", 0.4), Memory())
    assert turn.reply.custom["type"] == "policy"


def test_small_talk_that_names_a_record_is_a_question(book: PolicyBook, today: date) -> None:
    turn = turns.converse(book, today, message(book, "你好，我们在青岛自贸片区", "greet"), Memory())
    assert turn.reply.custom["type"] == "list"
    assert turn.memory.focus.region == "qdftz"
    assert turn.memory.profile.region == "qdftz"


@pytest.mark.parametrize("intent", sorted(TALK))
def test_small_talk_has_words_and_no_figures(book: PolicyBook, today: date, intent: str) -> None:
    turn = turns.converse(book, today, message(book, "嗯", intent), Memory())
    assert turn.reply.text
    assert "万元" not in turn.reply.text
    assert turn.memory == Memory()


def test_rephrase_repeats_what_is_in_hand(book: PolicyBook, today: date) -> None:
    before = Focus(("gaoxin-five-ones",), region="gaoxin", topics=("construction",))
    turn = turns.answer(book, today, message(book, "说人话", "ask_rephrase"), Memory(before))
    assert "承诺" in turn.reply.text
    assert turn.memory.focus.policies == before.policies


WHO = "我们是崂山的小微软件企业，刚认定高企，能申请什么"


def test_who_asks_what_fits_is_matched_and_asked(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    assert turn.interview
    assert turn.reply.custom["type"] == "match"
    assert turn.memory.profile.region == "laoshan"
    assert turn.memory.profile.facts["first-high-tech"]
    fits = {item["policy"]: item["fit"] for item in turn.reply.custom["fits"]}
    assert fits["laoshan-hightech-first"] == "fits"
    assert fits["qd-baiqianwan"] == "maybe"
    assert not {policy for policy in fits if book.policies[policy].region not in ("laoshan", "qingdao")}


def test_what_was_told_is_held_against_a_named_policy(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "我们公司注册在崂山，做外贸", "inform"), Memory())
    turn = turns.answer(book, today, message(book, "汇保通我们能办吗", "ask_audience"), turn.memory)
    assert turn.reply.text.startswith("对照您说的情况")
    assert "不符合" in turn.reply.text.splitlines()[0]
    assert "不满足：在上合示范区" in turn.reply.text


def test_start_over_forgets_all_and_ends_the_interview(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    turn = turns.converse(book, today, message(book, "重新开始", "start_over"), turn.memory)
    assert turn.memory == Memory()
    assert turn.interview is False


def test_the_profile_is_shown_and_forgotten_without_losing_the_subject(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, WHO, "ask_match"), Memory())
    shown = turns.converse(book, today, message(book, "我的信息", "show_profile"), turn.memory)
    assert "崂山区" in shown.reply.text
    assert "小微企业" in shown.reply.text
    assert shown.memory == turn.memory
    turn = turns.converse(book, today, message(book, "清除", "forget_profile"), shown.memory)
    assert turn.memory.profile == Profile()
    assert turn.memory.focus == shown.memory.focus
    empty = turns.converse(book, today, message(book, "我的信息", "show_profile"), turn.memory)
    assert "小微企业" not in empty.reply.text.splitlines()[0].split("例如")[0]


def outside(book: PolicyBook) -> dict[str, Any]:
    return message(book, "给我写首关于大海的诗", "out_of_scope", 0.99)


def named_departments(book: PolicyBook, region: str) -> set[str]:
    """The departments that the sources name for the policies of a place."""
    found = (book.department_of(policy) for policy in book.of_region(region) if policy.contact.basis == "named")
    return {department.name for department in found if department}


def test_failures_in_a_row_are_counted_and_forgotten_after_help(book: PolicyBook, today: date) -> None:
    memory, counts = Memory(), []
    for said in (outside(book), outside(book), outside(book), message(book, "高新贷最高能贷多少", "ask_amount"), outside(book)):
        memory = turns.answer(book, today, said, memory).memory
        counts.append(memory.failures)
    assert counts == [1, 2, 3, 0, 1]


def test_a_question_about_nothing_known_is_a_failure_too(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, message(book, "给多少", "ask_amount"), Memory(failures=1))
    assert turn.reply.custom["type"] == "unclear"
    assert turn.memory.failures == 2


def test_the_second_failure_names_people(book: PolicyBook, today: date) -> None:
    """12345, and the departments that the book names for the place."""
    departments = named_departments(book, "gaoxin")
    assert departments
    first = turns.answer(book, today, outside(book), Memory(Focus(region="gaoxin")))
    second = turns.answer(book, today, outside(book), first.memory)
    third = turns.answer(book, today, outside(book), second.memory)
    assert book.hotline.number not in first.reply.text
    assert not any(name in first.reply.text for name in departments)
    for turn in (second, third):
        assert turn.reply.text.startswith(first.reply.text)
        assert book.hotline.number in turn.reply.text
        assert any(name in turn.reply.text for name in departments)
        assert turn.reply.text.count(book.hotline.number) == 1


def test_the_place_of_the_profile_counts_where_none_was_spoken_of(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, outside(book), Memory(profile=Profile("gaoxin"), failures=1))
    assert any(name in turn.reply.text for name in named_departments(book, "gaoxin"))


def test_without_a_place_only_the_hotline_is_named(book: PolicyBook, today: date) -> None:
    turn = turns.answer(book, today, outside(book), Memory(failures=1))
    assert book.hotline.number in turn.reply.text
    assert not [department.name for department in book.departments.values() if department.name in turn.reply.text]


def test_not_too_many_departments_are_named(book: PolicyBook, today: date) -> None:
    departments = named_departments(book, "jimo")
    assert len(departments) > MOST_DEPARTMENTS
    turn = turns.answer(book, today, outside(book), Memory(Focus(region="jimo"), failures=1))
    line = turn.reply.text.splitlines()[-1]
    assert line.count("、") == MOST_DEPARTMENTS - 1


def test_help_after_failures_names_nobody(book: PolicyBook, today: date) -> None:
    said = message(book, "高新贷最高能贷多少", "ask_amount")
    after = turns.answer(book, today, said, Memory(failures=2))
    assert after.reply == turns.answer(book, today, said, Memory()).reply


def asking(book: PolicyBook, text: str, *intents: str) -> dict[str, Any]:
    """What the pipeline makes of a text with several questions, with the intent of each."""
    found = message(book, text, intents[0])
    spans = questions(found["text"])
    found["parts"] = [
        {"start": start, "end": end, "intent": {"name": intent, "confidence": 0.9}}
        for (start, end), intent in zip(spans, intents, strict=True)
    ]
    return found


def test_two_questions_are_both_answered(book: PolicyBook, today: date) -> None:
    said = asking(book, "高新贷最高能贷多少？汇保通的对象是谁？", "ask_amount", "ask_audience")
    turn = turns.answer(book, today, said, Memory())
    one = turns.answer(book, today, message(book, "高新贷最高能贷多少？", "ask_amount"), Memory())
    two = turns.answer(book, today, message(book, "汇保通的对象是谁？", "ask_audience"), one.memory)
    assert turn.reply.custom["type"] == "several"
    assert [policy["id"] for policy in turn.reply.custom["policies"]] == ["gaoxin-gaoxindai", "shanghe-huibaotong"]
    assert set(one.reply.text.split("\n")) | set(two.reply.text.split("\n")) == set(turn.reply.text.split("\n")) - {""}
    assert turn.memory == two.memory


def test_the_second_question_is_about_what_the_first_was(book: PolicyBook, today: date) -> None:
    said = asking(book, "高新贷最高能贷多少？找哪个部门？", "ask_amount", "ask_department")
    turn = turns.answer(book, today, said, Memory())
    assert "最高 500 万元" in turn.reply.text
    assert "青岛高新区财政金融部门" in turn.reply.text
    assert [answer["policies"][0]["id"] for answer in turn.reply.custom["answers"]] == ["gaoxin-gaoxindai"] * 2


def test_where_one_question_has_no_answer_the_message_is_taken_as_a_whole(book: PolicyBook, today: date) -> None:
    """给多少 alone says nothing; with what follows it does."""
    said = asking(book, "给多少？高新贷找哪个部门？", "ask_amount", "ask_department")
    turn = turns.answer(book, today, said, Memory())
    assert turn.reply.custom["type"] == "policy"
    assert [policy["id"] for policy in turn.reply.custom["policies"]] == ["gaoxin-gaoxindai"]


def test_several_answers_are_no_failure(book: PolicyBook, today: date) -> None:
    said = asking(book, "高新贷最高能贷多少？汇保通的对象是谁？", "ask_amount", "ask_audience")
    assert turns.answer(book, today, said, Memory(failures=2)).memory.failures == 0


STORY = (
    "我们老板前些年在外地打工，常听人说起租金涨得快、设备更新换代也快，厂房改造花了不少钱，后来又想招博士、招技术员，"
    "还跟银行借过钱，利息不低，去年还想过做跨境电商、上市、建实验室，折腾了好一阵子，最后还是回到老本行，员工有二十来个人。"
    "崂山区孵化器怎么奖励？麻烦您了，谢谢。"
)


def test_the_question_of_a_story_is_answered(book: PolicyBook, today: date) -> None:
    said = message(book, STORY, "ask_amount")
    assert len(said["text"]) > LONG
    turn = turns.answer(book, today, said, Memory())
    assert [policy["id"] for policy in turn.reply.custom["policies"]] == ["laoshan-incubator"]
