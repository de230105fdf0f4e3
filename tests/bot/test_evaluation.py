"""The evaluation: its measures on examples worked out by hand, its questions, what it writes, what it refuses."""

from __future__ import annotations

import asyncio
import json
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from actions.knowledge import PolicyBook
from bot import cli, project
from bot.evaluation import command, crossvalidation, figures, misses, page, report, svg, tables
from bot.evaluation.asking import Asked, ask_one
from bot.evaluation.judging import falsehoods, shortcomings
from bot.evaluation.outcomes import Outcome, outcome
from bot.evaluation.questions import (
    DEVELOPMENT,
    FOLDER,
    HELD_OUT,
    SETS,
    STYLES,
    Question,
    QuestionsError,
    known_intents,
    load,
    unknown_words,
)
from bot.evaluation.summary import summary

ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
COMPARED = 5  # shorter texts (你好) may be the same by chance


# -- measures --


def test_share_of_nothing_is_none() -> None:
    assert figures.share(0, 0) is None
    assert figures.share(1, 4) == 0.25


def test_intents_are_booked_under_the_prediction_where_it_is_right() -> None:
    found = figures.intents(
        [
            (["amount"], "amount"),
            (["amount", "detail"], "detail"),  # as right as the first: booked under detail
            (["amount", "detail"], "list"),  # wrong: booked under amount
            (["list"], "list"),
            (["greet"], "amount"),
        ]
    )
    assert found["accuracy"] == pytest.approx(3 / 5)
    amount, listed = found["each"]["amount"], found["each"]["list"]
    assert (amount["wanted"], amount["found"], amount["right"]) == (2, 2, 1)
    assert (amount["precision"], amount["recall"], amount["f1"]) == (0.5, 0.5, 0.5)
    assert (listed["precision"], listed["recall"], listed["f1"]) == (0.5, 1.0, pytest.approx(2 / 3))
    assert (found["each"]["greet"]["precision"], found["each"]["greet"]["f1"]) == (None, 0.0)
    assert found["macro_f1"] == pytest.approx((0.5 + 1 + 2 / 3 + 0) / 4)
    assert found["confusions"] == [
        {"intent": "amount", "taken_for": "list", "times": 1},
        {"intent": "greet", "taken_for": "amount", "times": 1},
    ]


def test_confusions_begin_with_the_commonest() -> None:
    found = figures.intents([(["a"], "b"), (["c"], "a"), (["c"], "a")])
    assert [(pair["intent"], pair["times"]) for pair in found["confusions"]] == [("c", 2), ("a", 1)]


def test_entities_with_several_ids_count_once() -> None:
    found = figures.entities(
        [
            ({"east"}, [frozenset({"east", "west"}), frozenset({"east", "west"})]),  # said twice
            ({"east", "west"}, [frozenset({"east"})]),  # one is missing
            (set(), [frozenset({"north"})]),  # one too many
        ]
    )
    assert (found["found"], found["wanted"]) == (3, 3)
    assert found["precision"] == pytest.approx(2 / 3)
    assert found["recall"] == pytest.approx(2 / 3)
    assert figures.entities([(set(), [])])["f1"] is None


def test_linking_by_rank() -> None:
    found = figures.linking(
        [
            (["a"], False, ["a", "b"], ["a"]),  # rank 1
            (["c"], False, ["a", "b", "c"], ["a"]),  # rank 3
            (["d"], False, ["a", "b", "c", "d"], ["a"]),  # rank 4
            (["e"], False, ["a"], ["a"]),  # not at all
        ]
    )
    assert (found["questions"], found["rank_1"], found["rank_3"]) == (4, 0.25, 0.5)
    assert found["mrr"] == pytest.approx((1 + 1 / 3 + 1 / 4) / 4)
    assert found["all_shown"] is None


def test_all_of_several_policies_must_be_shown() -> None:
    found = figures.linking(
        [
            (["a", "b"], False, ["b", "a"], ["b", "a"]),
            (["a", "b"], False, ["b", "a"], ["b"]),  # a is only related
            (["a", "b"], True, ["b"], ["b"]),  # any of them does: no question for this figure
        ]
    )
    assert (found["rank_1"], found["several"], found["all_shown"]) == (1.0, 2, 0.5)


def test_detection() -> None:
    found = figures.detection([(True, True), (True, False), (False, True), (False, True), (False, False)])
    assert (found["precision"], found["recall"]) == (pytest.approx(1 / 3), 0.5)
    assert found["f1"] == pytest.approx(0.4)


def test_calibration() -> None:
    found = figures.calibration([(0.95, True), (0.95, False), (0.15, False), (0.2, False)])
    # the bin to 1.0 is off by 0.45 with half of the answers, that to 0.2 by 0.175 with the other half
    assert found["expected_error"] == pytest.approx(0.5 * 0.45 + 0.5 * 0.175)
    assert [row["count"] for row in found["bins"]] == [0, 2, 0, 0, 0, 0, 0, 0, 0, 2]
    assert found["bins"][9]["right"] == 0.5
    assert [row["count"] for row in figures.calibration([(1.0, True), (0.0, True), (0.3, True)])["bins"]][::9] == [1, 1]


def test_confidence_that_says_the_truth_has_no_error() -> None:
    assert figures.calibration([(0.75, True)] * 3 + [(0.75, False)])["expected_error"] == pytest.approx(0.0)


def test_percentiles_are_values() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert (figures.percentile(values, 0.5), figures.percentile(values, 0.95)) == (50, 95)
    assert figures.percentile([7.0], 0.95) == 7
    assert figures.percentile([], 0.5) is None


def test_a_question_counts_in_each_of_its_groups_once() -> None:
    found = figures.passes([(["a", "b"], True), (["a", "a"], False)])
    assert found == {"a": {"asked": 2, "passed": 1, "share": 0.5}, "b": {"asked": 1, "passed": 1, "share": 1.0}}


# -- judging --


def said(text: str, **data: Any) -> list[dict[str, Any]]:
    return [{"text": text}, {"custom": {"policies": [], **data}}]


@pytest.mark.parametrize(
    ("expect", "text", "found"),
    [
        ({"amounts": [300000]}, "每家 30 万元", []),
        ({"amounts": [300000]}, "每家 50 万元", ["300000 元没有出现"]),
        ({"not_amounts": [300000]}, "每家 30 万元", ["不应出现 300000 元"]),
        ({"text": ["工信局|科技局"]}, "找科 技 局", []),
        ({"text": ["工信局"]}, "找科技局", ["没有 /工信局/"]),
        ({"not_text": ["工信局"]}, "找工信局", ["不应有 /工信局/"]),
        ({"kind": "unknown"}, "报道未说明", []),
        ({"kind": "unknown"}, "年底截止", ["没有说明材料未载"]),
        ({"kind": "unknown"}, "未说明，拨 0532-12345678", ["给出了来路不明的电话"]),
        ({"kind": "unknown"}, "未说明，拨 12345", []),
        ({"kind": "decline"}, "晴天", ["没有婉拒"]),
        ({"kind": "decline"}, "抱歉，奖 30 万元", ["婉拒时说了金额 [300000.0]"]),
        ({"kind": "clarify"}, "好的", ["没有反问"]),
        ({"kind": "talk"}, "", ["没有回答"]),
    ],
)
def test_judging(expect: dict[str, Any], text: str, found: list[str]) -> None:
    assert shortcomings(expect, said(text)) == found


def test_what_is_missing_is_not_false() -> None:
    expect = {"amounts": [1], "not_amounts": [300000], "text": ["甲"], "not_text": ["元"]}
    assert falsehoods(expect, said("30 万元")) == ["不应出现 300000 元", "不应有 /元/"]


def question(**fields: Any) -> Question:
    given = {"id": "q", "text": "问", "style": ("口语",), "kind": "answer", "intent": ("ask_amount",), "part": "p"}
    return Question(**{**given, **fields})


def answered(messages: list[dict[str, Any]], ranking: tuple[tuple[str, float], ...] = (), **fields: Any) -> Outcome:
    entities = fields.pop("found", [])
    return outcome(Asked(question(**fields), messages, list(ranking), entities, 10.0))


def test_policies_are_ranked_with_those_shown_first() -> None:
    found = answered(said("文", policies=[{"id": "b"}, {"id": "a"}], related=[{"id": "c"}, {"id": "a"}]))
    assert (found.shown, found.ranked) == (("b", "a"), ("b", "a", "c"))


@pytest.mark.parametrize(
    ("fields", "messages", "failings"),
    [
        ({"policies": ("a",)}, said("文", policies=[{"id": "a"}]), ()),
        ({"policies": ("a",)}, said("文", policies=[{"id": "b"}]), ("没有答到这项政策",)),
        # what was expected was said: where it stands does not matter
        ({"policies": ("a",), "expect": {"text": ["文"]}}, said("文", policies=[{"id": "b"}]), ()),
        ({}, said("抱歉", type="decline"), ("没有回答所问",)),
        ({}, said("没有找到", type="nothing"), ("没有回答所问",)),
        ({}, [*said("没有找到", type="nothing"), *said("文", type="policy")], ()),
        ({"kind": "unknown"}, said("没有找到", type="nothing"), ()),
        ({"kind": "talk"}, said("您好", type="greet"), ()),
        ({"kind": "talk"}, said("奖", policies=[{"id": "b"}]), ("寒暄却答了政策",)),
    ],
)
def test_an_answer_must_answer(fields: dict[str, Any], messages: list[dict[str, Any]], failings: tuple[str, ...]) -> None:
    assert answered(messages, **fields).failings == failings


def test_an_error_is_a_failure() -> None:
    found = outcome(Asked(question(kind="talk"), error="KeyError('x')"))
    assert found.failings == ("出错：KeyError('x')",)


def test_a_fallback_counts_as_the_intent_behind_it() -> None:
    assert Asked(question(), ranking=[("nlu_fallback", 0.8), ("greet", 0.2)]).intent == ("greet", 0.2)
    assert Asked(question()).intent == ("", 0.0)


# -- all figures of a run --


def entity(kind: str, value: Any) -> dict[str, Any]:
    return {"entity": kind, "value": value, "text": "词"}


def run() -> list[Outcome]:
    right = answered(
        said("奖 30 万元", type="policy", policies=[{"id": "a"}]),
        (("ask_amount", 0.9), ("greet", 0.1)),
        policies=("a",),
        entities={"region": ("east",), "sum": (300000,)},
        expect={"amounts": [300000]},
        found=[entity("region", ["east", "west"]), entity("sum", 300000.0), entity("topic", "rd")],
    )
    declined = answered(
        said("抱歉", type="decline"), (("out_of_scope", 0.6),), kind="decline", intent=("out_of_scope",), style=("正式", "口语")
    )
    wrong = answered(said("奖 5 万元", type="policy"), (("ask_amount", 0.5),), kind="decline", intent=("out_of_scope",), part="r")
    unanswered = answered(said("抱歉", type="decline"), (("out_of_scope", 0.8),), text="密语", style=("短句",))
    refused = outcome(Asked(question(), said("消息太长"), milliseconds=1.0, refused=True))
    return [right, declined, wrong, unanswered, refused]


def test_the_summary_brings_everything_together() -> None:
    found = summary(run())
    assert (found["questions"], found["passed"], found["wrong_or_invented"], found["refused"]) == (5, 3, 1, 1)
    assert list(found["styles"]) == ["正式", "口语", "短句"]
    assert found["styles"]["口语"] == {"asked": 4, "passed": 3, "share": 0.75}
    assert {kind: counts["passed"] for kind, counts in found["kinds"].items()} == {"answer": 2, "decline": 1}
    assert found["parts"]["r"]["passed"] == 0
    assert found["intents"]["accuracy"] == pytest.approx(2 / 5)
    assert sum(row["count"] for row in found["calibration"]["bins"]) == 4  # not the one that was not read
    assert found["entities"]["region"]["f1"] == found["entities"]["sum"]["f1"] == 1.0
    assert found["linking"]["rank_1"] == 1.0
    assert (found["declining"]["precision"], found["declining"]["recall"]) == (0.5, 0.5)
    assert found["milliseconds"] == {"p50": 10.0, "p95": 10.0}


def test_figures_quote_no_question() -> None:
    found = {"set": HELD_OUT, **summary(run())}
    assert "密语" not in json.dumps(found, ensure_ascii=False) + tables.text(found) + page.page(found)
    assert "密语" in misses.text(misses.misses(run()))


# -- what is written --


def test_table_lines_up_where_chinese_takes_two_columns() -> None:
    lines = tables.table(("写法", "问题"), [("口语", "1"), ("a", "200")]).splitlines()
    assert lines == [
        "| 写法 | 问题 |",
        "| ---- | ---: |",
        "| 口语 |    1 |",
        "| a    |  200 |",
    ]


def test_groups_below_the_goal_are_marked() -> None:
    found = tables.passes({"甲": {"asked": 10, "passed": 9, "share": 0.9}, "乙": {"asked": 9, "passed": 8, "share": 8 / 9}}, "组")
    assert [line.count("↓") for line in found.splitlines()] == [0, 0, 0, 1]


def svg_of(text: str) -> ElementTree.Element:
    return ElementTree.fromstring(text)


def test_bars_tell_what_is_below_the_line() -> None:
    drawn = svg_of(svg.bars([svg.Bar("<甲>", 0.5), svg.Bar("乙", 0.9), svg.Bar("丙", None)], "图", 0.9))
    assert [bar.get("class") for bar in drawn.iter("rect")] == ["low", "bar", "low"]
    assert [float(str(bar.get("width"))) for bar in drawn.iter("rect")] == [340.0, 612.0, 0.0]
    assert "<甲>" in [text.text for text in drawn.iter("text")]


def test_heat_map_shades_by_row_and_marks_what_is_wrong() -> None:
    drawn = svg_of(svg.heat_map(["a", "b"], ["a", "b"], {("a", "a"): 3, ("a", "b"): 1, ("b", "b"): 1}, "图"))
    cells = [cell for cell in drawn.iter("rect") if cell.get("class") != "frame"]
    assert [(cell.get("class"), cell.get("fill-opacity")) for cell in cells] == [
        ("bar", "0.57"),
        ("low", "0.27"),
        ("bar", "0.72"),
    ]
    assert [title.text for title in drawn.iter("title")] == ["a → a：3", "a → b：1", "b → b：1"]


def test_reliability_has_a_point_for_every_bin_with_answers() -> None:
    bins = figures.calibration([(0.95, True), (0.95, False), (0.25, True)])["bins"]
    points = list(svg_of(svg.reliability(bins, "图")).iter("circle"))
    heights = [float(str(point.get("cy"))) for point in points]
    assert len(points) == 2
    assert heights[0] < heights[1]  # all right is higher up than half right


def test_page_asks_for_nothing_from_outside() -> None:
    text = page.page({"set": HELD_OUT, **summary(run())})
    assert text.count("<svg") == text.count("</svg>") == 6
    assert not re.search(r"<script|<link|<img|@import|url\(|\bsrc=|https?:", text)


def test_report_is_written_anew(tmp_path: Path) -> None:
    found = {"set": DEVELOPMENT, **summary(run())}
    assert report.MISSES in {file.name for file in report.write(tmp_path / "new", found, misses.misses(run()))}
    files = report.write(tmp_path / "new", found)
    assert {file.name for file in files} == {file.name for file in (tmp_path / "new").iterdir()} == {report.PAGE, report.FIGURES}
    assert json.loads((tmp_path / "new" / report.FIGURES).read_text(encoding="utf-8"))["questions"] == 5


def test_tables_go_between_their_markers() -> None:
    found = {"set": DEVELOPMENT, **summary(run())}
    marked = "前\n<!-- {0}: begin -->\n旧\\1\n<!-- {0}: end -->\n后\n"
    text = marked.format(HELD_OUT) + marked.format(DEVELOPMENT)
    once = report.with_tables(text, DEVELOPMENT, found)
    assert once.startswith(marked.format(HELD_OUT))
    assert once.count("旧") == 1
    assert tables.passes(found["styles"], "写法") in once
    assert report.with_tables(once, DEVELOPMENT, found) == once
    with pytest.raises(ValueError, match="held_out"):
        report.with_tables("没有标记", HELD_OUT, found)


@pytest.mark.parametrize("name", SETS)
def test_documentation_has_the_markers(name: str) -> None:
    text = report.DOCS.read_text(encoding="utf-8")
    assert "指标" in report.with_tables(text, name, {"set": name, **summary(run())})
    assert "新的" in report.between(text, crossvalidation.MARKER, "新的")


# -- the command --


def test_held_out_questions_are_not_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["evaluate", "--misses"]) == 1
    assert "留出" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["--misses", "--set", DEVELOPMENT], ["--misses", "--final"], []])
def test_others_may_be_shown(arguments: list[str]) -> None:
    assert command.refusal(cli.parser().parse_args(["evaluate", *arguments])) == ""


def test_the_sets_can_be_chosen() -> None:
    for name in SETS:
        assert cli.parser().parse_args(["evaluate", "--set", name]).set == name


@pytest.fixture
def replayed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command with answers that are there already."""
    monkeypatch.setattr(command, "checked_questions", lambda name: [one.question for one in run()])
    monkeypatch.setattr(command, "ask", lambda questions, model, progress: [one.asked for one in run()])
    monkeypatch.setenv("HUIQI_TODAY", "2026-11-22")


@pytest.mark.usefixtures("replayed")
@pytest.mark.parametrize(("least", "status"), [(None, 0), ("0", 0), ("75.1", 1)])
def test_a_style_that_is_too_low_fails_the_command(
    least: str | None, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["evaluate", "--model", "m", "--output", str(tmp_path), *(["--at-least", least] if least else [])]
    assert cli.main(arguments) == status
    printed = capsys.readouterr()
    assert "密语" not in printed.out + printed.err
    assert ("口语、短句" in printed.err) == bool(status)


@pytest.mark.usefixtures("replayed")
def test_json_is_all_that_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--set", DEVELOPMENT, "--misses", "--json", "--model", "m", "--output", str(tmp_path)]
    assert cli.main(["evaluate", *arguments]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert [miss["text"] for miss in printed["misses"]] == ["问", "密语"]
    assert printed == {**json.loads((tmp_path / report.FIGURES).read_text(encoding="utf-8")), "misses": printed["misses"]}


def test_cross_validation_is_told_in_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "intent_report.json").write_text(
        json.dumps({"accuracy": 0.5, "macro avg": {"precision": 0.4, "recall": 0.3, "f1-score": 0.25, "support": 9}}),
        encoding="utf-8",
    )
    crossvalidation.main(["--folder", str(tmp_path)])
    row = capsys.readouterr().out.splitlines()[2]
    assert re.findall(r"[\d.]+", row) == ["9", "50.0", "40.0", "30.0", "25.0"]


# -- the questions --


@cache
def questions_of(name: str) -> list[Question]:
    return load(FOLDER / name)


GOOD = {"id": "q-1", "text": "问", "style": ["口语"], "kind": "answer", "intent": ["ask_amount"]}


def written(folder: Path, *entries: Any) -> Path:
    (folder / "part.yml").write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return folder


def test_a_question_is_read(tmp_path: Path) -> None:
    (found,) = load(written(tmp_path, {**GOOD, "entities": {"sum": [1]}, "expect": {"text": ["甲"]}}))
    assert (found.part, found.entities, found.expected) == ("part", {"sum": (1,)}, {"text": ["甲"], "kind": "answer"})


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"text": " "}, "part q-1：text 应当是文字"),
        ({"text": 5}, "part q-1：text 应当是文字"),
        ({"style": "口语"}, "part q-1：style 应当是文字的列表"),
        ({"intent": []}, "part q-1：intent 应当是文字的列表"),
        ({"policy": ["a"]}, "part q-1：没有 policy 这个键"),
        ({"any": "yes"}, "part q-1：any 应当是 true 或 false"),
        ({"entities": {"region": "east"}}, "part q-1：entities 的每个键后面应当是列表"),
        ({"entities": {"topic": ["rd"]}}, "part q-1：entities 里没有 topic 这个键"),
        ({"entities": {"sum": ["30万"]}}, "part q-1：entities 的 sum 里 '30万' 应当是数字"),
        ({"expect": {"amount": [1]}}, "part q-1：expect 里没有 amount 这个键"),
        ({"expect": {"text": ["(甲"]}}, "part q-1：正则表达式 (甲 不成立"),
    ],
)
def test_a_malformed_question_is_named(change: dict[str, Any], problem: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionsError) as caught:
        load(written(tmp_path, {**GOOD, **change}))
    assert [found[: len(problem)] for found in caught.value.problems] == [problem]


@pytest.mark.parametrize("key", sorted(GOOD))
def test_a_missing_field_is_named(key: str, tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=f"缺少 {key}"):
        load(written(tmp_path, {name: value for name, value in GOOD.items() if name != key}))


def test_what_is_no_list_of_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="没有问题"):
        load(tmp_path)
    with pytest.raises(QuestionsError, match="编号重复"):
        load(written(tmp_path, GOOD, GOOD))
    with pytest.raises(QuestionsError, match="不是键和值"):
        load(written(tmp_path, "问"))
    for text, problem in (("a: 1", "应当是一个列表"), ("- [", "不是 YAML")):
        (tmp_path / "part.yml").write_text(text, encoding="utf-8")
        with pytest.raises(QuestionsError, match=problem):
            load(tmp_path)


def test_labels_that_mean_nothing_are_named(book: PolicyBook) -> None:
    entities = {"region": ("atlantis",), "level": ("九级",), "department": ("d",), "sum": (5,)}
    faulty = question(style=("诗",), kind="song", intent=("ask_moon",), policies=("p",), entities=entities)
    assert unknown_words([faulty], book, known_intents()) == [
        "q：没有 style 诗",
        "q：没有 kind song",
        "q：没有 intent ask_moon",
        "q：没有 policy p",
        "q：没有 region atlantis",
        "q：没有 level 九级",
        "q：没有 department d",
    ]


@pytest.mark.parametrize(("name", "least"), [(HELD_OUT, 600), (DEVELOPMENT, 200)])
def test_every_question_is_valid(name: str, least: int, book: PolicyBook) -> None:
    questions = questions_of(name)
    assert len(questions) >= least
    assert unknown_words(questions, book, known_intents()) == []
    assert {style for question in questions for style in question.style} == set(STYLES)


def folded(text: str) -> str:
    """Letters, digits and characters only."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


@cache
def learnt() -> dict[str, str]:
    """The examples of the training data by their folded form."""
    found = {}
    for path in sorted(project.TRAINING_DATA[0].glob("*.yml")):
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]:
            for line in block["examples"].splitlines():
                found[folded(ANNOTATION.sub(r"\1", line.removeprefix("- ")))] = f"{path.name}: {line}"
    return found


def asked_of(name: str) -> dict[str, str]:
    found = {folded(question.text): question.id for question in questions_of(name)}
    return {text: id for text, id in found.items() if len(text) >= COMPARED}


@pytest.mark.parametrize("name", SETS)
def test_no_question_is_learnt(name: str) -> None:
    examples = learnt()
    assert len(examples) > 5000
    assert folded("能给多少钱？") in examples
    assert {id: examples[text] for text, id in asked_of(name).items() if text in examples} == {}


def test_the_sets_share_no_question() -> None:
    held_out, development = asked_of(HELD_OUT), asked_of(DEVELOPMENT)
    assert {held_out[text]: development[text] for text in held_out.keys() & development.keys()} == {}


# -- the assistant --


@pytest.mark.agent
def test_the_assistant_is_asked(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    asked = loop.run_until_complete(ask_one(agent, question(text="崂山区的国家级孵化器奖多少？")))
    assert not asked.error
    assert asked.intent[0] == "ask_amount"
    assert asked.ranking == sorted(asked.ranking, key=lambda pair: -pair[1])
    assert {entity["value"] for entity in asked.entities if entity["entity"] in ("region", "level")} == {"laoshan", "国家级"}
    assert asked.milliseconds > 0
    found = outcome(asked)
    assert found.ranked[0] == "laoshan-incubator"
    assert "100 万元" in misses.misses([Outcome(asked, ("因",), (), (), (), False)])[0]["reply"]


@pytest.mark.agent
def test_every_question_begins_a_conversation(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    loop.run_until_complete(ask_one(agent, question(text="崂山区首次认定高新技术企业奖多少？")))
    asked = loop.run_until_complete(ask_one(agent, question(text="找哪个部门")))
    assert "laoshan-hightech-first" not in outcome(asked).shown


@pytest.mark.agent
def test_what_is_refused_or_fails_does_not_end_the_evaluation(
    agent: Any, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = loop.run_until_complete(ask_one(agent, question(text=" ")))
    assert refused.refused
    assert [list(message) for message in refused.messages] == [["text"]]

    async def fail(message: Any) -> None:
        raise KeyError("x")

    monkeypatch.setattr(agent, "handle_message", fail)
    assert loop.run_until_complete(ask_one(agent, question())).error == "KeyError('x')"
