"""The linear text model: learnt on a toy set, stored, read, asked."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from bot.nlu.learning import STEEPEST, learn
from bot.nlu.linear import PAIRED, Group, LinearModel, Text, features, numbered, softmax, weighted


def spaced(words: str) -> Text:
    return words.replace(" ", ""), words


TOY = {
    "amount": ["给 多少 钱", "奖励 多少", "补贴 给 多少", "最高 多少 万", "能 拿 多少 钱", "补 多少"],
    "department": ["找 谁 办", "哪个 部门 管", "找 哪个 部门", "部门 在 哪", "谁 负责 办", "去 哪 办"],
    "weather": ["今天 天气 好 吗", "明天 下雨 吗", "天气 怎么样", "今天 下雨", "明天 几 度", "天气 预报"],
}
TEXTS = [spaced(text) for texts in TOY.values() for text in texts]
CLASSES = [name for name, texts in TOY.items() for _ in texts]
UNSEEN = {"奖励 给 多少 钱": "amount", "找 谁 负责": "department", "明天 天气": "weather"}


@pytest.fixture(scope="module")
def model() -> LinearModel:
    return learn(TEXTS, CLASSES, 2, 0.5)


def test_it_knows_what_it_learnt(model: LinearModel) -> None:
    assert sorted(model.classes) == sorted(TOY)
    assert [model.ranking(text)[0][0] for text in TEXTS] == CLASSES


@pytest.mark.parametrize("text", UNSEEN)
def test_it_knows_what_is_like_it(model: LinearModel, text: str) -> None:
    assert model.ranking(spaced(text))[0][0] == UNSEEN[text]


@pytest.mark.parametrize("text", [*UNSEEN, "xyz", "", "给 多少 天气"])
def test_shares_sum_to_one_and_fall(model: LinearModel, text: str) -> None:
    ranking = model.ranking(spaced(text))
    shares = [share for _, share in ranking]
    assert sorted(name for name, _ in ranking) == sorted(TOY)
    assert sum(shares) == pytest.approx(1.0)
    assert shares == sorted(shares, reverse=True)
    assert shares[-1] >= 0


def test_of_an_unknown_text_only_the_borders_count(model: LinearModel) -> None:
    assert model.scores(spaced("qqq")) == pytest.approx(model.scores(spaced("z y x")))
    known = model.ranking(spaced("给 多少 钱"))[0][1]
    assert model.ranking(spaced("qqq"))[0][1] < known


def test_features_stand_in_the_order_of_the_texts(model: LinearModel) -> None:
    """So that the same examples make the same model, to the last digit, in every process."""
    words = [word for text in TEXTS for word in features(text, 2)[1]]
    assert list(model.groups[1].features()) == list(dict.fromkeys(words))


def test_slope_is_within_bounds_and_learnt(model: LinearModel) -> None:
    assert 0.1 < model.slope <= STEEPEST
    assert model.slope != 1.0


@pytest.mark.parametrize("wrong", [1, 3])
def test_slope_is_smaller_where_the_examples_contradict_each_other(model: LinearModel, wrong: int) -> None:
    """What cannot be told apart must not be ranked with confidence."""
    turned = CLASSES[wrong:] + CLASSES[:wrong]
    mixed = learn([*TEXTS, *TEXTS], [*CLASSES, *turned], 2, 0.5)
    assert mixed.slope < model.slope


def test_slope_of_too_few_examples_is_one() -> None:
    few = learn(TEXTS[:2] + TEXTS[6:8] + TEXTS[12:14], ["a", "a", "b", "b", "c", "c"], 2, 0.5)
    assert few.slope == 1.0


def test_two_classes() -> None:
    two = learn(TEXTS[:12], CLASSES[:12], 2, 0.5)
    assert two.slope == 1.0  # nothing to learn it from
    assert two.weights.shape == (len(two.idf), 2)
    assert [two.ranking(text)[0][0] for text in TEXTS[:12]] == CLASSES[:12]
    assert two.scores(TEXTS[0])[0] == pytest.approx(-two.scores(TEXTS[0])[1])


def test_stored_and_read_it_ranks_the_same(model: LinearModel, tmp_path: Path) -> None:
    model.write(tmp_path)
    read = LinearModel.read(tmp_path)
    assert (read.classes, read.longest, read.slope) == (model.classes, model.longest, model.slope)
    assert [group.features() for group in read.groups] == [group.features() for group in model.groups]
    for text in [*TEXTS, *map(spaced, UNSEEN), spaced("qqq")]:
        assert read.ranking(text) == model.ranking(text)


def test_a_model_whose_parts_do_not_fit_is_refused(model: LinearModel, tmp_path: Path) -> None:
    model.write(tmp_path)
    terms = tmp_path / "terms.json"
    terms.write_text(terms.read_text(encoding="utf-8").replace("天\\t气\\n", "", 1), encoding="utf-8")
    with pytest.raises(ValueError, match="features"):
        LinearModel.read(tmp_path)


def test_features_come_in_three_groups() -> None:
    runs, words, pairs = features(("给多少", "给 多少"), 2)
    assert runs == ["^", "给", "多", "少", "$", "^给", "给多", "多少", "少$"]
    assert words == ["给", "多少", ("多少", "给")]
    assert pairs == [("多", "少"), ("多", "给"), ("少", "给")]


def test_pairs_do_not_know_the_order() -> None:
    assert features(("甲乙", "甲 乙"), 1)[2] == features(("乙甲", "乙 甲"), 1)[2]
    assert len(features(("甲甲乙", "甲甲乙"), 1)[2]) == 1  # distinct characters only


def test_pairs_of_a_long_text_are_limited() -> None:
    long = "".join(chr(0x4E00 + n) for n in range(3 * PAIRED))
    _, words, pairs = features((long, " ".join(long)), 2)
    most = math.comb(PAIRED, 2)
    assert len(pairs) == most
    assert len(words) == len(long) + most
    short = long[: PAIRED - 1]
    assert len(features((short, short), 2)[2]) == math.comb(PAIRED - 1, 2)


def test_rare_pairs_are_not_learnt(model: LinearModel) -> None:
    """A pair of characters counts from its second example on."""
    runs, words, pairs = (group.features() for group in model.groups)
    assert "度" in runs
    assert "预报" in words
    assert ("今", "天") in pairs
    assert not [pair for pair in pairs if "度" in pair]


def test_rows_are_numbered_through_all_groups() -> None:
    groups = numbered([["a", ("a", "b")], ["a"], [], ["c"]])
    assert [group.features() for group in groups] == [{"a": 0, ("a", "b"): 1}, {"a": 2}, {}, {"c": 3}]
    assert [len(group) for group in groups] == [2, 1, 0, 1]


def test_the_rows_of_a_text_are_those_of_its_features(model: LinearModel) -> None:
    for text in (*TEXTS, *map(spaced, UNSEEN), spaced("给 & 多少 a&b"), spaced("")):
        for (rows, _), group, found in zip(
            weighted(text, 2, model.groups, model.idf), model.groups, features(text, 2), strict=True
        ):
            known = group.features()
            assert rows.tolist() == list(dict.fromkeys(known[feature] for feature in found if feature in known))


def test_tf_idf_has_length_one() -> None:
    idf = np.array([1.0, 2.0, 3.0], dtype=np.float32)
    runs = Group({"甲": 0, "乙": 1, "丙": 2})
    rows, values = next(weighted(("甲乙甲丁", ""), 1, [runs, Group({}), Group({})], idf))
    assert rows.tolist() == [0, 1]
    assert float(np.linalg.norm(values)) == pytest.approx(1.0)
    assert values[0] / values[1] == pytest.approx((1 + math.log(2)) / 2)
    rows, _ = next(weighted(("丁", ""), 1, [runs, Group({}), Group({})], idf))
    assert rows.tolist() == []


def test_softmax_of_large_scores() -> None:
    assert softmax(np.array([1000.0, 1000.0])) == pytest.approx([0.5, 0.5])
    assert softmax(np.array([[0.0, math.log(3)]]))[0] == pytest.approx([0.25, 0.75])
