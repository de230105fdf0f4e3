"""Asking: by typing, by buttons, by keyboard; what waits, what is kept, what is deleted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.widget import Widget
from tests.browser.wire import Wire, is_answer

pytestmark = pytest.mark.agent

QUESTION = "崂山孵化器认定奖多少"


def test_asking_by_typing(chat: Widget, assistant: Assistant) -> None:
    answer = chat.ask(QUESTION)
    expect(answer).to_contain_text("100 万元")
    expect(answer).to_have_attribute("data-id", re.compile(r".+\.0"))
    assert chat.said() == [QUESTION]
    expect(chat.box).to_have_value("")
    assert assistant.said(chat.session()) == [QUESTION]


def test_asking_by_buttons(chat: Widget, assistant: Assistant) -> None:
    first = chat.ask(QUESTION)
    button = first.get_by_role("button", name="找哪个部门")
    answer = chat.press(button)
    expect(answer).to_contain_text("12345")
    assert chat.said() == [QUESTION, "找哪个部门"]
    assert assistant.said(chat.session()) == [QUESTION, "找哪个部门"]
    # What was asked below an answer is not asked twice.
    expect(button).to_be_disabled()
    expect(first.get_by_role("button", name="申请条件")).to_be_disabled()


def test_the_send_button_sends_and_empty_text_is_never_sent(chat: Widget) -> None:
    chat.send.click()
    chat.box.fill("  \n ")
    chat.box.press("Enter")
    expect(chat.mine).to_have_count(0)
    chat.box.fill(QUESTION)
    chat.send.click()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")


def test_the_greeting_offers_questions_by_topic(chat: Widget) -> None:
    greeting = chat.answers.first
    expect(greeting.get_by_role("heading", name="高新技术企业")).to_be_visible()
    answer = chat.press(greeting.get_by_role("button", name="崂山区首次认定高新技术企业奖多少？"))
    expect(answer).to_contain_text("30 万元")
    expect(chat.answers).to_have_count(2)


def test_the_match_interview_by_buttons(chat: Widget) -> None:
    result = chat.interview()
    expect(result).to_have_attribute("data-type", "match")
    expect(result.get_by_text(re.compile("^(符合|可能符合|不符合)$")).first).to_be_visible()
    # An entry leads to its policy.
    entry = result.locator("ol li").get_by_role("button").first
    expect(chat.press(entry)).to_have_attribute("data-type", "policy")


def test_typing_shows_until_the_answer_is_there(browse: Browse, home: str) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    page.goto(home)
    chat = Widget(page)
    chat.open()
    wire.alter = lambda data: None if is_answer(data) else data
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    typing = chat.log.get_by_text("正在查找")
    expect(typing).to_be_attached()
    expect(chat.mine.last).to_have_attribute("data-state", "sending")
    wire.release()
    expect(chat.answers.last).to_contain_text("100 万元")
    expect(typing).not_to_be_attached()


def test_reload_keeps_conversation_and_draft(chat: Widget) -> None:
    chat.ask(QUESTION)
    before = chat.log.inner_text()
    chat.box.fill("还没有问完的")
    chat.memory()
    chat.page.reload()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")  # it was open and is again
    expect(chat.box).to_have_value("还没有问完的")
    expect(chat.ask("找谁办")).to_contain_text("崂山区")
    assert chat.said() == [QUESTION, "找谁办"]
    expect(chat.answers).to_have_count(3)
    assert chat.log.inner_text().startswith(before.split("\n")[0])


def test_reload_shows_what_only_the_server_remembers(chat: Widget) -> None:
    chat.ask(QUESTION)
    session = chat.session()
    chat.page.add_init_script(
        """for (const key of Object.keys(localStorage)) {
             const kept = JSON.parse(localStorage[key]);
             localStorage[key] = JSON.stringify({...kept, messages: []});
           }"""
    )
    chat.page.reload()
    expect(chat.answers.nth(1)).to_contain_text("100 万元")
    assert chat.said() == [QUESTION]
    assert chat.session() == session


def test_clearing_deletes_the_conversation_here_and_there(chat: Widget, assistant: Assistant) -> None:
    chat.ask(QUESTION)
    session = chat.session()
    assert assistant.events(session)
    chat.choose("清除对话")
    # It asks first, in the panel.
    question = chat.page.get_by_role("alertdialog")
    question.get_by_role("button", name="取消").click()
    expect(chat.mine).to_have_count(1)
    chat.choose("清除对话")
    question.get_by_role("button", name="清除", exact=True).click()
    expect(chat.mine).to_have_count(0)
    assert assistant.events(session) == []
    expect(chat.answers).to_have_count(1)  # a new conversation says hello
    assert chat.session() != session
    assert QUESTION not in chat.page.evaluate("JSON.stringify([localStorage, sessionStorage])")


def test_asking_for_a_person(chat: Widget) -> None:
    before = chat.answers.count()
    chat.choose("转人工")
    answer = chat.answers.nth(before)
    expect(answer).to_contain_text("12345")
    expect(answer.get_by_role("link", name="12345").first).to_have_attribute("href", "tel:12345")
    assert chat.said() == ["转人工"]


def test_a_person_is_offered_after_two_answers_that_did_not_help(chat: Widget) -> None:
    offer = chat.log.get_by_role("button", name="转人工")
    chat.ask("今天天气怎么样")
    expect(offer).to_have_count(0)
    chat.ask("qwer")
    expect(chat.press(offer)).to_contain_text("12345")


def test_privacy_is_told(chat: Widget) -> None:
    chat.choose("隐私说明")
    told = chat.page.get_by_text("请不要填写身份证号、银行账号等个人信息；")
    expect(told).to_be_visible()
    expect(told).to_contain_text("对话保存在本系统的服务器上")
    chat.page.keyboard.press("Escape")
    expect(told).not_to_be_visible()
    expect(chat.panel).to_be_visible()
    expect(chat.menu).to_be_focused()


def test_unread_answers_are_counted(chat: Widget) -> None:
    title = chat.page.title()
    chat.page.evaluate("huiqi.send('崂山孵化器认定奖多少'); huiqi.close()")
    expect(chat.launcher).to_be_visible()
    expect(chat.launcher).to_have_accessible_name(re.compile("1 条未读"))
    expect(chat.page).to_have_title(f"(1) {title}")
    chat.launcher.click()
    expect(chat.answers.last).to_contain_text("100 万元")
    expect(chat.page).to_have_title(title)


def test_two_tabs_share_a_conversation(browse: Browse, home: str, assistant: Assistant) -> None:
    context = browse()
    pages: list[Page] = [context.new_page(), context.new_page()]
    chats = [Widget(page) for page in pages]
    for page, chat in zip(pages, chats, strict=True):
        page.goto(home)
        chat.open()
        chat.memory()
    a, b = chats
    assert a.session() == b.session()
    a.ask(QUESTION)
    expect(b.answers.last).to_contain_text("100 万元")
    assert b.said() == [QUESTION]
    b.ask("找谁办")
    expect(a.answers.last).to_contain_text("崂山区")
    assert a.said() == [QUESTION, "找谁办"]
    assert assistant.said(a.session()) == [QUESTION, "找谁办"]
    old = a.session()
    pages[0].bring_to_front()  # a page behind another hardly moves
    a.choose("清除对话")
    pages[0].get_by_role("alertdialog").get_by_role("button", name="清除", exact=True).click()
    for chat in chats:
        expect(chat.mine).to_have_count(0)
        expect(chat.answers).to_have_count(1)
    b.ask("高新贷最高多少")
    expect(a.answers.last).to_contain_text("500 万元")  # they share the new one, too
    assert a.session() == b.session() != old
