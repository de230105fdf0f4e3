"""All pages and kinds of answers, light and dark, desktop and phone: no axe violation, nothing cut off, a picture kept."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.watching import Watch
from tests.browser.widget import Widget, picture
from tests.browser.wire import Wire

pytestmark = pytest.mark.agent

AXE = (Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")
# Without preloading, which copies style sheets into the page against its CSP, and serves one experimental rule only.
RUN = """async ([scope, only]) => {
  const options = { preload: false, resultTypes: ["violations"], ...(only && { runOnly: only }) };
  const { violations } = await axe.run(scope || document, options);
  return violations.map(({ id, nodes }) =>
    `${id}: ${nodes.map((node) => `${node.target} ${node.failureSummary}`).join(" | ").slice(0, 400)}`);
}"""
# All that differs between light and dark; whatever else axe knows is looked for in light.
COLOURS = ["color-contrast", "link-in-text-block"]
SIZES = {"desktop": (1280, 800), "phone": (390, 844)}
SCHEMES = ("light", "dark")

PAGES = {
    "home": "/",
    "policies": "/policies",
    "search": "/policies?q=孵化器奖励&region=laoshan",
    "policy": "/policies/laoshan-incubator",
    "missing": "/policies/no-such-thing",
}


def survey(page: Page, name: str, *, whole: bool = False, scope: str | None = None) -> None:
    """Look at a page in every size and colour scheme."""
    page.evaluate(AXE)
    found: list[str] = []
    for size, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
            picture(page, f"{name}-{size}-{scheme}", whole=whole)
            found += [
                f"{size} {scheme} {violation}" for violation in page.evaluate(RUN, [scope, COLOURS if scheme == "dark" else None])
            ]
        wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
        assert wide[0] <= wide[1], f"{size}: it scrolls sideways"
    assert found == []


@pytest.mark.parametrize("name", PAGES)
def test_pages(browse: Browse, assistant: Assistant, watch: Watch, name: str) -> None:
    watch.expect("404")
    page = browse().new_page()
    page.goto(assistant.address + PAGES[name])
    if name == "home":
        expect(Widget(page).answers.first).to_be_visible()
    survey(page, f"page-{name}", whole=True)


ANSWERS = {
    "policy": ["崂山孵化器认定奖多少"],
    "calculation": ["上合人才年薪60万生活补贴多少"],
    "comparison": ["高新贷和企业上市补助有什么区别"],
    "list": ["崂山区有哪些政策"],
    "several": ["崂山孵化器认定奖多少？高新贷最高多少？"],
    "question": ["我们能申请什么政策"],
    "decline": ["今天天气怎么样", "qwer"],
}


@pytest.mark.parametrize("name", ANSWERS)
def test_answers(chat: Widget, name: str) -> None:
    for question in ANSWERS[name]:
        chat.ask(question)
    survey(chat.page, f"answer-{name}", scope="policy-chat")


def rated(chat: Widget) -> None:
    card = chat.ask("崂山孵化器认定奖多少")
    card.get_by_role("button", name="没帮助", exact=True).click()
    card.get_by_role("button", name="已过期").click()
    expect(card.get_by_text("谢谢")).to_be_visible()
    chat.log.evaluate("(log) => { log.scrollTop = log.scrollHeight; }")


def offline(chat: Widget) -> None:
    chat.page.context.set_offline(True)
    chat.box.fill("高新贷最高多少")
    chat.box.press("Enter")
    expect(chat.banner).to_contain_text("网络已断开")


STATES: dict[str, Callable[[Widget], Any]] = {"match": Widget.interview, "rated": rated, "offline": offline}


@pytest.mark.parametrize("name", STATES)
def test_states(chat: Widget, watch: Watch, name: str) -> None:
    watch.expect("ERR_INTERNET_DISCONNECTED", "WebSocket connection")
    STATES[name](chat)
    survey(chat.page, f"widget-{name}", scope="policy-chat")


def test_greeting_menu_and_questions(chat: Widget) -> None:
    survey(chat.page, "widget-greeting", scope="policy-chat")
    chat.menu.click()
    survey(chat.page, "widget-menu", scope="policy-chat")
    chat.page.get_by_role("menuitem", name="隐私说明").click()
    survey(chat.page, "widget-privacy", scope="policy-chat")
    chat.page.keyboard.press("Escape")
    chat.choose("清除对话")
    survey(chat.page, "widget-clear", scope="policy-chat")


def test_closed_and_unread(page: Page) -> None:
    survey(page, "widget-closed")
    page.evaluate("huiqi.send('高新贷最高多少'); huiqi.close()")
    expect(page).to_have_title("(1) 一个网站")
    survey(page, "widget-unread", scope="policy-chat")


def test_failed_and_typing(browse: Browse, home: str) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    page.goto(home)
    chat = Widget(page)
    chat.open()

    def refuse(data: list[Any]) -> list[Any] | None:
        if isinstance(data[0], dict) and "turn" in data[0]:
            return [{"ok": False, "status": 500, "error": "抱歉，系统出了点问题，暂时无法回答，请稍后再试。"}]
        return None if data[0] == "bot_uttered" else data

    wire.alter = refuse
    chat.box.fill("高新贷最高多少")
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "failed")
    wire.alter = lambda data: None
    chat.box.fill("崂山孵化器认定奖多少")
    chat.box.press("Enter")
    expect(chat.log.get_by_text("正在查找")).to_be_attached()
    survey(page, "widget-failed-typing", scope="policy-chat")
