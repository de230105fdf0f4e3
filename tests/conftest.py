"""What all tests share: the real policy book, and the day on which answers are given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge import PolicyBook, Problem, check_book
from actions.knowledge.documents import Document
from actions.knowledge.loading import build_book

BOOK = Path(__file__).resolve().parents[1] / "data" / "policies"
# Third-party modules that warn while they are imported. pyproject.toml silences them; but what Rasa imports sets the
# filters back meanwhile.
WARNING_IMPORTS = ("apscheduler/", "matplotlib/fontconfig_pattern.py", "pkg_resources/", "tensorflow/lite/")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: Any) -> Iterator[None]:
    """Leave those warnings out of the summary; every other one is shown."""
    shown = terminalreporter.stats.get("warnings", [])
    shown[:] = [warning for warning in shown if not any(name in str(warning.fslocation) for name in WARNING_IMPORTS)]
    return (yield)


Checked = tuple[list[Problem], list[Document]]


@pytest.fixture(scope="session")
def checked() -> Checked:
    """What the check of the real book found, and its documents."""
    return check_book(BOOK)


@pytest.fixture(scope="session")
def book(checked: Checked) -> PolicyBook:
    """The real book, loaded once."""
    problems, documents = checked
    assert not [problem for problem in problems if not problem.warning]
    return build_book(documents[0].value, [document.value for document in documents[1:]])


@pytest.fixture(scope="session")
def today() -> date:
    """The day of the replies in the tests."""
    return date(2026, 11, 22)
