"""Nothing that is said or sent is ever more than text."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

import pytest
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from tests.browser.assistant import Assistant
from tests.browser.conftest import Browse
from tests.browser.embedding import Site
from tests.browser.watching import Watch
from tests.browser.widget import Widget
from tests.browser.wire import Wire, block

pytestmark = pytest.mark.agent

QUESTION = "崂山孵化器认定奖多少"
PAYLOADS = [
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    '"><svg onload=alert(1)>',
    "javascript:alert(1)",
    "[点我](javascript:alert(1)) **粗** `x`",
    "<a href='javascript:alert(1)'>x</a>",
    "{{7*7}} ${alert(1)}",
    "</textarea></style><iframe srcdoc='<script>alert(1)</script>'>",
]
# One text that tries all of them at once.
HOSTILE = "恶意" + "".join(PAYLOADS)
# Elements and attributes that must not exist anywhere, not even inside shadow roots.
FIND = """() => {
  const found = [];
  const banned = ["SCRIPT", "IFRAME", "IMG", "OBJECT", "EMBED", "STYLE", "BASE", "META"];
  const visit = (root) => {
    for (const node of root.querySelectorAll("*")) {
      if (root !== document && banned.includes(node.tagName)) found.push(node.tagName);
      for (const { name, value } of node.attributes) {
        if (name.startsWith("on") || /^\\s*(javascript|data|vbscript):/i.test(value)) found.push(`${node.tagName} ${name}`);
      }
      if (node.tagName === "A" && !/^(https?|tel):/.test(node.href)) found.push(`A ${node.href}`);
      if (node.shadowRoot) visit(node.shadowRoot);
    }
  };
  visit(document);
  return found;
}"""


def guard(page: Page) -> list[str]:
    """The dialogs that open from now on."""
    opened: list[str] = []

    def note(dialog: Dialog) -> None:
        opened.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", note)
    return opened


def assert_inert(page: Page, dialogs: list[str]) -> None:
    assert page.evaluate(FIND) == []
    assert dialogs == []


def test_what_the_user_says_is_text(chat: Widget) -> None:
    dialogs = guard(chat.page)
    for payload in PAYLOADS:
        chat.ask(payload)
    assert chat.said() == PAYLOADS
    assert_inert(chat.page, dialogs)
    chat.page.reload()
    expect(chat.mine).to_have_count(len(PAYLOADS))
    assert chat.said() == PAYLOADS
    assert_inert(chat.page, dialogs)


def test_typed_commands_are_text(chat: Widget, assistant: Assistant) -> None:
    chat.ask(QUESTION)
    for typed in ("/restart", '/ask_amount{"policy": "gaoxin-gaoxindai"}'):
        expect(chat.ask(typed)).not_to_contain_text("500 万元")
    expect(chat.ask("找谁办")).to_contain_text("崂山区")  # nothing was reset
    assert chat.said()[1] == "/restart"
    assert not [event for event in assistant.events(chat.session()) if event["event"] == "restart"]


def test_the_pages_own_settings_are_text(browse: Browse, allowed: Site, assistant: Assistant) -> None:
    page = browse().new_page()
    dialogs = guard(page)
    settings = {"title": HOSTILE, "position": HOSTILE, "theme": HOSTILE, "lang": HOSTILE, "z-index": "1;background:url(x)"}
    page.goto(allowed.page(assistant.address, **settings))
    chat = Widget(page, HOSTILE)
    chat.open()
    expect(page.get_by_role("heading", name=HOSTILE, exact=True)).to_be_visible()
    assert_inert(page, dialogs)


def hostile_message(turn: str) -> dict[str, Any]:
    """An answer with every kind of block, hostile in every field that is shown, and wrong in those that are not."""
    text, policy = HOSTILE, "../../<img>"
    mark = {"verdict": text, "kind": text, "text": text}
    option = {"number": 1, "title": text, "figure": text, "text": text, "policy": policy, "question": text, "id": text}
    parts = dict.fromkeys(("figure", "name", "condition", "note", "terms", "rule"), text)
    sources = [{"id": id, "name": text} for id in (policy, "javascript:alert(1)")]
    blocks: list[dict[str, Any]] = [
        {"kind": "title", "text": text, "policy": policy, "region": text, "state": text},
        *({"kind": kind, "text": text} for kind in ("text", "status", "item", "note", "gap", "step")),
        {"kind": "result", "figure": text, "text": text},
        {"kind": "figure", "levels": [text], **parts},
        {"kind": "field", "name": text, "text": text},
        {"kind": "source", "text": f"来源：{text}", "policies": sources},
        {"kind": "row", "name": text, "cells": [{"label": text, "texts": [text]}, {"label": "乙", "texts": [text]}]},
        {"kind": "option", "fit": text, "marks": [mark], **option},
        {"kind": "option", "fit": "fits", "marks": [mark], **option},
        {"kind": "more", "text": text, "question": text, "id": text},
        {"kind": "topics", "groups": [{"name": text, "questions": [{"text": text, "id": text}]}]},
        {"kind": "break"},
        *({"kind": kind, "text": text} for kind in ("unheard-of", "constructor", "__proto__", "toString")),
    ]
    phones = ["12345", "javascript:alert(1)", text]
    custom = {"type": "policy", "policies": [{"id": policy, "name": text}], "blocks": blocks, "phones": phones}
    replies = [{"content_type": "text", "title": text, "payload": text, "id": text}]
    return {"id": f"{turn}.0", "turn": turn, "who": "bot", "at": 1, "text": text, "quick_replies": replies, "custom": custom}


def assert_shown_as_text(chat: Widget) -> None:
    answer = chat.answers.last
    expect(answer).to_contain_text(PAYLOADS[0])
    # The unknown kinds, too, are shown by their text; nothing is lost in between.
    shown = answer.inner_text().count(PAYLOADS[1])
    assert shown >= 25, shown
    assert "[object" not in answer.inner_text()


def test_a_hostile_answer_by_socket_is_text(browse: Browse, home: str) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    dialogs = guard(page)
    page.goto(home)
    chat = Widget(page)
    chat.open()
    wire.alter = lambda data: [data[0], hostile_message(data[1]["turn"])] if data[0] == "bot_uttered" else data
    chat.ask(QUESTION)
    assert_shown_as_text(chat)
    assert_inert(page, dialogs)
    # From the browser's memory, too.
    chat.memory()
    page.reload()
    expect(chat.mine).to_have_count(1)
    assert_inert(page, dialogs)


def test_a_hostile_answer_by_request_is_text(browse: Browse, home: str, watch: Watch) -> None:
    watch.expect(r"ERR_FAILED", r"socket\.io")
    context = browse()
    block(context)
    forge(context)
    page = context.new_page()
    dialogs = guard(page)
    page.goto(home)
    chat = Widget(page)
    chat.open()
    chat.ask(QUESTION)
    assert_shown_as_text(chat)
    assert_inert(page, dialogs)


def forge(context: BrowserContext) -> None:
    def fulfil(route: Route) -> None:
        sent = json.loads(route.request.post_data or "{}")
        body = {"ok": True, "turn": sent["id"], "messages": [hostile_message(sent["id"])]}
        route.fulfill(json=body, headers={"Access-Control-Allow-Origin": route.request.headers["origin"]})

    context.route("**/webhooks/web/message", fulfil)


def test_a_hostile_refusal_is_text(browse: Browse, home: str) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    dialogs = guard(page)
    page.goto(home)
    chat = Widget(page)
    chat.open()

    def refuse(data: list[Any]) -> list[Any] | None:
        if isinstance(data[0], dict) and "turn" in data[0]:
            return [{"ok": False, "status": 400, "error": HOSTILE}]
        return None if data[0] == "bot_uttered" else data

    wire.alter = refuse
    chat.box.fill(QUESTION)
    chat.box.press("Enter")
    expect(chat.mine).to_contain_text(PAYLOADS[1])
    assert_inert(page, dialogs)


INCOMPLETE: list[dict[str, Any]] = [
    {"custom": {"type": "policy", "blocks": None}},
    {"custom": {"type": "policy", "blocks": [{}, {"kind": None}, {"kind": "text"}]}},
    {"custom": {"blocks": [{"kind": kind} for kind in ("figure", "result", "step", "title", "field", "option")]}},
    {"custom": {"blocks": [{"kind": "row", "name": "x", "cells": []}, {"kind": "topics", "groups": []}]}},
    {"custom": None, "quick_replies": None},
    {"text": None, "custom": None},
]


def with_fields(fields: dict[str, Any]) -> Callable[[list[Any]], list[Any]]:
    """Puts fields of a message in place of its own."""
    return lambda data: [data[0], data[1] | fields] if data[0] == "bot_uttered" else data


def test_incomplete_answers_do_not_end_the_conversation(browse: Browse, home: str) -> None:
    context = browse()
    wire = Wire(context)
    page = context.new_page()
    page.goto(home)
    chat = Widget(page)
    chat.open()
    for number, message in enumerate(INCOMPLETE):
        wire.alter = with_fields(message)
        chat.box.fill(QUESTION)
        chat.box.press("Enter")
        expect(chat.mine).to_have_count(number + 1)
        expect(chat.mine.last).to_have_attribute("data-state", "sent")
    wire.alter = lambda data: data
    expect(chat.ask("高新贷最高多少")).to_contain_text("500 万元")


def test_a_long_text_is_counted_and_too_long_is_never_sent(chat: Widget) -> None:
    chat.box.fill("啊" * 3799)
    expect(chat.panel.get_by_text(re.compile("4000"))).not_to_be_visible()
    chat.box.fill("啊" * 3900)
    expect(chat.panel.get_by_text("3900 / 4000")).to_be_visible()
    chat.box.fill("啊" * 4001)
    chat.box.press("Enter")
    expect(chat.mine).to_have_count(0)
    expect(chat.box).not_to_have_value("")
    chat.box.fill("高新贷最高多少" + "啊" * 3993)
    chat.box.press("Enter")
    expect(chat.mine).to_have_attribute("data-state", "sent")


def test_what_stands_in_an_address_is_text(browse: Browse, assistant: Assistant, watch: Watch) -> None:
    watch.expect("404")
    page = browse().new_page()
    dialogs = guard(page)
    for address in ("/policies?q={}", "/policies?region={}", "/policies/{}", "/{}"):
        page.goto(assistant.address + address.format(quote(HOSTILE, safe="")))
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert page.locator("img[src=x]").count() == 0
        assert page.locator("script:not([src])").count() == 0
        assert dialogs == []
