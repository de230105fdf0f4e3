"""The book in use: loaded once, taken anew when a file of it changes."""

from __future__ import annotations

import logging
import os
import threading
import time
from pathlib import Path

from actions.knowledge.book import PolicyBook
from actions.knowledge.documents import BookError
from actions.knowledge.loading import book_files, load_book

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0


def default_folder() -> Path:
    """Where the book lies: $HUIQI_BOOK, else data/policies of the project."""
    named = os.environ.get("HUIQI_BOOK")
    return Path(named) if named else Path(__file__).resolve().parents[2] / "data" / "policies"


class BookStore:
    """Gives the current book. A file that becomes faulty while in use leaves the last good book in place."""

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock = threading.Lock()
        self._stamp = self._stamp_now()
        self._checked = time.monotonic()
        self._book = load_book(folder)

    def current(self) -> PolicyBook:
        """The book as its files stand now (looked at once a second at most)."""
        if time.monotonic() - self._checked < CHECK_SECONDS:
            return self._book
        with self._lock:
            self._checked = time.monotonic()
            stamp = self._stamp_now()
            if stamp != self._stamp:
                self._stamp = stamp
                try:
                    self._book = load_book(self.folder)
                    logger.info("policy book reloaded: %d policies", len(self._book.policies))
                except BookError as error:
                    logger.error("policy book not reloaded, the last good one stays in use:\n%s", error)
        return self._book

    def _stamp_now(self) -> tuple[tuple[str, int, int], ...]:
        if not self.folder.is_dir():
            return ()
        stats = ((path.name, path.stat()) for path in book_files(self.folder))
        return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


_stores: dict[Path, BookStore] = {}
_stores_lock = threading.Lock()


def store(folder: Path | None = None) -> BookStore:
    """The one store of a folder in this process. Raises BookError when its book is faulty at first sight."""
    folder = (folder or default_folder()).resolve()
    with _stores_lock:
        if folder not in _stores:
            _stores[folder] = BookStore(folder)
        return _stores[folder]
