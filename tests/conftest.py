"""What all tests share: the real policy book, and the day on which answers are given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from actions.knowledge import PolicyBook, load_book

BOOK = Path(__file__).resolve().parents[1] / "data" / "policies"


@pytest.fixture(scope="session")
def book() -> PolicyBook:
    """The real book, loaded once."""
    return load_book(BOOK)


@pytest.fixture(scope="session")
def today() -> date:
    """The day of the replies in the tests."""
    return date(2026, 11, 22)
