"""What goes wrong between widget and assistant, and that nothing is lost or said twice."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.watching import Watch
from tests.browser.widget import Widget
from tests.browser.wire import Wire, block, is_answer

pytestmark = pytest.mark.agent

QUESTION = "崂山孵化器认定奖多少"
# What Chromium itself says of a server that is away.
AWAY = (
    "ERR_CONNECTION_(REFUSED|RESET)",
    "ERR_INTERNET_DISCONNECTED",
    "ERR_FAILED",
    "ERR_EMPTY_RESPONSE",
    "WebSocket connection to",
)


def opened(context: BrowserContext, home: str) -> Widget:
    page = context.new_page()
    page.goto(home)
    chat = Widget(page)
    chat.open()
    return chat


def test_offline_and_back(chat: Widget, assistant: Assistant, watch: Watch) -> None:
    watch.expect(*AWAY)
    context = chat.page.context
    session = chat.session()
    context.set_offline(True)
    expect(chat.banner).to_contain_text("网络已断开")
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "sending")
    assert assistant.said(session) == []
    context.set_offline(False)
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    expect(chat.mine).to_have_attribute("data-state", "sent")
    expect(chat.banner).not_to_contain_text("网络已断开")
    assert assistant.said(session) == [QUESTION]
    assert chat.session() == session


def test_what_is_unsent_survives_a_reload(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    wire = Wire(context)
    chat = opened(context, home)
    session = chat.session()
    # The question arrives, but nothing of it comes back before the page is left.
    wire.alter = lambda data: None if is_answer(data) else data
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "sending")
    wire.cut()
    chat.page.reload()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    expect(chat.mine).to_have_count(1)
    expect(chat.mine).to_have_attribute("data-state", "sent")
    assert assistant.said(session) == [QUESTION]


def test_a_lost_answer_comes_again_without_a_second_turn(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    wire = Wire(context)
    chat = opened(context, home)
    wire.alter = lambda data: None if is_answer(data) else data
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    chat.page.wait_for_function("() => performance.getEntriesByName('huiqi:send').length === 1")
    expect(chat.log.get_by_text("正在查找")).to_be_attached()
    wire.cut()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    expect(chat.mine).to_have_attribute("data-state", "sent")
    expect(chat.answers).to_have_count(2)
    sent = [data for data in wire.sent if data[0] == "user_uttered"]
    assert len(sent) == 2
    assert sent[0][1]["id"] == sent[1][1]["id"]
    assert sent[1][1]["retry"] is True
    assert assistant.said(chat.session()) == [QUESTION]


def test_the_same_id_twice_makes_one_turn(chat: Widget, assistant: Assistant) -> None:
    heard = chat.page.evaluate(
        """async ([address, message]) => {
             const { io } = await import(`${address}/widget/vendor/socket.io.esm.min.js`);
             const socket = io(address, { transports: ["websocket"], forceNew: true });
             const heard = [];
             socket.on("bot_uttered", (answer) => heard.push(answer.id));
             const { session_id } = await socket.emitWithAck("session_request", {});
             const data = { message, id: "one-and-the-same-id" };
             await Promise.all([1, 2, 3].map(() => socket.emitWithAck("user_uttered", data)));
             socket.disconnect();
             return [session_id, heard];
           }""",
        [assistant.address, QUESTION],
    )
    session, ids = heard
    assert ids == ["one-and-the-same-id.0"] * 3
    assert assistant.said(session) == [QUESTION]


def test_without_sockets_it_speaks_by_requests(browse: Browse, home: str, assistant: Assistant, watch: Watch) -> None:
    watch.expect(r"ERR_FAILED", r"socket\.io", r"WebSocket")
    context = browse()
    block(context)
    chat = opened(context, home)
    with chat.page.expect_request("**/webhooks/web/message"):
        card = chat.ask(QUESTION)
    expect(card).to_contain_text("100 万元")
    expect(chat.banner).to_have_text("")
    expect(chat.press(card.get_by_role("button", name="找哪个部门"))).to_contain_text("12345")
    card.get_by_role("button", name="有帮助", exact=True).click()
    expect(card.get_by_text("谢谢")).to_be_visible()
    assert assistant.said(chat.session()) == [QUESTION, "找哪个部门"]


def refusal(status: int, error: str, **more: Any) -> Any:
    """Turns acknowledgements of questions into a refusal, and swallows their answers."""

    def alter(data: list[Any]) -> list[Any] | None:
        if isinstance(data[0], dict) and "turn" in data[0]:
            return [{"ok": False, "status": status, "error": error, **more}]
        return None if data[0] in ("bot_typing", "bot_uttered", "turn_end") else data

    return alter


def test_an_error_is_told_at_the_message_and_can_be_retried(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    wire = Wire(context)
    chat = opened(context, home)
    wire.alter = refusal(500, "抱歉，系统出了点问题，暂时无法回答，请稍后再试。")
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "failed")
    expect(chat.mine).to_contain_text("系统出了点问题")
    wire.alter = lambda data: data
    chat.mine.get_by_role("button", name="重试").click()
    expect(chat.mine).to_have_attribute("data-state", "sent")
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    assert assistant.said(chat.session()) == [QUESTION]


def test_too_fast_is_told_and_tried_again_by_itself(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    wire = Wire(context)
    chat = opened(context, home)
    wire.alter = refusal(429, "消息太频繁，请稍等几秒再发。", retry_after=0.6)
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_contain_text("消息太频繁")
    wire.alter = lambda data: data
    expect(chat.mine).to_have_attribute("data-state", "sent")
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    assert assistant.said(chat.session()) == [QUESTION]


def test_a_turn_without_an_end_fails_after_fifteen_seconds(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    page.clock.install()
    page.goto(home)
    chat = Widget(page)
    chat.open()
    wire.alter = lambda data: None if is_answer(data) else data
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "sending")
    page.clock.run_for(15_500)
    expect(chat.mine).to_have_attribute("data-state", "failed")
    expect(chat.mine).to_contain_text("发送失败")
    expect(chat.mine.get_by_role("button", name="重试")).to_be_visible()
    # The answer that comes too late is shown all the same.
    wire.release()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    expect(chat.mine).to_have_attribute("data-state", "sent")
    assert assistant.said(chat.session()) == [QUESTION]


def test_it_works_where_storage_is_blocked(browse: Browse, home: str) -> None:
    context = browse()
    context.add_init_script(
        """for (const name of ["localStorage", "sessionStorage"])
             Object.defineProperty(window, name, { get() { throw new DOMException("blocked", "SecurityError"); } });"""
    )
    chat = opened(context, home)
    expect(chat.ask(QUESTION)).to_contain_text("100 万元")
    expect(chat.ask("找谁办")).to_contain_text("崂山区")


def test_a_session_the_server_does_not_know_is_replaced(chat: Widget) -> None:
    old = chat.session()
    chat.ask(QUESTION)
    invented = "web-" + "a" * 32
    chat.page.add_init_script(
        f"for (const key of Object.keys(localStorage)) localStorage[key] = localStorage[key].replace('{old}', '{invented}')"
    )
    chat.page.reload()
    expect(chat.answers).to_have_count(1)  # a new greeting alone
    expect(chat.mine).to_have_count(0)
    expect(chat.ask("高新贷最高多少")).to_contain_text("500 万元")
    assert chat.session() not in (old, invented)


def test_a_restart_of_the_server_loses_nothing(chat: Widget, assistant: Assistant, watch: Watch) -> None:
    watch.expect(*AWAY)
    chat.ask("高新贷最高多少")
    chat.ask(QUESTION)
    session = chat.session()
    assistant.stop()
    expect(chat.banner).to_contain_text("正在重新连接")
    chat.box.fill("找谁办")
    chat.box.press("Enter")
    expect(chat.mine.last).to_have_attribute("data-state", "sending")
    assistant.start()
    expect(chat.mine.last).to_have_attribute("data-state", "sent", timeout=20_000)
    expect(chat.banner).to_have_text("")
    # The conversation goes on where it was: the same policy is meant.
    expect(chat.answers).to_have_count(4)
    expect(chat.answers.last).to_contain_text("崂山区")
    assert chat.said() == ["高新贷最高多少", QUESTION, "找谁办"]
    assert assistant.said(session) == ["高新贷最高多少", QUESTION, "找谁办"]
    # A button from before still asks its question.
    chat.page.reload()
    expect(chat.mine).to_have_count(3)
    assert chat.session() == session
    expect(chat.ask("市级的呢")).to_contain_text("30 万元")
