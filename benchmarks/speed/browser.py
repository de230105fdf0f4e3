"""What a turn takes in the browser, on our own page: from Enter to the frame in which the answer stands there."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.speed import assistants
from benchmarks.speed.figures import Spread, spread
from tests.browser import chromium
from tests.browser.test_speed import MEASURE, QUESTIONS
from tests.browser.widget import Widget


def browser(folder: Path, turns: int) -> Spread | None:
    """Milliseconds a turn in Chromium; None where there is none."""
    with sync_playwright() as playwright:
        path = chromium.find(playwright)
        if path is None:
            return None
        assistant = assistants.ours(folder, name="browser")
        try:
            assistant.first_answer()
            found = chromium.launch(playwright, path)
            try:
                page = found.new_page()
                page.goto(f"http://127.0.0.1:{assistant.port}/")
                chat = Widget(page)
                chat.answers.first.wait_for()  # the window on our page is open and greets
                chat.ask(QUESTIONS[0])
                times = []
                for turn in range(turns):
                    question = QUESTIONS[turn % len(QUESTIONS)]
                    times.append(float(page.evaluate(MEASURE, [question, chat.log.element_handle()])))
                    page.locator(".mine[data-state=sending]").wait_for(state="detached")
                return spread(times)
            finally:
                found.close()
        finally:
            assistant.stop()
