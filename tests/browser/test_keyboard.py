"""With the keyboard alone, with an input method, with a screen reader's names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Browse
from tests.browser.widget import Widget

pytestmark = pytest.mark.agent

QUESTION = "崂山孵化器认定奖多少"


def tab_to(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab until something has the focus."""
    for _ in range(60):
        if target.evaluate("(node) => node.getRootNode().activeElement === node"):
            return
        page.keyboard.press(key)
    raise AssertionError(f"{target} cannot be reached with {key}")


def test_a_whole_conversation_without_a_mouse(page: Page) -> None:
    chat = Widget(page)
    tab_to(page, chat.launcher)
    page.keyboard.press("Enter")
    expect(chat.box).to_be_focused()
    expect(chat.answers.first).to_be_visible()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    card = chat.answers.nth(1)
    expect(card).to_contain_text("100 万元")
    expect(chat.box).to_be_focused()
    tab_to(page, card.get_by_role("button", name="找哪个部门"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(chat.answers.nth(2)).to_contain_text("12345")
    tab_to(page, card.get_by_role("button", name="没帮助", exact=True), "Shift+Tab")
    page.keyboard.press("Space")
    tab_to(page, card.get_by_role("button", name="已过期"))
    page.keyboard.press("Space")
    expect(card.get_by_text("谢谢")).to_be_visible()
    page.keyboard.press("Escape")
    expect(chat.panel).not_to_be_visible()
    expect(chat.launcher).to_be_focused()


def test_the_focus_is_not_lost_when_a_button_is_used_up(chat: Widget) -> None:
    card = chat.ask(QUESTION)
    button = card.get_by_role("button", name="找哪个部门")
    button.focus()
    chat.page.keyboard.press("Enter")
    expect(button).to_be_disabled()
    # It stays inside the panel, so that the next Tab goes on from there.
    inside = "document.activeElement === document.querySelector('policy-chat')"
    assert chat.page.evaluate(inside)


def test_the_menu_by_keyboard(chat: Widget) -> None:
    page = chat.page
    tab_to(page, chat.menu, "Shift+Tab")
    page.keyboard.press("Enter")
    items = page.get_by_role("menuitem")
    assert items.all_text_contents() == ["转人工", "清除对话", "隐私说明"]
    expect(items.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(items.nth(2)).to_be_focused()
    page.keyboard.press("Escape")
    expect(items.first).not_to_be_visible()
    expect(chat.menu).to_be_focused()
    expect(chat.panel).to_be_visible()
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    question = page.get_by_role("alertdialog")
    expect(question).to_be_visible()
    # What loses nothing has the focus.
    expect(question.get_by_role("button", name="取消")).to_be_focused()
    page.keyboard.press("Escape")
    expect(question).not_to_be_visible()
    expect(chat.menu).to_be_focused()


def test_shift_enter_makes_a_line(chat: Widget) -> None:
    chat.box.press_sequentially("高新贷")
    chat.box.press("Shift+Enter")
    chat.box.press_sequentially("最高多少")
    expect(chat.box).to_have_value("高新贷\n最高多少")
    expect(chat.mine).to_have_count(0)
    chat.box.press("Enter")
    expect(chat.answers.nth(1)).to_contain_text("500 万元")


def test_enter_of_an_input_method_sends_nothing(chat: Widget) -> None:
    chat.box.fill("gaoxindai")
    press = """(box, init) => box.dispatchEvent(
      new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, composed: true, ...init }))"""
    chat.box.evaluate("(box) => box.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}))")
    chat.box.evaluate(press, {"isComposing": True, "keyCode": 229})
    chat.box.evaluate(press, {"isComposing": True})
    chat.box.evaluate("(box) => box.dispatchEvent(new CompositionEvent('compositionend', {bubbles: true, data: '高新贷'}))")
    chat.box.evaluate(press, {"keyCode": 229})  # Safari: the composition has ended already
    expect(chat.mine).to_have_count(0)
    expect(chat.box).to_have_value("gaoxindai")
    chat.box.fill("高新贷最高多少")
    chat.box.press("Enter")
    expect(chat.answers.nth(1)).to_contain_text("500 万元")


def test_a_real_input_method_sends_only_whole_words(chat: Widget) -> None:
    """Chromium's own composition, as an input method drives it."""
    client = chat.page.context.new_cdp_session(chat.page)
    chat.box.focus()
    client.send("Input.imeSetComposition", {"text": "gao xin", "selectionStart": 7, "selectionEnd": 7})
    client.send("Input.dispatchKeyEvent", {"type": "rawKeyDown", "windowsVirtualKeyCode": 229, "key": "Enter", "code": "Enter"})
    expect(chat.mine).to_have_count(0)
    client.send("Input.insertText", {"text": "高新贷最高多少"})
    expect(chat.box).to_have_value("高新贷最高多少")
    chat.box.press("Enter")
    expect(chat.answers.nth(1)).to_contain_text("500 万元")


def test_names_and_roles_for_a_screen_reader(chat: Widget) -> None:
    chat.ask(QUESTION)
    expect(chat.page.locator("policy-chat")).to_have_attribute("lang", "zh-CN")
    # One live region for the conversation, and the banner's own.
    live = chat.panel.locator("[aria-live], [role=log], [role=alert], [role=status]")
    assert live.evaluate_all("(nodes) => nodes.map((node) => node.getAttribute('role'))").count("log") == 1
    assert live.count() <= 2
    expect(chat.mine.last).to_contain_text("您：")
    expect(chat.answers.last).to_contain_text("惠企问答：")
    expect(chat.panel).not_to_have_attribute("aria-modal", "true")


def test_on_a_phone_it_is_full_screen_and_keeps_the_focus(browse: Browse, home: str) -> None:
    page = browse(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, device_scale_factor=2).new_page()
    page.goto(home)
    chat = Widget(page)
    chat.launcher.tap()
    expect(chat.answers.first).to_be_visible()
    box = chat.panel.bounding_box()
    assert box is not None
    assert [round(box[side]) for side in ("x", "y", "width", "height")] == [0, 0, 390, 844]
    expect(chat.panel).to_have_attribute("aria-modal", "true")
    assert chat.box.evaluate("(node) => parseFloat(getComputedStyle(node).fontSize)") >= 16
    link = page.get_by_role("link", name="链接", include_hidden=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        assert not link.evaluate("(node) => document.activeElement === node")
    small = chat.panel.locator("button:visible").evaluate_all(
        "(nodes) => nodes.map((node) => node.getBoundingClientRect()).filter((box) => box.width < 24 || box.height < 24).length"
    )
    assert small == 0


def test_reduced_motion_is_respected(browse: Browse, home: str) -> None:
    page = browse(reduced_motion="reduce").new_page()
    page.goto(home)
    chat = Widget(page)
    # Every animation that is ever started, also those that end soon.
    page.evaluate(
        """() => {
             window.moved = [];
             const roots = () => [document, document.querySelector("policy-chat").shadowRoot];
             const watch = () => {
               const running = roots().flatMap((root) => root.getAnimations());
               moved.push(...running.map((each) => each.animationName || each.transitionProperty));
               requestAnimationFrame(watch);
             };
             watch();
           }"""
    )
    chat.open()
    chat.ask(QUESTION)
    chat.menu.hover()
    assert set(page.evaluate("moved")) == set()


def test_the_theme_attribute_goes_before_the_system(chat: Widget) -> None:
    for theme, system in (("light", "dark"), ("dark", "light")):
        chat.page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
        chat.page.evaluate("(theme) => document.querySelector('policy-chat').setAttribute('theme', theme)", theme)
        background = chat.panel.evaluate("(node) => getComputedStyle(node).backgroundColor")
        numbers = [int(number) for number in re.findall(r"\d+", background)[:3]]
        assert (sum(numbers) < 200) == (theme == "dark"), background


def test_tokens_of_the_page_colour_the_widget(chat: Widget) -> None:
    chat.page.evaluate("document.querySelector('policy-chat').style.setProperty('--huiqi-accent', 'rgb(1, 99, 2)')")
    chat.ask(QUESTION)
    assert chat.mine.last.locator(".said").evaluate("(node) => getComputedStyle(node).backgroundColor") == "rgb(1, 99, 2)"
