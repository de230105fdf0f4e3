"""YAML files as values together with the place of every value: for messages that name line and column."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
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
    """One YAML file: `value` as plain Python, `marks` from the path of a value to its (line, column)."""

    file: str
    value: Any = None
    marks: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    nodes: dict[int, yaml.Node] = field(default_factory=dict, repr=False)
    faulty: set[Path] = field(default_factory=set)  # the top-level values whose shape is wrong

    def place(self, path: Path) -> tuple[int, int]:
        """The place of the value at `path`, or of the nearest value around it."""
        while path and path not in self.marks:
            path = path[:-1]
        return self.marks.get(path, (1, 1))

    def problem(self, path: Path, what: str, mend: str = "", warning: bool = False) -> None:
        """Note a fault of the value at `path`."""
        line, column = self.place(path)
        self.problems.append(Problem(self.file, line, column, what, mend, warning))


def read_document(path: FilePath, name: str) -> Document:
    """Read a YAML file. Faults of the file itself are noted in the document, never raised."""
    document = Document(name)
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        document.problem((), f"文件不是 UTF-8 编码（第 {error.start} 字节）。", "用编辑器另存为 UTF-8。")
        return document
    except OSError as error:
        document.problem((), f"读不了文件：{error.strerror}。")
        return document
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.marks[()] = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        document.problem((), f"YAML 写法有误：{error.problem or error.context}。", "检查缩进、冒号后的空格和引号。")
        return document
    except yaml.reader.ReaderError:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        place = found.start() if found else 0
        document.marks[()] = (text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place))
        document.problem((), "这里有看不见的控制字符。", "删去它，重新输入这一行。")
        return document
    if node is not None:
        document.value = _value(node, (), document)
    return document


def _value(node: yaml.Node, path: Path, document: Document) -> Any:
    """The plain value of a node; aliases are refused, as one fact has one place."""
    document.marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if id(node) in document.nodes:
        document.problem(path, "用了 YAML 的锚点引用（&、*）。", "一处事实写在一处：把内容直接写出来。")
        return None
    document.nodes[id(node)] = node
    if isinstance(node, yaml.MappingNode):
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            here = (*path, key)
            if key in found:
                line, column = key_node.start_mark.line + 1, key_node.start_mark.column + 1
                document.problems.append(Problem(document.file, line, column, f"“{key}”写了两次。", "删去多余的一个。"))
                continue
            document.marks[here] = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            found[key] = _value(value_node, here, document)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), document) for index, item in enumerate(node.value)]
    return _scalar(node, path, document)


def _scalar(node: yaml.Node, path: Path, document: Document) -> Any:
    tag, text = node.tag.rpartition(":")[2], str(node.value)
    try:
        if tag == "int":
            return int(text.replace("_", ""))
        if tag == "float":
            return float(text)
        if tag == "bool":
            return text.lower() in ("true", "yes", "on")
        if tag == "null":
            return None
    except ValueError:
        pass
    if tag in ("int", "float"):
        document.problem(path, f"“{text}”会被 YAML 当成特殊的数。", "给它加上引号，或写成普通的数。")
    return text  # strings, and dates, which the book keeps as text
