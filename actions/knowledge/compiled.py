"""The compiled book: an unchanged book is not parsed, checked and indexed again but read as it was from a file.

The file is a pickle of the book with all that is derived from it: of 15,500 policies it is read in seconds, where the mere
values (marshal) are read in one but take a minute to be built and indexed again. As with a .pyc, who may write the file may
run code: only a file that nobody but this user can write is read. A second file has the values of the single files, so
that of an edited book only the edited file is parsed and checked for its shape.
"""

from __future__ import annotations

import contextlib
import gc
import io
import logging
import marshal
import os
import pickle
import sys
import tempfile
import time
import zlib
from collections.abc import Iterator
from functools import cache, cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from actions.knowledge.book import PolicyBook
from actions.knowledge.documents import Problem
from actions.knowledge.loading import book_files, built, check_book

logger = logging.getLogger(__name__)

# A book of fewer bytes is read in a moment, and is not kept.
SMALL = 100_000
# So many files of a kind are kept: of the last edits, and of other folders.
KEPT = 3
ABANDONED = 3600  # seconds
# So many policies are read in one go: other threads have their turn in between.
PIECE = 200

# What `python -m actions.knowledge` returns for a faulty book.
FAULTY = 3

PACKAGE = Path(__file__).parent
# What a book is made with, besides this package.
LIBRARIES = ("PyYAML", "jsonschema", "numpy", "pypinyin", "opencc", "cn2an")

Loaded = tuple[PolicyBook, list[Problem]]


def load(folder: Path) -> Loaded:
    """The book in `folder` and the warnings about it; compiled, where it is not yet.

    Raises BookError with all problems when any of them is more than a warning.
    """
    with _no_collection():
        key = _key_of(folder)
        if key is None:
            problems, documents = check_book(folder)
            return built(problems, documents), problems
        return _kept_book(f"{key}.book") or _compile(folder)


def _key_of(folder: Path) -> str | None:
    """The key of the book that lies in `folder` now; None where it is not worth keeping, or cannot be read."""
    try:
        files = [(path.name, path.read_bytes()) for path in book_files(folder)]
    except OSError:  # check_book says which file it is
        return None
    if sum(len(content) for _, content in files) < SMALL:
        return None
    return _key([(name, sha256(content).hexdigest()) for name, content in files])


def place() -> Path:
    """Where compiled books lie: $HUIQI_CACHE, else build/book of the project."""
    named = os.environ.get("HUIQI_CACHE")
    return Path(named) if named else PACKAGE.parents[1] / "build" / "book"


def _compile(folder: Path) -> Loaded:
    name = f"{sha256(f'{folder.resolve()}'.encode()).hexdigest()[:16]}-{_maker()[:16]}.values"
    known = marshal.loads(_read(name) or marshal.dumps({}))
    problems, documents = check_book(folder, known)
    values = {document.digest: document.value for document in documents[1:] if document.sound}
    if values.keys() != known.keys():
        _keep(name, marshal.dumps(values))
    book = built(problems, documents)
    for attribute, kind in vars(PolicyBook).items():
        if isinstance(kind, cached_property):
            getattr(book, attribute)
    # The key is that of what was read: an edit meanwhile has made another book.
    key = _key([(document.file, document.digest) for document in documents])
    _keep(f"{key}.book", _pickled(book, problems))
    return book, problems


def _key(files: list[tuple[str, str]]) -> str:
    """What a book depends on: its files (name and digest of each, in order) and what it is made with."""
    return sha256(repr((files, _maker())).encode()).hexdigest()[:32]


@cache
def _maker() -> str:
    """A digest of the code and the libraries that make a book."""
    found = [sys.version, sys.byteorder]
    for library in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found.append(f"{library} {version(library)}")
    code = sha256(repr(found).encode())
    for path in sorted((*PACKAGE.glob("*.py"), *PACKAGE.glob("schema/*.json"))):
        code.update(path.read_bytes())
    return code.hexdigest()


def _pickled(book: PolicyBook, problems: list[Problem]) -> bytes:
    """The policies in pieces, then all that the book has: one pickler writes an object once, however often it is met."""
    written = io.BytesIO()
    pickler = pickle.Pickler(written, pickle.HIGHEST_PROTOCOL)
    policies = list(book.policies.values())
    pieces = [policies[start : start + PIECE] for start in range(0, len(policies), PIECE)]
    for part in (len(pieces), *pieces, problems, len(vars(book)), *vars(book).items()):
        pickler.dump(part)
    return written.getvalue()


def _unpickled(content: bytes) -> Loaded:
    unpickler = pickle.Unpickler(io.BytesIO(content))
    for _ in range(unpickler.load()):
        unpickler.load()  # the unpickler remembers the policies for what follows
    problems = unpickler.load()
    book = PolicyBook.__new__(PolicyBook)
    vars(book).update(unpickler.load() for _ in range(unpickler.load()))
    return book, problems


def _kept_book(name: str) -> Loaded | None:
    content = _read(name)
    if content is None:
        return None
    try:
        return _unpickled(content)
    except Exception as error:  # whatever is wrong with it, the book can be made again
        logger.debug("compiled book %s not used: %r", name, error)
        return None


def _read(name: str) -> bytes | None:
    """The content of a kept file; None where there is none, where it is damaged or not ours alone."""
    path = place() / name
    try:
        if not (_ours(path.parent) and _ours(path)):
            logger.debug("compiled book %s not used: others may write it", path)
            return None
        with path.open("rb") as file:
            check, content = file.read(4), file.read()
        os.utime(path)  # the files used last are kept longest
    except OSError as error:
        logger.debug("compiled book %s not read: %s", path, error)
        return None
    return content if check == _check(content) else None


def _keep(name: str, content: bytes) -> None:
    """Write a file at one stroke, beside those that other processes may write now. What goes wrong is no harm."""
    folder = place()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _ours(folder):
            logger.debug("compiled book not kept: others may write in %s", folder)
            return
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".part", delete=False) as file:
            try:
                file.write(_check(content))
                file.write(content)
                file.close()
                os.replace(file.name, folder / name)
            except OSError:
                os.unlink(file.name)
                raise
        _clear(folder)
    except OSError as error:
        logger.debug("compiled book not kept: %s", error)


def _check(content: bytes) -> bytes:
    return zlib.crc32(content).to_bytes(4, "big")


def _clear(folder: Path) -> None:
    """Remove what was not used for longest, and what a process that was ended left half written."""
    old = [part for part in folder.glob("*.part") if time.time() - part.stat().st_mtime > ABANDONED]
    for kind in ("*.book", "*.values"):
        old += sorted(folder.glob(kind), key=lambda path: path.stat().st_mtime, reverse=True)[KEPT:]
    for path in old:
        path.unlink(missing_ok=True)


def _ours(path: Path) -> bool:
    """Whether nobody but this user can write a file or folder (where the system can tell). Raises OSError."""
    found = path.stat()
    return not hasattr(os, "getuid") or (found.st_uid == os.getuid() and not found.st_mode & 0o022)


@contextlib.contextmanager
def _no_collection() -> Iterator[None]:
    """Millions of objects that all stay: looking for garbage among them doubles the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
