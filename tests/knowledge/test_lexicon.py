"""Where a text uses the book's words: longest first, across spaces and punctuation, Latin words as wholes."""

from __future__ import annotations

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.lexicon import Lexicon, Mention, squeeze
from actions.knowledge.models import Department
from tests.knowledge.books import make_book, make_policy

BOOK = make_book(
    make_policy("loan", "东区“高新贷”信用贷款", aliases=("VR平台", "1+9+X工程")),
    make_policy("guarantee", "“东合·汇保通”汇率避险产品（零保证金）", aliases=("汇保通", "高新贷担保", "5G基站")),
    make_policy("lab", "东区科技奖励—实验室认定奖励", aliases=("QFLP", "3540", "实验室奖", "人才", "补贴", "东区", "东城")),
    make_policy("north-lab", "北区实验室奖励", aliases=("实验室奖",), region="north"),
)


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return BOOK.lexicon


def policies(found: list[Mention]) -> list[tuple[str, tuple[str, ...]]]:
    return [(mention.text, mention.ids) for mention in found if mention.kind == "policy"]


@pytest.mark.parametrize(
    ("text", "name", "id"),
    [
        ("高新贷怎么办", "高新贷", "loan"),  # what stands in quotation marks
        ("高新贷担保怎么办", "高新贷担保", "guarantee"),  # the longest
        ("高 新 贷", "高 新 贷", "loan"),
        ("高-新·贷?", "高-新·贷", "loan"),
        ("《“高新贷”》", "高新贷", "loan"),
        ("东合·汇保通", "东合·汇保通", "guarantee"),
        ("东合汇保通", "东合汇保通", "guarantee"),
        ("东合汇保通汇率避险产品", "东合汇保通汇率避险产品", "guarantee"),  # without the bracket
        ("实验室认定奖励", "实验室认定奖励", "lab"),  # the last part
        ("科技奖励—实验室认定奖励", "科技奖励—实验室认定奖励", "lab"),  # without the place
        ("vr 平台", "vr 平台", "loan"),
        ("1+9+x工程", "1+9+x工程", "loan"),
        ("19X工程", "19X工程", "loan"),
        ("qflp试点", "qflp", "lab"),
        ("5g基站", "5g基站", "guarantee"),
        ("搞3540改革", "3540", "lab"),
    ],
)
def test_name_is_found(lexicon: Lexicon, text: str, name: str, id: str) -> None:
    assert policies(lexicon.find(text)) == [(name, (id,))]


@pytest.mark.parametrize(
    "text", ["server平台", "svr平台", "vrs", "xqflp", "qflpx", "15g基站", "13540", "35401", "补贴", "高新", "", "。"]
)
def test_no_name_is_found(lexicon: Lexicon, text: str) -> None:
    assert lexicon.find(text) == []


def test_place_is_no_name_of_a_policy(lexicon: Lexicon) -> None:
    assert [(mention.kind, mention.ids) for mention in lexicon.find("东区")] == [("region", ("east",))]
    assert lexicon.kinds("东城") == {"region"}


def test_form_of_several_kinds_gives_them_all(lexicon: Lexicon) -> None:
    assert [(m.kind, m.ids, m.start, m.end) for m in lexicon.find("找人才")] == [
        ("audience", ("talent",), 1, 3),
        ("topic", ("talent",), 1, 3),
    ]


def test_form_of_several_policies_gives_them_all(lexicon: Lexicon) -> None:
    assert policies(lexicon.find("实验室奖")) == [("实验室奖", ("lab", "north-lab"))]


def test_mentions_come_in_order_with_their_places(lexicon: Lexicon) -> None:
    text = "东城 的小微企业问:部级实验室奖、高新贷 利息"
    found = lexicon.find(text)
    assert [(mention.kind, mention.ids) for mention in found] == [
        ("region", ("east",)),
        ("audience", ("micro",)),
        ("level", ("国家级",)),
        ("policy", ("lab", "north-lab")),
        ("policy", ("loan",)),
        ("attribute", ("interest",)),
    ]
    assert [text[mention.start : mention.end] for mention in found] == ["东城", "小微企业", "部级", "实验室奖", "高新贷", "利息"]
    assert [mention.text for mention in found] == [text[mention.start : mention.end] for mention in found]


@pytest.mark.parametrize("text", ["科技局", "科技局(东区)", "东区科技"])
def test_department_with_and_without_its_bracket(lexicon: Lexicon, text: str) -> None:
    assert [(mention.kind, mention.ids) for mention in lexicon.find(text)] == [("department", ("east-office",))]


def test_generic_words_are_no_names() -> None:
    book = make_book(make_policy("fund", "基金", aliases=("贷款", "基金池")), departments=[Department("d", "部门", ("电话",))])
    assert set(book.lexicon.words()) & {"基金", "贷款", "部门"} == set()
    assert book.lexicon.kinds("基金池") == {"policy"}
    assert book.lexicon.kinds("电话") == {"attribute"}


def test_squeeze() -> None:
    assert squeeze("A·b 。中") == ("ab中", [0, 2, 5])


def test_every_name_and_alias_in_the_real_book_names_its_policy(book: PolicyBook) -> None:
    lost = [
        (policy.id, form)
        for policy in book.policies.values()
        for form in (policy.name, *policy.aliases)
        if not any(mention.kind == "policy" and policy.id in mention.ids for mention in book.lexicon.find(form))
    ]
    assert lost == []
