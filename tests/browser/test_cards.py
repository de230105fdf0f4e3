"""What answers look like and offer: policy cards, comparisons, calculations, lists, ratings."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.widget import Widget

pytestmark = pytest.mark.agent

INCUBATOR = "崂山孵化器认定奖多少"


def size(locator: Locator) -> float:
    """The size of a text in pixels."""
    return float(locator.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)"))


def test_a_policy_card_has_its_figures_department_and_source(chat: Widget, assistant: Assistant) -> None:
    card = chat.ask(INCUBATOR)
    expect(card.get_by_role("heading")).to_have_text("崂山区科技创新奖励—孵化器认定")
    figures = card.get_by_text(re.compile(r"^(100|50|30) 万元$"))
    assert figures.all_text_contents() == ["100 万元", "50 万元", "30 万元"]
    department = card.get_by_text("报道没有点名受理部门，发布主体是崂山区")
    expect(department).to_be_visible()
    for figure in figures.all():
        assert size(figure) > 1.2 * size(department)
    for condition in ("国家级", "省级", "市级"):
        expect(card.get_by_text(f"孵化器获得{condition}认定")).to_be_visible()
    expect(card.get_by_text("报道未说明：孵化器认定的标准")).to_be_visible()
    expect(card.get_by_text("距今约 4 年 6 个月")).to_be_visible()
    assert card.get_by_text("来源").count() == 1
    replies = card.locator(".replies").get_by_role("button")
    assert replies.all_text_contents() == ["申请条件", "找哪个部门", "怎么申请", "现在还有效吗"]
    link = card.get_by_role("link", name="查看原记录")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    with chat.page.context.expect_page() as opened:
        link.click()
    expect(opened.value).to_have_url(f"{assistant.address}/policies/laoshan-incubator")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("崂山区科技创新奖励—孵化器认定")


def test_most_and_conditions_stay_plain(chat: Widget) -> None:
    card = chat.ask("高新贷最高多少")
    large = card.get_by_text("500 万元", exact=True).first
    most = card.get_by_text(re.compile("最高")).first
    assert size(large) > size(most)
    expect(card).to_contain_text("最高 500 万元")


def test_an_answer_can_be_copied(chat: Widget) -> None:
    chat.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    card = chat.ask(INCUBATOR)
    card.get_by_role("button", name="复制回答").click()
    expect(card.get_by_text("已复制")).to_be_visible()
    copied = chat.page.evaluate("navigator.clipboard.readText()")
    for text in ("崂山区科技创新奖励—孵化器认定", "100 万元", "50 万元", "30 万元", "12345", "来源：《"):
        assert text in copied


def test_an_answer_can_be_copied_without_a_clipboard_object(chat: Widget) -> None:
    """As in pages without HTTPS and in-app browsers."""
    card = chat.ask(INCUBATOR)
    chat.page.evaluate("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    card.get_by_role("button", name="复制回答").click()
    expect(card.get_by_text("已复制")).to_be_visible()
    chat.box.press("Control+v")
    expect(chat.box).to_have_value(re.compile("100 万元"))


def test_a_comparison_is_a_table(chat: Widget) -> None:
    card = chat.ask("高新贷和企业上市补助有什么区别")
    expect(card).to_have_attribute("data-type", "policies")
    table = card.get_by_role("table")
    assert table.get_by_role("columnheader").all_text_contents()[-2:] == ["高新贷", "企业上市补助"]
    for row in ("支持", "条件", "性质", "部门"):
        expect(table.get_by_role("rowheader", name=row, exact=True)).to_be_visible()
    expect(table.get_by_role("cell", name=re.compile("最高 500 万元"))).to_be_visible()
    expect(table.get_by_role("cell", name=re.compile("合计 1000 万元"))).to_be_visible()
    card.get_by_text("查看原记录").click()
    for name in ("青岛高新区“高新贷”", "青岛高新区企业上市补助"):
        expect(card.get_by_role("link", name=name)).to_be_visible()


def test_a_calculation_shows_its_result_large_and_its_steps(chat: Widget) -> None:
    card = chat.ask("上合人才年薪60万生活补贴多少")
    result = card.get_by_text("10 万元", exact=True).first
    expect(card.get_by_text("测算结果")).to_be_visible()
    step = card.get_by_role("listitem").filter(has_text="60 万元 × 30% = 18 万元")
    expect(step).to_be_visible()
    assert size(result) > 1.2 * size(step)
    assert step.locator("xpath=..").evaluate("(node) => node.tagName") == "OL"


def test_a_list_goes_on_and_its_entries_lead_to_policies(chat: Widget) -> None:
    first = chat.ask("崂山区有哪些政策")
    assert first.locator("ol > li").count() == 8
    expect(first.get_by_text("还有 42 项")).to_be_visible()
    second = chat.press(first.get_by_role("button", name="更多", exact=True))
    expect(second.get_by_text("接着看第 9 至 16 项")).to_be_visible()
    assert second.locator("ol > li").first.evaluate("(node) => node.value") == 9
    entry = second.get_by_role("button", name=re.compile("年税收首次突破奖励")).first
    card = chat.press(entry)
    expect(card.get_by_role("heading")).to_contain_text("年税收首次突破奖励")
    expect(first.get_by_role("button", name="更多", exact=True)).to_be_disabled()


def test_ratings_are_kept_with_reasons_policies_rules_and_question(chat: Widget, assistant: Assistant) -> None:
    card = chat.ask(INCUBATOR)
    session = chat.session()
    ask = "select good, reasons, policies, rules, question, message_id from feedback where sender_id = ?"

    def rated(good: bool, *reasons: str) -> None:
        message = card.get_attribute("data-id")
        rules = [f"laoshan-incubator/{rule}" for rule in ("national", "provincial", "municipal")]
        wanted = (int(good), list(reasons), ["laoshan-incubator"], rules, INCUBATOR, message)
        for _ in range(50):
            rows = assistant.rows(ask, session)
            found = [(row[0], *map(json.loads, row[1:4]), *row[4:]) for row in rows]
            if found == [wanted]:
                return
            chat.page.wait_for_timeout(20)
        assert found == [wanted]

    card.get_by_role("button", name="有帮助", exact=True).click()
    expect(card.get_by_text("谢谢")).to_be_visible()
    rated(True)
    expect(card.get_by_role("button", name="金额不对")).not_to_be_visible()
    card.get_by_role("button", name="没帮助", exact=True).click()
    rated(False)
    card.get_by_role("button", name="金额不对").click()
    card.get_by_role("button", name="已过期").click()
    rated(False, "amount", "expired")
    expect(card.get_by_role("button", name="没帮助", exact=True)).to_have_attribute("aria-pressed", "true")
    for reason in ("部门不对", "没找到"):
        expect(card.get_by_role("button", name=reason)).to_be_visible()


def test_only_answers_about_policies_are_rated(chat: Widget) -> None:
    for answer in (chat.answers.first, chat.ask("你是谁啊"), chat.ask("转人工")):
        expect(answer.get_by_role("button", name="有帮助", exact=True)).to_have_count(0)


def test_everything_said_is_shown(chat: Widget) -> None:
    """No fact of the texts gets lost in the layout."""
    for question in (INCUBATOR, "高新贷和企业上市补助有什么区别", "上合人才年薪60万生活补贴多少", "崂山区有哪些政策"):
        chat.page.evaluate("() => { window.off = huiqi.on('answer', ({ text }) => { window.said = text; }); }")
        answer = chat.ask(question)
        text = chat.page.evaluate("said")
        shown = re.sub(r"\s", "", answer.text_content() or "")
        facts = re.findall(r"[\d.]+ ?[万亿]?[元年项%]|《[^》]+》", text)
        assert len(facts) >= 4
        assert [fact for fact in facts if re.sub(r"\s", "", fact) not in shown] == []


def test_a_new_answer_is_shown_from_its_start(browse: Browse, home: str) -> None:
    page = browse(viewport={"width": 1280, "height": 700}).new_page()
    page.goto(home)
    chat = Widget(page)
    chat.open()
    chat.ask(INCUBATOR)
    card = chat.ask("高新贷和企业上市补助有什么区别")
    # The question stands at the top of the view, the answer's first words below it.
    expect(chat.mine.last).to_be_in_viewport(ratio=1)
    expect(card.get_by_text("这是两项不同的政策")).to_be_in_viewport()
    latest = chat.panel.get_by_role("button", name="回到最新")
    expect(latest).not_to_be_visible()
    # Who reads further up is not torn away.
    chat.log.evaluate("(log) => { log.scrollTop = 0; }")
    page.evaluate("huiqi.on('answer', () => { window.answered = true; })")
    expect(latest).to_be_visible()
    latest.click()
    expect(chat.mine.last).to_be_in_viewport()
