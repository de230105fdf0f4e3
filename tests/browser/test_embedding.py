"""Other sites: one tag embeds the widget, a foreign site gets nothing; the API of the page; clients that are not ours."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.embedding import Site
from tests.browser.watching import Watch
from tests.browser.widget import Widget

pytestmark = pytest.mark.agent

QUESTION = "崂山孵化器认定奖多少"


def test_one_tag_embeds_it_on_an_allowed_site(browse: Browse, allowed: Site, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(allowed.page(assistant.address, title="<b>政策</b>问答", position="left", theme="dark"))
    chat = Widget(page, "<b>政策</b>问答")
    chat.open()
    card = chat.ask(QUESTION)
    expect(card).to_contain_text("100 万元")
    expect(card.get_by_role("link", name="查看原记录")).to_have_attribute(
        "href", f"{assistant.address}/policies/laoshan-incubator"
    )
    box = chat.panel.bounding_box()
    assert box is not None
    assert box["x"] < 100
    assert page.evaluate("getComputedStyle(document.querySelector('policy-chat')).colorScheme") == "dark"


def test_a_foreign_site_cannot_connect(browse: Browse, foreign: Site, assistant: Assistant, watch: Watch) -> None:
    watch.expect("WebSocket connection", "CORS", "ERR_FAILED", "40[03]")
    page = browse().new_page()
    page.goto(foreign.page(assistant.address))
    chat = Widget(page)
    chat.launcher.click()
    # It says so where people look, not only in the console.
    expect(chat.banner).to_contain_text("许可")
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).not_to_have_attribute("data-state", "sent")
    expect(chat.answers).to_have_count(0)
    # Neither way is open to scripts of that page, whatever they try.
    tried = page.evaluate(
        """async (address) => {
             const post = { method: "POST", headers: { "Content-Type": "application/json" }, body: "{}" };
             const session = await fetch(`${address}/webhooks/web/session`, post).then((reply) => reply.json(), () => ({}));
             const { io } = await import(`${address}/widget/vendor/socket.io.esm.min.js`);
             const transports = ["websocket", "polling"];
             const socket = io(address, { transports, forceNew: true, tryAllTransports: true, reconnection: false });
             const said = await new Promise((resolve) => {
               socket.on("connect", () => resolve("connected"));
               socket.on("connect_error", () => resolve("refused"));
             });
             return [session.session_id || "refused", said];
           }""",
        assistant.address,
    )
    assert tried == ["refused", "refused"]


def test_the_page_can_drive_it(page: Page) -> None:
    chat = Widget(page)
    page.evaluate(
        """() => {
             window.heard = [];
             for (const name of ["open", "close", "ready", "message", "answer", "feedback", "error"])
               huiqi.on(name, (detail) => heard.push([name, detail]));
             window.off = huiqi.on("answer", () => heard.push(["again"]));
             document.addEventListener("huiqi:open", () => heard.push(["bubbled"]));
           }"""
    )
    page.evaluate("huiqi.open()")
    expect(chat.panel).to_be_visible()
    expect(chat.answers.first).to_be_visible()
    page.evaluate("off(); huiqi.send('崂山孵化器认定奖多少')")
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    chat.answers.nth(1).get_by_role("button", name="有帮助", exact=True).click()
    page.evaluate("huiqi.close()")
    expect(chat.panel).not_to_be_visible()
    names = page.evaluate("heard.map(([name]) => name)")
    for name in ("open", "bubbled", "ready", "message", "answer", "feedback", "close"):
        assert name in names, name
    assert "error" not in names
    assert names.index("open") < names.index("answer") < names.index("close")
    assert "崂山孵化器认定奖多少" in page.evaluate("JSON.stringify(heard.filter(([name]) => name === 'message'))")
    assert "100 万元" in page.evaluate("JSON.stringify(heard.filter(([name]) => name === 'answer'))")


def test_a_listener_that_was_taken_off_hears_nothing(chat: Widget) -> None:
    chat.page.evaluate("() => { window.heard = 0; window.off = huiqi.on('answer', () => { heard += 1; }); }")
    chat.ask(QUESTION)
    chat.page.evaluate("off()")
    chat.ask("找谁办")
    assert chat.page.evaluate("heard") == 1


def test_it_can_be_destroyed_and_made_again(page: Page) -> None:
    chat = Widget(page)
    chat.open()
    chat.ask(QUESTION)
    chat.memory()
    page.evaluate("huiqi.destroy(); huiqi.destroy()")
    expect(page.locator("policy-chat")).to_have_count(0)
    page.evaluate("document.body.append(document.createElement('policy-chat'))")
    page.evaluate("document.body.append(document.querySelector('policy-chat'))")  # moved: still one panel
    expect(chat.panel.or_(chat.launcher)).to_be_visible()
    page.evaluate("huiqi.open()")
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    expect(chat.ask("找谁办")).to_contain_text("崂山区")
    expect(chat.panel).to_have_count(1)


def test_the_tag_twice_is_harmless(browse: Browse, allowed: Site, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(allowed.page(assistant.address, twice=""))
    expect(page.locator("policy-chat")).to_have_count(1)
    chat = Widget(page)
    chat.open()
    expect(chat.ask(QUESTION)).to_contain_text("100 万元")


def test_english(browse: Browse, allowed: Site, assistant: Assistant) -> None:
    page = browse().new_page()
    page.goto(allowed.page(assistant.address, lang="en"))
    page.get_by_role("button", name="Open ").click()
    answers = page.get_by_role("log", name="Conversation").locator(".answer")
    expect(answers.first).to_be_visible()
    box = page.get_by_role("textbox", name="Your question")
    box.fill("How much is the Laoshan incubator award?")
    box.press("Enter")
    answer = answers.nth(1)
    expect(answer).to_contain_text("100 万元")
    expect(page.locator("policy-chat")).to_have_attribute("lang", "en")
    expect(answer).to_have_attribute("lang", "zh-CN")


def test_it_stays_open_and_closed_over_pages(page: Page) -> None:
    chat = Widget(page)
    chat.open()
    page.reload()
    expect(chat.panel).to_be_visible()
    page.get_by_role("button", name="关闭", exact=True).click()
    expect(chat.launcher).to_be_focused()
    page.reload()
    expect(chat.launcher).to_be_visible()
    expect(chat.panel).not_to_be_visible()


def test_a_stock_client_of_rasas_protocol_is_answered(browse: Browse, assistant: Assistant, watch: Watch) -> None:
    """It knows session_request, user_uttered and bot_uttered, and nothing of acknowledgements."""
    page = browse().new_page()
    watch.expect("favicon", "404")
    page.goto(f"{assistant.address}/webhooks/web")
    said = page.evaluate(
        """async (question) => {
             const { io } = await import("/widget/vendor/socket.io.esm.min.js");
             const socket = io();
             const once = (event) => new Promise((resolve) => socket.once(event, resolve));
             await once("connect");
             socket.emit("session_request", { session_id: null });
             const session_id = await once("session_confirm");
             socket.emit("user_uttered", { message: question, session_id });
             const first = await once("bot_uttered");
             socket.emit("user_uttered", { message: first.quick_replies[1].payload, session_id });
             const second = await once("bot_uttered");
             socket.disconnect();
             return [first, second];
           }""",
        QUESTION,
    )
    first, second = said
    assert "100 万元" in first["text"]
    assert [reply["title"] for reply in first["quick_replies"]] == ["申请条件", "找哪个部门", "怎么申请", "现在还有效吗"]
    assert all(reply["content_type"] == "text" and reply["payload"] for reply in first["quick_replies"])
    assert "12345" in second["text"]
