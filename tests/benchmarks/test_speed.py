"""The speed benchmark: its figures, its verdicts, what stock Rasa learns from, and that it tells what went wrong."""

from __future__ import annotations

import copy
import json
import sys
import time
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml
from rasa_sdk import Tracker

from actions.knowledge import PolicyBook
from actions.knowledge.text import fold
from benchmarks.speed import __main__ as speed
from benchmarks.speed import assistants, chart, examples, figures, growth, learning, lookup, machine, questions, report
from benchmarks.speed.verdicts import verdicts

HELD_OUT = "held_out"


def spread(ms: float) -> dict[str, float]:
    return {"count": 60, "p50": ms, "p95": 2 * ms, "p99": 3 * ms}


def side(ms: float) -> dict[str, Any]:
    return {"new": spread(ms), "continuing": spread(ms), "cpu_ms": ms, "cited": 30}


def loads(rate: float) -> list[dict[str, Any]]:
    return [{"senders": senders, "turns_per_s": rate, "ms": spread(1000 / rate)} for senders in (16, 64)]


def grown(ratio: float) -> dict[str, Any]:
    return {"conversations": 3, "turns": {"1": 10.0, "25": 10.0, "50": 10.0, "100": 10 * ratio}, "ratio": ratio}


def size(ms: float, start_s: float) -> dict[str, Any]:
    return {"first_start_s": 3 * start_s, "start_s": start_s, "ms": spread(ms), "resident_mb": 400.0}


def trained(seconds: float, epochs: int | None) -> dict[str, Any]:
    return {"train_s": seconds, "cpu_s": seconds, "peak_mb": 500.0, "model_mb": 2.0, "epochs": epochs}


WAYS = ("ours", "fts5", "scan", "ranking", "resolving")
# All limits are just kept.
KEPT: dict[str, Any] = {
    "floor": spread(0.5),
    "turns": {
        "latency": {"ours": side(10.0), "stock": side(100.0)},
        "growth": {"ours": grown(1.5), "stock": grown(4.0)},
        "load": {"ours": loads(80.0), "stock": loads(10.0)},
        "resident_mb": {"ours": 600.0, "stock": 1000.0},
    },
    "starting": {"ours": {"seconds": [3.0], "median": 3.0}, "stock": {"seconds": [9.0], "median": 9.0}},
    "training": {"ours": trained(20.0, None), "stock": trained(60.0, 20)},
    "books": {"155": size(10.0, 3.0), "1550": size(11.0, 4.0), "15500": size(15.0, 6.0)},
    "lookup": {str(policies): {"policies": policies, "us": {way: spread(200.0) for way in WAYS}} for policies in (155, 15500)},
    "browser": spread(30.0),
    "answers": {"turns": 264, "different": 0},
}


def results(kept: dict[str, Any]) -> dict[str, Any]:
    stamp = {"when": "2026-11-22T10:00+00:00", "commit": "abc", "load": 0.1, "quick": False}
    return {"machine": machine.described(), "parts": {name: {**stamp, "figures": found} for name, found in kept.items()}}


# -- figures --


def test_a_percentile_is_a_time_that_was_measured() -> None:
    times = [float(time) for time in range(1, 101)]
    assert [figures.percentile(times, share) for share in (0.5, 0.95, 0.99, 1.0)] == [50, 95, 99, 100]
    assert figures.percentile([7.0], 0.95) == 7
    assert figures.spread([3.0, 1.0, 2.0]) == {"count": 3, "p50": 2.0, "p95": 3.0, "p99": 3.0}
    with pytest.raises(ValueError, match="no times"):
        figures.percentile([], 0.5)


def test_figures_are_shown_to_three_digits_or_in_full() -> None:
    assert [figures.shown(value) for value in (0.12345, 9.876, 100.0, 15478.2)] == ["0.123", "9.88", "100", "15478"]


def test_growth_compares_windows_of_the_same_questions_and_passes_over_one_slow_conversation() -> None:
    steady = [10.0 + turn % 5 for turn in range(growth.TURNS)]
    slow = [time * (50 if turn >= 95 else 1) for turn, time in enumerate(steady)]
    assert growth.told([steady, slow, steady])["ratio"] == 1.0
    slower = [time * (2 if turn >= 95 else 1) for turn, time in enumerate(steady)]
    told = growth.told([slower])
    assert told["ratio"] == 2.0
    assert told["turns"] == {"1": 12.0, "25": 12.0, "50": 12.0, "100": 24.0}


# -- verdicts and page --


def test_what_just_keeps_a_limit_is_met() -> None:
    judged = verdicts(KEPT)
    assert len(judged) == 14
    assert [one.what for one in judged if not one.met] == []


@pytest.mark.parametrize(
    ("path", "value", "missed"),
    [
        (("turns", "latency", "ours", "new", "p50"), 10.1, "中位数，新会话"),
        (("turns", "latency", "ours", "continuing", "p50"), 10.1, "中位数，接着谈"),
        (("turns", "latency", "ours", "new", "p95"), 25.1, "p95，新会话"),
        (("turns", "latency", "ours", "continuing", "p95"), 25.1, "p95，接着谈"),
        (("turns", "load", "ours", 0, "turns_per_s"), 79.0, "16 人同时问"),
        (("turns", "growth", "ours", "ratio"), 1.51, "第 100 轮"),
        (("turns", "resident_mb", "ours"), 601.0, "常驻内存"),
        (("starting", "ours", "median"), 3.1, "冷启动"),
        (("training", "ours", "cpu_s"), 21.0, "训练"),
        (("books", "15500", "ms", "p50"), 15.1, "一轮的中位数 ÷ 155"),
        (("books", "15500", "start_s"), 6.1, "启动 ÷ 155"),
        (("lookup", "155", "us", "ours", "p50"), 201.0, "155 项政策，查找"),
        (("lookup", "15500", "us", "ours", "p50"), 201.0, "15500 项政策，查找"),
        (("answers", "different"), 1, "标准问答"),
    ],
)
def test_what_exceeds_a_limit_is_missed_and_said_to_be(path: tuple[str | int, ...], value: float, missed: str) -> None:
    broken = copy.deepcopy(KEPT)
    at: Any = broken
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    (found,) = (one for one in verdicts(broken) if not one.met)
    assert missed in found.what
    page = report.page(results(broken))
    assert [line for line in page.splitlines() if "未达到" in line and found.what in line]


def test_only_what_was_measured_is_judged_and_told() -> None:
    assert verdicts({"floor": spread(1.0)}) == []
    page = report.page(results({"floor": KEPT["floor"], "browser": None}))
    assert "下限" in page
    assert "没有找到 Chromium" in page
    assert "是否达到" not in page


def test_the_page_has_every_part_and_the_machine() -> None:
    page = report.page(results(KEPT))
    for title, _ in report.SECTIONS.values():
        assert f"## {title}" in page
    assert f"{machine.described()['cores']} 核" in page
    assert "2026-11-22" in page
    assert "粗测" not in page


def test_the_page_owns_up_to_a_quick_run() -> None:
    found = results(KEPT)
    found["parts"]["turns"]["quick"] = True
    assert "粗测" in report.page(found)


def test_the_plot_draws_the_longer_bar_for_the_slower_and_is_whole() -> None:
    drawn = ElementTree.fromstring(chart.chart(KEPT))
    bars = [float(one.get("width", 0)) for one in drawn.iter("{http://www.w3.org/2000/svg}rect")][2:]  # two are the key
    assert len(bars) == 2 * len(list(chart.pairs(KEPT))) == 14
    assert all(ours < stock for ours, stock in zip(bars[::2], bars[1::2], strict=True))
    assert chart.chart({"floor": spread(1.0)}) == ""


def test_parts_of_another_machine_are_not_mixed_with_ours(tmp_path: Path) -> None:
    speed.store(tmp_path, results(KEPT))
    assert speed.stored(tmp_path)["parts"].keys() == KEPT.keys()
    assert (tmp_path / speed.PAGE).read_text(encoding="utf-8").count("|") > 100
    foreign = results(KEPT)
    foreign["machine"]["cores"] = 1000
    speed.store(tmp_path, foreign)
    assert speed.stored(tmp_path)["parts"] == {}


# -- what is asked, what stock learns --


def test_sixty_different_questions_that_are_not_held_out() -> None:
    found = questions.mixed()
    assert len({question.text for question in found}) == questions.ANSWERED + questions.OTHERS == 60
    assert [question.kind == "answer" for question in found[:6]] == [True, True, False] * 2
    assert {question.part for question in found} == {path.stem for path in questions.DEVELOPMENT.glob("*.yml")}
    assert HELD_OUT not in questions.DEVELOPMENT.parts


def test_annotations_stand_where_the_names_stand_and_do_not_overlap(book: PolicyBook) -> None:
    text = "崂山区的高新贷最高多少"
    found = examples.annotated(book, text)
    assert [(text[one["start"] : one["end"]], one["entity"]) for one in found] == [("崂山区", "region"), ("高新贷", "policy")]
    assert found[0]["value"] == "laoshan"
    for other in ("崂山区高新技术企业首次认定奖多少", "我们公司做芯片", "市级和省级的孵化器各给多少"):
        spans = sorted((one["start"], one["end"]) for one in examples.annotated(book, other))
        assert all(end <= start for (_, end), (start, _) in pairwise(spans))
        assert all(isinstance(one["value"], str) for one in examples.annotated(book, other))


def test_what_has_other_places_when_folded_is_not_annotated(book: PolicyBook) -> None:
    text = "崂山 区的 高新贷"
    assert len(fold(text)) != len(text)
    assert examples.annotated(book, text) == []


def test_stock_actions_pass_over_what_is_no_record() -> None:
    original = Tracker.from_dict
    try:
        from benchmarks.speed import stock_actions  # noqa: PLC0415 - importing it changes Tracker

        entities = [
            {"entity": "region", "value": "laoshan"},
            {"entity": "region", "value": "老山"},
            {"entity": "policy", "value": "laoshan"},
            {"entity": "colour", "value": "red"},
        ]
        state = {"sender_id": "x", "slots": {}, "latest_message": {"entities": entities}, "events": []}
        assert stock_actions.tracker_of(state).latest_message["entities"] == entities[:1]
    finally:
        Tracker.from_dict = staticmethod(original)


def test_the_stock_configuration_is_rasas_own_but_for_the_tokenizer() -> None:
    rasa = find_spec("rasa")
    assert rasa
    path = Path(str(rasa.origin)).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
    default, own = (yaml.safe_load(one.read_text(encoding="utf-8")) for one in (path, learning.STOCK))
    assert own["policies"] == default["policies"]
    expected = [part for part in default["pipeline"] if part["name"] != "RegexFeaturizer"]
    assert own["pipeline"] == [{"name": "JiebaTokenizer"}, *expected[1:]]


def test_only_the_epochs_of_diet_are_cut() -> None:
    own, cut = yaml.safe_load(learning.STOCK.read_text(encoding="utf-8")), yaml.safe_load(learning._config(7))
    (place,) = (number for number, part in enumerate(own["pipeline"]) if part["name"] == "DIETClassifier")
    assert cut["pipeline"][place]["epochs"] == 7
    cut["pipeline"][place]["epochs"] = own["pipeline"][place]["epochs"]
    assert cut == own


def test_another_training_counts_as_another() -> None:
    prints = {learning._fingerprint(data, learning._config(epochs)) for data in ("a", "b") for epochs in (1, 2)}
    assert len(prints) == 4


def test_a_training_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="no such luck"):
        learning.measured([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path, tmp_path / "log")


def test_a_training_is_timed_and_weighed(tmp_path: Path) -> None:
    work = "kept = bytearray(1_000_000_000); sum(range(5_000_000))"
    taken = learning.measured([sys.executable, "-c", work], tmp_path, tmp_path / "log")
    assert taken["peak_mb"] > 950
    assert 0.05 < taken["cpu_s"] < 20
    assert taken["train_s"] > 0.05


# -- looking up --


def test_every_way_of_looking_up_finds_what_is_named(book: PolicyBook) -> None:
    for name, search in lookup.ways(book).items():
        found = search(fold("青岛高新区的高新贷最高多少"))
        assert 1 <= len(found) <= lookup.BEST, name
        assert any("高新贷" in book.policies[id].name for id in found[:3]), name
        assert list(search("")) == []


def test_every_step_of_ours_is_timed_on_the_questions(book: PolicyBook) -> None:
    asked = lookup.queries(book)
    assert len(asked) == 60
    assert any(query.mentions for query in asked)
    for step in lookup.steps(book).values():
        assert lookup.timed(step, asked[:2], 3)["count"] == 6
        assert step(asked[0])


# -- processes --


def test_an_assistant_that_ends_at_once_says_why(tmp_path: Path) -> None:
    assistant = assistants.Assistant("ours", tmp_path)
    assistant.run(("-c", "raise SystemExit('no such model')"), {})
    with pytest.raises(RuntimeError, match="no such model"):
        assistant.first_answer()


def test_no_two_assistants_have_one_port_even_before_they_listen(tmp_path: Path) -> None:
    ports = [assistants.Assistant(name, tmp_path).port for name in ("ours", "stock")]
    assert len({*ports, assistants.free_port()}) == 3


def test_an_assistant_that_ended_meanwhile_is_not_weighed(tmp_path: Path) -> None:
    assistant = assistants.Assistant("stock", tmp_path)
    assistant.run(("-c", "print('address in use')"), {})
    assistant.stop()
    with pytest.raises(RuntimeError, match="中途结束了"):
        assistant.resident_mb()


def test_memory_and_time_are_those_of_the_whole_tree(tmp_path: Path) -> None:
    busy = "while time.process_time() < 1: pass"
    child = f"import time\nkept = bytearray(100_000_000)\n{busy}\nprint('ready', flush=True)\ntime.sleep(60)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])"
    assistant = assistants.Assistant("tree", tmp_path)
    assistant.run(("-c", parent), {})
    try:
        for _ in range(500):
            if "ready" in (tmp_path / "tree-0.log").read_text():
                break
            time.sleep(0.02)
        assert assistant.resident_mb() > 100
        assert 1 <= assistant.cpu_s() < 3
    finally:
        assistant.stop()


def test_results_can_be_read_by_programs(tmp_path: Path) -> None:
    speed.store(tmp_path, results(KEPT))
    found = json.loads((tmp_path / speed.JSON).read_text(encoding="utf-8"))
    assert found["parts"]["turns"]["figures"]["latency"]["ours"]["new"]["p50"] == 10.0
