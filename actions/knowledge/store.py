"""The book in use: loaded once, taken anew when a file of it changes."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from actions.knowledge import compiled
from actions.knowledge.book import PolicyBook
from actions.knowledge.documents import BookError, Problem
from actions.knowledge.loading import is_book_file

logger = logging.getLogger(__name__)

CHECK_SECONDS = 1.0
# Of so many bytes (about 1,500 policies) a book is compiled by another process: as a thread it would slow all answers down.
LARGE = 5_000_000

OWN = Path(__file__).resolve().parents[2] / "data" / "policies"

Stamp = tuple[tuple[str, int, int], ...]


def default_folder() -> Path:
    """Where the book lies: $HUIQI_BOOK, else data/policies of the project."""
    named = os.environ.get("HUIQI_BOOK")
    return Path(named) if named else OWN


def stamp(folder: Path) -> Stamp:
    """Name, time (ns) and size (bytes) of every file of a book: other when one of them was saved."""
    try:
        with os.scandir(folder) as entries:
            stats = [(entry.name, entry.stat()) for entry in entries if is_book_file(entry.name)]
    except OSError:  # no folder, or a file that went away meanwhile
        return ()
    return tuple(sorted((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats))


class BookStore:
    """Gives the current book. While a changed one is read, the old one answers.

    A file that becomes faulty while in use leaves the last good book in place.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._lock = threading.Lock()
        self._taking: threading.Thread | None = None
        self._stamp = stamp(folder)
        self._checked = time.monotonic()
        self._book = self._load()[0]

    def current(self) -> PolicyBook:
        """The book as its files stand now (looked at once a second at most)."""
        if time.monotonic() - self._checked >= CHECK_SECONDS and self._lock.acquire(blocking=False):
            try:
                self._look()
            finally:
                self._lock.release()
        return self._book

    def reload(self) -> list[Problem]:
        """Take the files as they stand now, and return the warnings about them.

        Raises BookError when they are faulty; the last good book stays in use.
        """
        with self._lock:
            self._stamp = stamp(self.folder)
            self._book, warnings = self._load()
        return warnings

    def _look(self) -> None:
        self._checked = time.monotonic()
        now = stamp(self.folder)
        if now == self._stamp or (self._taking and self._taking.is_alive()):
            return
        self._stamp = now
        self._taking = threading.Thread(target=self._take, args=(now,), name="policy book", daemon=True)
        self._taking.start()

    def _take(self, files: Stamp) -> None:
        """Take these files, unless others were taken meanwhile."""
        if sum(size for _, _, size in files) >= LARGE and (problems := self._compile_beside()):
            self._refuse(problems)
            return
        try:
            book = self._load()[0]
        except BookError as error:
            self._refuse(str(error))
            return
        with self._lock:
            if self._stamp == files:
                self._book = book
        logger.info("policy book reloaded: %d policies", len(book.policies))

    def _compile_beside(self) -> str:
        """Have another process compile the book, so that here it need only be read; returns what is wrong with the book."""
        path = os.pathsep.join([str(compiled.PACKAGE.parents[1]), *filter(None, sys.path)])
        try:
            done = subprocess.run(
                [sys.executable, "-m", "actions.knowledge", str(self.folder)],
                env=os.environ | {"PYTHONPATH": path},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is not meant for it
                check=False,
            )
        except OSError as error:  # then it is compiled here
            logger.debug("no other process for the policy book: %s", error)
            return ""
        return done.stdout.decode() if done.returncode == compiled.FAULTY else ""

    def _refuse(self, problems: str) -> None:
        logger.error("policy book not reloaded, the last good one stays in use:\n%s", problems)

    def _load(self) -> compiled.Loaded:
        loaded = compiled.load(self.folder)
        # What has been loaded stays; a collection that looks through all of it would stop everything for a second.
        gc.freeze()
        return loaded


# By the folder that was asked for (the text of $HUIQI_BOOK where none was), and by the same resolved: a store is asked for
# several times a turn, when resolving would take longer than all else.
_stores: dict[Path | str, BookStore] = {}
_stores_lock = threading.Lock()


def store(folder: Path | None = None) -> BookStore:
    """The one store of a folder in this process; a relative name means the folder that it meant at first.

    Raises BookError when its book is faulty at first sight.
    """
    asked = folder or os.environ.get("HUIQI_BOOK", "")
    found = _stores.get(asked)
    if found is None:
        with _stores_lock:
            resolved = (folder or default_folder()).resolve()
            found = _stores.get(resolved) or BookStore(resolved)
            _stores[resolved] = _stores[asked] = found
    return found
