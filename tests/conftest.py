"""What all tests share: the real policy book, and the day on which answers are given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from actions.knowledge import PolicyBook, Problem, check_book
from actions.knowledge.documents import Document
from actions.knowledge.loading import build_book

BOOK = Path(__file__).resolve().parents[1] / "data" / "policies"


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
