"""A YAML text read closely: every value with its place, every fault of the writing with its message.

This takes several times what plain.py takes for the same value, and is done only for texts that have a fault.
"""

from __future__ import annotations

from typing import Any

import yaml

from actions.knowledge.documents import Document, Path, Problem
from actions.knowledge.plain import LOADER, scalar


def examine(document: Document) -> None:
    """Read the document's text: its value, the mark of every path, and the faults of the writing."""
    text = document.text
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        document.marks[()] = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        document.problem((), f"YAML 写法有误：{error.problem or error.context}。", "检查缩进、冒号后的空格和引号。")
        return
    except yaml.reader.ReaderError:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        place = found.start() if found else 0
        document.marks[()] = (text.count("\n", 0, place) + 1, place - text.rfind("\n", 0, place))
        document.problem((), "这里有看不见的控制字符。", "删去它，重新输入这一行。")
        return
    if node is not None:
        document.value = _value(node, (), document, set())


def _value(node: yaml.Node, path: Path, document: Document, seen: set[int]) -> Any:
    """The plain value of a node; aliases (nodes seen before) are refused, as one fact has one place."""
    document.marks.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
    if id(node) in seen:
        document.problem(path, "用了 YAML 的锚点引用（&、*）。", "一处事实写在一处：把内容直接写出来。")
        return None
    seen.add(id(node))
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
            found[key] = _value(value_node, here, document, seen)
        return found
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), document, seen) for index, item in enumerate(node.value)]
    return _scalar(node, path, document)


def _scalar(node: yaml.Node, path: Path, document: Document) -> Any:
    kind, text = node.tag.rpartition(":")[2], str(node.value)
    try:
        return scalar(kind, text)
    except ValueError:
        document.problem(path, f"“{text}”会被 YAML 当成特殊的数。", "给它加上引号，或写成普通的数。")
        return text
