"""Pointing at what was said before: what points where, and what only looks like it."""

from __future__ import annotations

import pytest

from actions.knowledge.references import both, goes_back, number, pointed

FIVE = tuple("abcde")

POINTS: list[tuple[str, str]] = [
    ("第二个", "b"),
    ("第2个", "b"),
    ("第二", "b"),
    ("第二个呢", "b"),
    ("第二个是什么？", "b"),
    ("第三项给多少", "c"),
    ("讲讲第三条", "c"),
    ("第一条", "a"),
    ("第5个", "e"),
    ("第五种怎么申请", "e"),
    ("看第二款", "b"),
    ("选第二个", "b"),
    ("第四样", "d"),
    ("1号", "a"),
    ("二号", "b"),
    ("2", "b"),
    ("二", "b"),
    ("那二呢", "b"),
    ("选3", "c"),
    ("我选3", "c"),
    ("3.", "c"),
    ("就第四个吧", "d"),
    ("要第2条", "b"),
    ("第一和第三个", "ac"),
    ("第一、第三个", "ac"),
    ("第一个和第二个有什么区别", "ab"),
    ("第三和第四", "cd"),
    ("第二个和第二个", "b"),
    ("最后一个", "e"),
    ("最后那个", "e"),
    ("最后一项呢", "e"),
    ("最后面那个", "e"),
    ("最后一个找谁", "e"),
    ("末尾那个", "e"),
    ("倒数第一个", "e"),
    ("倒数第二个", "d"),
    ("后者", "e"),
    ("后面那个", "e"),
    ("前两个", "ab"),
    ("前2个", "ab"),
    ("前俩", "ab"),
    ("前三项", "abc"),
    ("前两个哪个多", "ab"),
    ("后两个", "de"),
    ("后三条", "cde"),
    ("前10个", "abcde"),
    # past the end
    ("第6个", ""),
    ("第九项", ""),
    ("第十个", ""),
    ("第十二个", ""),
    ("第12个", ""),
    ("9", ""),
]


@pytest.mark.parametrize(("text", "entries"), POINTS)
def test_points(text: str, entries: str) -> None:
    assert pointed(text, FIVE) == tuple(entries)


NOT = [
    "第一次认定", "第一次认定高企", "第一次来问", "第二次", "第四次", "第二批", "第二批名单", "第一批", "第一家", "第二轮",
    "第三届", "第三方", "第三方担保", "第一笔", "第1名", "第一名", "第二期", "第一期房租", "第二代", "第一时间", "第三产业",
    "第一书记", "第二年", "第三年还有吗", "第1季度", "第2季度", "第二天", "第一个月", "第二个月", "第一个季度", "第一个年度",
    "第三个工作日", "第一个五年", "前两年", "前两年房租", "前几年", "前一年", "前三个月", "前两个月", "前一个月", "前两天",
    "前三季度", "前两个季度", "前三个年度", "前三个工作日", "前两批", "前20名", "前二十名", "后天", "后来", "后面再说",
    "后两年", "后三天", "后三个月", "后两个月", "后一个月", "最后一年", "最后一次", "最后一天", "最后一个月", "最后一个季度",
    "最后一个工作日", "之前那个", "两个月", "2个月", "两年", "三年", "2022年", "三个人", "两个孩子", "两家公司", "500强",
    "五星级", "国家级", "A类", "一类", "30万", "10万", "5亿", "十个亿", "年薪30万", "3540", "96711", "12345", "100", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT)
@pytest.mark.parametrize("listed", [FIVE, ("a", "b")], ids=["five", "two"])
def test_does_not_point(text: str, listed: tuple[str, ...]) -> None:
    assert pointed(text, listed) is None


@pytest.mark.parametrize(
    ("text", "entry"), [("前者", "a"), ("前一个", "a"), ("前面那个", "a"), ("后者", "b"), ("后一个", "b"), ("第二个", "b")]
)
def test_points_at_one_of_two(text: str, entry: str) -> None:
    assert pointed(text, ("a", "b")) == (entry,)


@pytest.mark.parametrize("text", ["前者", "前面那个"])
def test_the_former_of_many_is_none(text: str) -> None:
    assert pointed(text, FIVE) is None


@pytest.mark.parametrize("text", ["第二个", "最后一个", "前两个", "2"])
def test_nothing_listed_nothing_pointed_at(text: str) -> None:
    assert pointed(text, ()) is None


@pytest.mark.parametrize(("text", "value"), [("7", 7), ("12", 12), ("两", 2), ("俩", 2), ("三", 3), ("十", 10), ("十二", 12)])
def test_numbers(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    "text", ["这两个", "那两个哪个多", "两个有啥区别", "它们", "它俩", "两者", "二者", "这俩", "这两项", "两样", "这两个政策"]
)
def test_both(text: str) -> None:
    assert both(text)


NOT_BOTH = [
    "两年", "这两年", "两个月", "这两个月", "两次", "两万", "两百万", "两千", "两亿", "两个亿", "两家", "两人", "两个人",
    "两名", "两期", "两天", "这两天", "两成", "两类", "两化融合", "两个孩子", "两个博士", "两个专利", "高新贷", "",
]  # fmt: skip


@pytest.mark.parametrize("text", NOT_BOTH)
def test_not_both(text: str) -> None:
    assert not both(text)


@pytest.mark.parametrize("text", ["说回刚才那个", "回到高新贷", "前面说的", "你说的那个", "最开始那个", "之前问的"])
def test_goes_back(text: str) -> None:
    assert goes_back(text)


@pytest.mark.parametrize("text", ["高新贷", "多少钱", "换成崂山呢", "前两年", "明年", "再问一下孵化器"])
def test_does_not_go_back(text: str) -> None:
    assert not goes_back(text)
