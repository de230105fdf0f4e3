"""The published JSON Schemas applied to documents, with their complaints in the clerk's words."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from actions.knowledge.documents import Document
from actions.knowledge.shapes import Check, quick_check

if TYPE_CHECKING:
    import jsonschema

# Lists whose sound items can be checked further beside faulty ones.
ITEMS = ("policies", "sources", "departments")
SCHEMAS = Path(__file__).parent / "schema"


@cache
def schema(name: str) -> dict[str, Any]:
    """What schema/<name>.schema.json says."""
    found: dict[str, Any] = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    return found


@cache
def validator(name: str) -> jsonschema.Draft7Validator:
    """The validator of schema/<name>.schema.json."""
    import jsonschema  # noqa: PLC0415 — takes its time to import, and only a faulty book needs it

    jsonschema.Draft7Validator.check_schema(schema(name))
    return jsonschema.Draft7Validator(schema(name))


@cache
def quick(name: str) -> Check:
    """The check of schema/<name>.schema.json that knows no messages."""
    return quick_check(schema(name))


def check_structure(document: Document, name: str) -> None:
    """Note everything in which the document departs from its schema; a document without a fault is marked as sound."""
    if document.sound:
        return
    if not isinstance(document.value, dict):
        if not document.problems:
            document.problem((), "文件是空的，或者最外层不是“键: 值”。", "参照 docs/政策库编辑指南.md 的样例。")
        return
    if quick(name)(document.value):
        document.sound = not document.problems
        return
    for error in validator(name).iter_errors(document.value):
        path = tuple(error.absolute_path)
        document.faulty.add(path[:2] if len(path) > 1 and path[0] in ITEMS else ())
        for extra, what, mend in _explain(error):
            document.problem((*path, *extra), what, mend)


def _explain(error: Any) -> list[tuple[tuple[Any, ...], str, str]]:
    """(further path, what is wrong, how to mend) of a schema error, in Chinese."""
    rule, value = error.validator, error.instance
    wanted = error.validator_value
    schema = error.schema
    hint = str(schema.get("description", ""))
    if rule == "additionalProperties":
        known = schema.get("properties", {})
        extras = [key for key in value if key not in known]
        return [((key,), f"不认识的键“{key}”。", f"可用的键：{'、'.join(known)}。") for key in extras]
    if rule == "required":
        missing = [key for key in wanted if key not in value]
        meaning = schema.get("properties", {})
        name = next((key for key in missing if f"'{key}'" in error.message), missing[0])
        about = str(meaning.get(name, {}).get("description", ""))
        return [((), f"缺少“{name}”。", f"补上“{name}”{'：' + about if about else ''}。")]
    if rule == "type":
        names = {"string": "文字", "number": "数", "integer": "整数", "array": "列表", "object": "键值", "null": "null"}
        kinds = wanted if isinstance(wanted, list) else [wanted]
        expected = "或".join(names.get(kind, str(kind)) for kind in kinds)
        mend = "给它加上引号。" if "string" in kinds and isinstance(value, (int, float)) else hint
        return [((), f"“{_short(value)}”应当是{expected}。", mend)]
    if rule == "enum":
        return [((), f"“{_short(value)}”不在可选的值里。", f"可选：{'、'.join(map(str, wanted))}。{hint}")]
    if rule == "pattern":
        return [((), f"“{_short(value)}”的写法不对。", hint or f"应符合 {wanted}。")]
    if rule in ("minLength", "minItems"):
        return [((), "这里不能为空。", hint)]
    if rule == "uniqueItems":
        return [((), "列表里有重复的项。", "删去重复的一项。")]
    if rule in ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum"):
        return [((), f"数值 {value} 超出范围（{rule} {wanted}）。", hint)]
    return [((), f"不符合格式：{error.message}", hint)]


def _short(value: Any) -> str:
    text = str(value)
    return text if len(text) <= 30 else text[:30] + "…"
