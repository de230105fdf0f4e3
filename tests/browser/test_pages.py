"""The site: the home page, the list, the pages of policies."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.watching import Watch
from tests.browser.widget import Widget, picture

pytestmark = pytest.mark.agent

PAGES = {"home": "/", "policies": "/policies", "policy": "/policies/laoshan-incubator", "missing": "/policies/no-such-thing"}


@pytest.fixture
def visit(browse: Browse, assistant: Assistant) -> Page:
    page = browse().new_page()
    page.goto(f"{assistant.address}/policies")
    return page


def test_the_home_page_holds_the_widget_and_asks_its_examples(browse: Browse, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(assistant.address)
    chat = Widget(page)
    expect(chat.answers.first).to_be_visible()
    expect(page.get_by_role("button", name="关闭", exact=True)).to_have_count(0)
    example = page.locator("a[data-ask]").first
    asked = example.text_content()
    example.click()
    expect(chat.answers.nth(1)).to_be_visible()
    assert chat.said() == [asked]
    expect(page).to_have_url(f"{assistant.address}/")
    assert assistant.address in page.get_by_label("接入代码").inner_text()


def test_the_home_page_counts_the_book(browse: Browse, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(assistant.address)
    total = page.get_by_role("link", name=re.compile(r"全部 \d+ 项")).text_content() or ""
    page.goto(f"{assistant.address}/policies")
    expect(page.get_by_role("heading", name=re.compile("^共"))).to_contain_text(re.findall(r"\d+", total)[0])


def test_the_lines_of_the_home_page_embed_the_widget(browse: Browse, assistant: Assistant) -> None:
    """What is shown for copying is what works."""
    page = browse().new_page()
    page.goto(assistant.address)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="复制", exact=True).first.click()
    expect(page.get_by_role("button", name="已复制")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.strip() == f'<script defer src="{assistant.address}/widget/policy-chat.js"></script>'


def test_filtering_by_a_choice(visit: Page) -> None:
    count = visit.get_by_role("heading", level=2).first
    before = count.text_content()
    with visit.expect_navigation():
        visit.get_by_label("地区").select_option(label="崂山区（50）")
    expect(count).to_have_text("找到 50 项")
    assert before != "找到 50 项"
    assert "region=" in visit.url
    assert "q=" not in visit.url  # empty fields stay out of the address
    expect(visit.get_by_role("link", name="崂山区科技创新奖励—孵化器认定")).to_be_visible()
    visit.get_by_role("link", name=re.compile("去掉.*崂山区")).click()
    expect(count).to_have_text(before or "")


def test_searching_and_back(visit: Page) -> None:
    visit.get_by_role("searchbox").fill("孵化器奖励")
    visit.get_by_role("searchbox").press("Enter")
    expect(visit).to_have_url(re.compile("q="))
    first = visit.locator("main ol").get_by_role("link").filter(has_text="孵化器").first
    expect(first).to_be_visible()
    first.click()
    expect(visit.get_by_role("heading", level=1)).to_contain_text("孵化器")
    visit.go_back()
    expect(visit.get_by_role("searchbox")).to_have_value("孵化器奖励")
    visit.get_by_label("地区").select_option(index=1)  # usable after coming back
    expect(visit).to_have_url(re.compile("region="))
    visit.get_by_role("searchbox").fill("绝对没有的东西xyzq")
    visit.get_by_role("searchbox").press("Enter")
    expect(visit.get_by_text("12345").first).to_be_visible()


def test_a_policy_page_tells_all_and_opens_the_assistant(browse: Browse, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(assistant.address + PAGES["policy"])
    main = page.get_by_role("main")
    for text in (
        "100 万元",
        "50 万元",
        "30 万元",
        "报道没有点名受理部门",
        "崂山出台先进制造业",
        "青岛日报/观海新闻",
        "2022-05-25",
        "12345",
    ):
        expect(main).to_contain_text(text)
    chat = Widget(page)
    expect(chat.panel).not_to_be_visible()
    question = main.locator("[data-ask]").first
    asked = question.text_content()
    question.click()
    expect(chat.answers.last).to_contain_text("孵化器")
    assert chat.said() == [asked]


def test_an_unknown_policy_is_missing_in_words(browse: Browse, assistant: Assistant, watch: Watch) -> None:
    watch.expect("404")
    page = browse().new_page()
    answer = page.goto(assistant.address + PAGES["missing"])
    assert answer is not None
    assert answer.status == 404
    page.get_by_role("searchbox").fill("高新贷")
    page.get_by_role("searchbox").press("Enter")
    expect(page.get_by_role("link", name=re.compile("高新贷")).first).to_be_visible()


def test_a_policy_is_fit_to_print(browse: Browse, assistant: Assistant) -> None:
    page = browse(color_scheme="dark").new_page()
    page.goto(assistant.address + PAGES["policy"])
    page.emulate_media(media="print", color_scheme="dark")
    for part in (page.get_by_role("navigation", name="主导航"), page.locator("policy-chat")):
        expect(part).not_to_be_visible()
    expect(page.get_by_text(f"本页网址：{assistant.address}/policies/laoshan-incubator")).to_be_visible()
    colours = page.locator("h1").evaluate(
        "(node) => [getComputedStyle(node).color, getComputedStyle(document.body).backgroundColor]"
    )
    assert sum(map(int, re.findall(r"\d+", colours[0])[:3])) < 150  # dark ink
    assert colours[1] in ("rgb(255, 255, 255)", "rgba(0, 0, 0, 0)")  # on paper
    picture(page, "policy-print", whole=True)


def test_pages_fit_the_smallest_phone(browse: Browse, assistant: Assistant, watch: Watch) -> None:
    watch.expect("404")
    page = browse(viewport={"width": 320, "height": 568}).new_page()
    for address in PAGES.values():
        page.goto(assistant.address + address)
        width = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert width[0] <= width[1], address


def test_pages_work_without_scripts(browse: Browse, assistant: Assistant, watch: Watch) -> None:
    watch.expect("404")
    page = browse(java_script_enabled=False).new_page()
    for address in PAGES.values():
        page.goto(assistant.address + address)
        expect(page.get_by_role("heading", level=1)).to_have_count(1)
    page.get_by_role("searchbox").fill("高新贷")
    page.get_by_role("button", name="搜索").click()
    expect(page.get_by_role("link", name=re.compile("高新贷")).first).to_be_visible()


def test_the_first_tab_leads_past_the_navigation(visit: Page) -> None:
    visit.keyboard.press("Tab")
    skip = visit.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    visit.keyboard.press("Enter")
    expect(visit.get_by_role("main")).to_be_focused()
