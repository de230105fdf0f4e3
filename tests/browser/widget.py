"""The widget as people use it: its parts by role and name, and what one does with it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

PICTURES = Path(__file__).resolve().parents[2] / "build" / "browser"


class Widget:
    """The widget in a page. An answer is waited for until its turn has ended."""

    def __init__(self, page: Page, name: str = "惠企问答"):
        self.page = page
        self.launcher = page.get_by_role("button", name=f"打开{name}")
        self.panel = page.get_by_role("dialog", name=name, exact=True).or_(page.get_by_role("region", name=name, exact=True))
        self.log = page.get_by_role("log", name="对话")
        self.box = page.get_by_role("textbox", name="您的问题")
        self.send = page.get_by_role("button", name="发送", exact=True)
        self.menu = page.get_by_role("button", name="更多操作")
        self.banner = self.panel.get_by_role("status")
        self.answers = self.log.locator(".answer")
        self.mine = self.log.locator(".mine")

    def open(self) -> None:
        """Open it and wait until it has said something."""
        self.launcher.click()
        expect(self.answers.first).to_be_visible()

    def ask(self, text: str) -> Locator:
        """Type a question; the first message of its answer."""
        before = self._before()
        self.box.fill(text)
        self.box.press("Enter")
        return self._answered(before)

    def press(self, button: Locator) -> Locator:
        """Press a button that asks something; the first message of the answer."""
        before = self._before()
        button.click()
        return self._answered(before)

    def interview(self) -> Locator:
        """Ask what can be applied for and answer its questions by buttons; the result."""
        self.ask("我们能申请什么政策")
        for _ in range(12):  # it asks far fewer questions
            last = self.answers.last
            if last.get_attribute("data-type") != "question":
                break
            replies = last.locator(".replies").get_by_role("button")
            names = replies.all_text_contents()
            self.press(replies.nth(next((names.index(name) for name in ("崂山区", "是") if name in names), 0)))
        return self.answers.last

    def choose(self, item: str) -> None:
        """Choose from the menu."""
        self.menu.click()
        self.page.get_by_role("menuitem", name=item).click()

    def said(self) -> list[str]:
        """The user's messages as shown."""
        return self.mine.locator(".said").all_text_contents()

    def session(self) -> str:
        """The conversation's id, as the browser has kept it."""
        return str(self.memory()["session"])

    def memory(self) -> dict[str, Any]:
        """What this page's local storage has of the conversation."""
        find = "Object.keys(localStorage).filter((key) => /^huiqi:http/.test(key)).map((key) => localStorage[key])"
        # It is written a moment after a change.
        self.page.wait_for_function(f"() => ({find}).some((kept) => JSON.parse(kept).session)")
        found: dict[str, Any] = json.loads(self.page.evaluate(find)[0])
        return found

    def _before(self) -> tuple[int, int]:
        return self.mine.count(), self.answers.count()

    def _answered(self, before: tuple[int, int]) -> Locator:
        mine, answers = before
        expect(self.mine).to_have_count(mine + 1)
        expect(self.mine.nth(mine)).to_have_attribute("data-state", "sent")
        answer = self.answers.nth(answers)
        expect(answer).to_be_visible()
        return answer


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Keep what a page looks like in build/browser."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    # Hiding the caret would need a style sheet in the page, which its CSP forbids.
    page.screenshot(path=PICTURES / f"{name}.png", full_page=whole, caret="initial")
