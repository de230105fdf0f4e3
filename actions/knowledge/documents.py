"""YAML files as values together with the place of every value: for messages that name line and column.

Nearly every file is sound, and then nobody asks where its values stand: places are worked out only when one is wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path as FilePath
from typing import Any

Path = tuple[Any, ...]


@dataclass(frozen=True, order=True)
class Problem:
    """A fault in a book: where it stands, what is wrong, how to mend it. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    what: str
    mend: str = field(default="", compare=False)
    warning: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        """The line that editors and terminals understand: file:line:column: what is wrong."""
        kind = "提示" if self.warning else "错误"
        mend = f" 改法：{self.mend}" if self.mend else ""
        return f"{self.file}:{self.line}:{self.column}: {kind}：{self.what}{mend}"


class BookError(Exception):
    """A book that cannot be used; `problems` says everything that is wrong with it."""

    def __init__(self, problems: list[Problem]):
        self.problems = sorted(problems)
        super().__init__("\n".join(map(str, self.problems)))


@dataclass
class Document:
    """One YAML file: its text, its `value` as plain Python, and what is wrong with it."""

    file: str
    text: str = ""
    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    faulty: set[Path] = field(default_factory=set)  # the top-level values whose shape is wrong
    digest: str = ""  # the SHA-256 of the file
    sound: bool = False  # whether the value is known to have the right shape
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)  # (line, column) by path, once a place was asked for

    def place(self, path: Path) -> tuple[int, int]:
        """The place of the value at `path`, or of the nearest value around it."""
        if not self.marks and self.value is not None:
            again = Document(self.file, self.text)
            _examine(again)
            self.marks = again.marks
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))

    def problem(self, path: Path, what: str, mend: str = "", warning: bool = False) -> None:
        """Note a fault of the value at `path`."""
        line, column = self.place(path)
        self.problems.append(Problem(self.file, line, column, what, mend, warning))


def read_document(path: FilePath, name: str, known: Mapping[str, Any] | None = None) -> Document:
    """Read a YAML file. Faults of the file itself are noted in the document, never raised.

    `known` are values of the right shape by the SHA-256 of their files: what is among them is not parsed.
    """
    document = Document(name)
    try:
        content = path.read_bytes()
        document.text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        document.problem((), f"文件不是 UTF-8 编码（第 {error.start} 字节）。", "用编辑器另存为 UTF-8。")
        return document
    except OSError as error:
        document.problem((), f"读不了文件：{error.strerror}。")
        return document
    document.digest = sha256(content).hexdigest()
    if known and document.digest in known:
        document.value, document.sound = known[document.digest], True
    else:
        _read(document)
    return document


def _read(document: Document) -> None:
    # A book that is kept compiled is used without yaml, which takes its time to import.
    from actions.knowledge.plain import UnusualError, plain_value  # noqa: PLC0415

    try:
        document.value = plain_value(document.text)
    except UnusualError:
        _examine(document)


def _examine(document: Document) -> None:
    from actions.knowledge.marked import examine  # noqa: PLC0415

    examine(document)
