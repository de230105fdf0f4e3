"""Full-text search: which policy explains most of a question."""

from __future__ import annotations

import numpy as np
import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.benefits import Quantity, Rate, Service
from actions.knowledge.models import Remark, Rule, Scope
from actions.knowledge.search import COMMON, MANY, finer, overlap, policy_texts, strongest
from tests.knowledge.books import make_book, make_policy

BOOK = make_book(
    make_policy("lab", "实验室奖励", aliases=("科研奖",), keywords=("重点实验室",), summary="给实验室的支持"),
    make_policy("rent", "办公用房补助", Rule("rent", "租用写字楼", Service("租金补助", "补到三年")), summary="实验室也能用"),
    make_policy(
        "hire",
        "引才奖励",
        Rule("wage", "引进博士", Rate("薪酬补贴", 0.3, "年度薪酬", ("工资",)), Scope.PER_APPLICANT),
        Rule("heads", "已引进", Quantity("人才数", 12, "名博士后"), Scope.ACHIEVEMENT_TOTAL),
        notes=(Remark("按人计算", ("一个人",)),),
        gaps=(Remark("到账时间", ("多久到账",)),),
    ),
)


@pytest.mark.parametrize(
    ("text", "best"),
    [
        ("实验室", "lab"),  # a name weighs more than a summary
        ("科研奖", "lab"),
        ("重点实验室", "lab"),
        ("写字楼", "rent"),  # a condition
        ("补到三年", "rent"),  # a service
        ("年度薪酬", "hire"),  # the base of a rate, and what people call it
        ("工资", "hire"),
        ("博士后", "hire"),
        ("按人计算", "hire"),
        ("多久到账", "hire"),
    ],
)
def test_best_hit(text: str, best: str) -> None:
    assert BOOK.index.search(text)[0].policy == best


def test_score_grows_with_the_weight_of_the_field() -> None:
    scores = {hit.policy: hit.score for hit in BOOK.index.search("实验室")}
    assert set(scores) == {"lab", "rent"}
    assert scores["lab"] > 1.5 * scores["rent"]


def test_coverage_is_the_explained_share_of_the_question() -> None:
    texts = ("写字楼", "写字楼 xyz", "写字楼 xyz 天气预报")
    (alone,), (more,), (most,) = (BOOK.index.search(text) for text in texts)
    assert alone.policy == more.policy == most.policy
    assert alone.score == pytest.approx(more.score) == pytest.approx(most.score)  # sums in any order
    number = BOOK.facets.number[alone.policy]
    whole, half, part = (BOOK.index.coverage(text, np.array([number]))[0] for text in texts)
    assert whole == 1.0 > half > part > 0.0


def test_rare_words_say_more() -> None:
    assert BOOK.index.idf("unheard") > BOOK.index.idf("写字") > BOOK.index.idf("奖励")


@pytest.mark.parametrize("text", ["", "奖", "天气预报", "?!"])
def test_no_hit(text: str) -> None:
    assert BOOK.index.search(text) == []


def test_ignored_features_do_not_count() -> None:
    assert BOOK.index.search("写字楼", ignored=frozenset({"写字", "字楼"})) == []


def test_equal_scores_come_in_order_of_id() -> None:
    book = make_book(*(make_policy(id, "同名补助") for id in ("c", "a", "b")))
    assert [hit.policy for hit in book.index.search("同名补助")] == ["a", "b", "c"]


def test_finer_features_are_pairs_characters_and_syllables() -> None:
    found = list(finer("孵化器 vr"))
    assert {"孵化", "化器", "vr"} <= set(found)
    assert {"'孵", "'化", "'器"} <= set(found)
    assert {"fu hua", "hua qi"} <= set(found)
    assert len(found) == 8


def test_finer_features_do_not_reach_over_marks() -> None:
    assert not {"化，", "hua qi", "化器"} & set(finer("孵化，器"))


def test_single_characters_rank() -> None:
    """No record has the pair, one has a character of it."""
    assert [hit.policy for hit in BOOK.index.search("博览")] == ["hire"]
    assert [hit.policy for hit in BOOK.index.search("楼梯")] == ["rent"]


def test_syllables_rank_what_is_mistyped() -> None:
    assert BOOK.index.search("鞋子楼")[0].policy == "rent"
    assert BOOK.index.search("伯侍")[0].policy == "hire"  # no character is right


def test_what_is_spelt_right_ranks_before_what_sounds_alike() -> None:
    book = make_book(make_policy("right", "博士补助"), make_policy("alike", "伯侍补助"))
    assert [hit.policy for hit in book.index.search("博士")] == ["right", "alike"]
    assert [hit.policy for hit in book.index.search("伯侍")] == ["alike", "right"]


def test_characters_and_syllables_explain_nothing() -> None:
    """They rank, but coverage is the share of pairs and words."""
    (hit,) = BOOK.index.search("鞋紫娄")
    assert hit.score > 0
    assert not BOOK.index.coverage("鞋紫娄", np.arange(3)).any()


@pytest.mark.parametrize("count", [0, 1, 40, 700, 9000])
@pytest.mark.parametrize("most", [1, 10, 200])
def test_the_strongest_are_the_highest_above_nothing_and_of_equals_the_first(count: int, most: int) -> None:
    dice = np.random.default_rng(count + most)
    # Few high ones, many equal ones, none at all.
    for scores in (dice.normal(size=count).round(1), dice.integers(0, 3, count) * 1.0, np.zeros(count)):
        order = sorted(range(count), key=lambda place: (-scores[place], place))
        assert strongest(scores, most).tolist() == [place for place in order if scores[place] > 0][:most]


def many(count: int, named: int) -> PolicyBook:
    """`count` records, of which `named` are called 海洋."""
    return make_book(*(make_policy(f"p{n:02}", f"{'海洋' if n < named else '陆地'}{chr(0x4E00 + n)}") for n in range(count)))


def test_the_best_of_many_are_those_of_all() -> None:
    """Whether found by looking only at what is near the best or by all scores."""
    dice = np.random.default_rng(3)
    words = [chr(0x4E00 + 2 * n) + chr(0x4E01 + 2 * n) for n in range(60)]
    common, rare = words[:6], words[6:]
    book = make_book(
        *(
            make_policy(f"p{n:04}", "".join([*(word for word in common if dice.random() < 0.3), *dice.choice(rare, 3)]))
            for n in range(900)
        )
    )
    for _ in range(60):
        text = "，".join([*dice.choice(common, 2), *dice.choice(rare, dice.integers(0, 4))])
        every = book.index.search(text)
        scores = book.index.score(text)
        assert {hit.policy: hit.score for hit in every} == {
            id: scores[number] for id, number in book.facets.number.items() if scores[number] > 0
        }
        for most in (1, 5, 20):
            best = book.index.search(text, most=most)
            assert [hit.score for hit in best] == [hit.score for hit in every[:most]]
            assert set(best) <= set(every)


def test_what_stands_in_most_records_weighs_nothing() -> None:
    count = 2 * MANY + 4
    named = int(COMMON * count)
    rare, common = many(count, named), many(count, named + 1)
    assert len(rare.index.search("海洋")) == named
    assert all(hit.score > 0 for hit in rare.index.search("海洋"))
    assert all(hit.score == 0 for hit in common.index.search("海洋"))


def test_in_a_small_book_everything_weighs() -> None:
    small = many(MANY, MANY)
    assert all(hit.score > 0 for hit in small.index.search("海洋"))
    assert len(small.index.search("海洋")) == MANY


def test_texts_of_a_policy_leave_nothing_out() -> None:
    texts = {text for _, text in policy_texts(BOOK.policies["hire"])}
    assert {
        "引才奖励",
        "引进博士",
        "薪酬补贴",
        "年度薪酬",
        "工资",
        "名博士后",
        "按人计算",
        "一个人",
        "到账时间",
        "多久到账",
    } <= texts


@pytest.mark.parametrize(
    ("text", "words", "length"),
    [
        ("一家企业能拿多少", ["一家", "能拿"], 4),
        ("一家企业", ["一家", "一家企业"], 4),  # the longest, once
        ("一家又一家", ["一家"], 2),
        ("vr平台", ["VR"], 2),
        ("一家", [], 0),
        ("一家", ["两家"], 0),
    ],
)
def test_overlap(text: str, words: list[str], length: int) -> None:
    assert overlap(text, words) == length


def test_every_policy_of_the_real_book_is_found_by_its_own_name(book: PolicyBook) -> None:
    for policy in book.policies.values():
        first = [hit.policy for hit in book.index.search(policy.name.lower())[:3]]
        assert policy.id in first, (policy.id, first)
