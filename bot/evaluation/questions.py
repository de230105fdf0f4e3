"""The questions of the evaluation with their gold labels, read from data/evaluation and checked."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from actions.knowledge.book import PolicyBook
from bot import project

FOLDER = project.ROOT / "data" / "evaluation"
HELD_OUT, DEVELOPMENT = "held_out", "development"
SETS = (HELD_OUT, DEVELOPMENT)
STYLES = (
    *("正式", "口语", "短句", "描述", "长文", "多问", "语音", "错字", "拼音"),
    *("首字母", "繁体", "英文", "数字", "表情", "杂符", "方言", "注入"),
)
KINDS = ("answer", "unknown", "clarify", "decline", "talk")
ENTITIES = ("region", "level", "department", "policy", "sum")
EXPECTATIONS = ("amounts", "not_amounts", "text", "not_text")
REQUIRED = frozenset(("id", "text", "style", "kind", "intent"))
FIELDS = REQUIRED | {"policies", "any", "entities", "expect"}


class QuestionsError(Exception):
    """The questions cannot be used; a problem a line."""

    def __init__(self, problems: Iterable[str]):
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Question:
    """A first message of a conversation and what is right about it. `part` is the file that it stands in."""

    id: str
    text: str
    style: tuple[str, ...]
    kind: str
    intent: tuple[str, ...]
    part: str
    policies: tuple[str, ...] = ()
    any: bool = False
    entities: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    expect: Mapping[str, list[Any]] = field(default_factory=dict)

    @property
    def expected(self) -> dict[str, Any]:
        """What is expected of the reply, with its kind."""
        return {**self.expect, "kind": self.kind}


def load(folder: Path) -> list[Question]:
    """The questions of all files of a folder. Raises QuestionsError with all that is wrong."""
    entries = [(path.stem, entry) for path in sorted(folder.glob("*.yml")) for entry in _entries(path)]
    if not entries:
        raise QuestionsError([f"{folder} 里没有问题。"])
    counts = Counter(entry.get("id") for _, entry in entries if isinstance(entry, dict))
    problems = [f"{id}：编号重复" for id, count in counts.items() if id is not None and count > 1]
    problems += [f"{part} {_label(entry)}：{problem}" for part, entry in entries for problem in _malformed(entry)]
    if problems:
        raise QuestionsError(problems)
    return [_question(part, entry) for part, entry in entries]


def _entries(path: Path) -> list[Any]:
    try:
        found = yaml.safe_load(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        raise QuestionsError([f"{path.name}：不是 YAML：{error}"]) from error
    if not isinstance(found, list):
        raise QuestionsError([f"{path.name}：应当是一个列表"])
    return found


def _label(entry: Any) -> str:
    return str(entry.get("id", "（没有编号）")) if isinstance(entry, dict) else repr(entry)


def _malformed(entry: Any) -> Iterable[str]:
    """What is wrong with the form of an entry."""
    if not isinstance(entry, dict):
        yield "不是键和值"
        return
    for key in sorted(REQUIRED - set(entry)):
        yield f"缺少 {key}"
    for key in sorted(map(str, set(entry) - FIELDS)):
        yield f"没有 {key} 这个键"
    for key in sorted({"id", "text", "kind"} & set(entry)):
        if not isinstance(entry[key], str) or not entry[key].strip():
            yield f"{key} 应当是文字"
    for key in sorted({"style", "intent", "policies"} & set(entry)):
        if not isinstance(entry[key], list) or not entry[key] or not all(isinstance(item, str) for item in entry[key]):
            yield f"{key} 应当是文字的列表"
    if not isinstance(entry.get("any", False), bool):
        yield "any 应当是 true 或 false"
    for key, allowed in (("entities", ENTITIES), ("expect", EXPECTATIONS)):
        value = entry.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(items, list) for items in value.values()):
            yield f"{key} 的每个键后面应当是列表"
        else:
            yield from (f"{key} 里没有 {name} 这个键" for name in value if name not in allowed)
            yield from _wrong_items(key, {name: items for name, items in value.items() if name in allowed})


def _wrong_items(key: str, value: dict[str, list[Any]]) -> Iterable[str]:
    for name, items in value.items():
        number = name in ("sum", "amounts", "not_amounts")
        for item in items:
            if isinstance(item, bool) or not isinstance(item, (int, float) if number else str):
                yield f"{key} 的 {name} 里 {item!r} 应当是{'数字' if number else '文字'}"
            elif key == "expect" and isinstance(item, str):
                yield from _wrong_pattern(item)


def _wrong_pattern(pattern: str) -> Iterable[str]:
    try:
        re.compile(pattern)
    except re.error as error:
        yield f"正则表达式 {pattern} 不成立：{error}"


def _question(part: str, entry: dict[str, Any]) -> Question:
    return Question(
        id=entry["id"],
        text=entry["text"],
        style=tuple(entry["style"]),
        kind=entry["kind"],
        intent=tuple(entry["intent"]),
        part=part,
        policies=tuple(entry.get("policies", ())),
        any=entry.get("any", False),
        entities={kind: tuple(ids) for kind, ids in entry.get("entities", {}).items()},
        expect=entry.get("expect", {}),
    )


def unknown_words(questions: Iterable[Question], book: PolicyBook, intents: Iterable[str]) -> list[str]:
    """Labels that mean nothing: not in the policy book, no intent, no style, no kind."""
    known: dict[str, set[str]] = {
        "style": set(STYLES),
        "kind": set(KINDS),
        "intent": set(intents),
        "policy": set(book.policies),
        "region": set(book.regions),
        "level": set(book.levels),
        "department": set(book.departments),
    }
    problems = []
    for question in questions:
        labels = [("style", question.style), ("kind", (question.kind,)), ("intent", question.intent)]
        labels += [("policy", question.policies), *((kind, ids) for kind, ids in question.entities.items() if kind != "sum")]
        problems += [f"{question.id}：没有 {kind} {name}" for kind, names in labels for name in names if name not in known[kind]]
    return problems


def known_intents() -> list[str]:
    """The intents of the assistant's domain."""
    domain = yaml.safe_load((project.DOMAIN / "domain.yml").read_text(encoding="utf-8"))
    return [name for intent in domain["intents"] for name in (intent if isinstance(intent, dict) else [intent])]
