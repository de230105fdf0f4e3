"""A reply's text as blocks for cards: the same lines in the same order, each with what it is.

The text stays the one source: a channel that knows no cards shows it, a channel that does shows the blocks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy, Rule
from actions.knowledge.money import yuan_text
from actions.replies import parts
from actions.replies.figures import figure, rule_line, short_figure
from actions.replies.message import Reply

Block = dict[str, Any]

FIELDS = ("条件", "对象", "性质", "部门", "办理", "材料", "时间", "位置")
_FIELD = re.compile(f"({'|'.join(FIELDS)})：(.+)")
_NOTE = re.compile("(?:注意|说明)：(.+)")
_SOURCE = re.compile("来源(?:（[^）]+）)?：《")
_OPTION = re.compile(r"(\d+)\. (.+)")
_ROW = re.compile("【(.+?)】(?:.项相同：(.+))?")
_CELL = re.compile("· ([^：]+)：(.*)")
_MORE = re.compile("(还有 .+ 项)，说“(.+)”接着看。")
_PART = "  － "
_BULLET = "· "
_UNDER = "   "
GAP = "报道未说明"
EQUALS, TIMES = " = ", " × "
ESTIMATE = "（推算，以审核为准）"


def blocks(book: PolicyBook, today: date, reply: Reply) -> list[Block]:
    """The blocks of a reply; every kind is told of in docs/网页接入.md."""
    return _Layout(book, today, reply).blocks()


def phones(book: PolicyBook, text: str) -> list[str]:
    """The telephone numbers of the book that a text names."""
    return [phone for phone in book.phones if phone in text]


class _Layout:
    """Reads a reply line by line."""

    def __init__(self, book: PolicyBook, today: date, reply: Reply):
        self.book, self.today, self.reply = book, today, reply
        self.policies = [book.policies[item["id"]] for key in ("policies", "related") for item in reply.custom.get(key, ())]
        self.titles = {parts.title(book, policy): policy for policy in self.policies}
        self.rules = {rule_line(rule): rule for policy in self.policies for rule in policy.rules}
        self.statuses = {parts.status_line(policy, today) for policy in self.policies}
        self.fits = {fit["policy"]: fit for fit in reply.custom.get("fits", ())}

    def blocks(self) -> list[Block]:
        """All blocks; what a calculation comes to stands before its first step."""
        found = list(self._read(self.reply.text.split("\n")))
        result = self._result()
        if result:
            at = next((index for index, block in enumerate(found) if block["kind"] == "step"), None)
            found[at:at] = [result] if at is not None else []
        return [*found, *self._topics()]

    def _read(self, lines: Sequence[str]) -> Iterator[Block]:
        row: Block | None = None
        option: Block | None = None
        for line in lines:
            if row is not None and line.startswith((_BULLET, _PART)):
                _add_cell(row, line)
                continue
            if option is not None and line.startswith(_UNDER):
                if not option.get("marks"):
                    option["text"] = line.strip()
                continue
            row = option = None
            block = self._block(line)
            if block["kind"] == "row":
                row = block
            if block["kind"] == "option":
                option = block
            yield block

    def _block(self, line: str) -> Block:
        if not line:
            return {"kind": "break"}
        if line in self.titles:
            return self._title(line)
        if line.startswith(_BULLET):
            return self._bullet(line.removeprefix(_BULLET))
        if line in self.statuses:
            return {"kind": "status", "text": line}
        if line.startswith(GAP):
            return {"kind": "gap", "text": line}
        if _SOURCE.match(line):
            return self._source(line)
        for pattern, read in ((_ROW, _row), (_OPTION, self._option), (_MORE, _more), (_FIELD, _field), (_NOTE, _note)):
            match = pattern.fullmatch(line)
            if match:
                return read(match)
        return {"kind": "step" if EQUALS in line or TIMES in line else "text", "text": line}

    def _title(self, line: str) -> Block:
        policy = self.titles[line]
        block = {"kind": "title", "text": line, "policy": policy.id, "region": self.book.region_name(policy)}
        return block if policy.status.value == "in_force" else block | {"state": policy.status.value}

    def _bullet(self, text: str) -> Block:
        rule = self.rules.get(text)
        if rule is None or not rule.receivable or not figure(rule):
            return {"kind": "item", "text": text}
        return _figure(rule)

    def _source(self, line: str) -> Block:
        cited = [policy for policy in self.policies if f"《{self.book.source_of(policy).title}》" in line]
        # A single answer also names policies beside it; the source is that of what it tells.
        told = [policy for policy in cited if policy.id in {item["id"] for item in self.reply.custom["policies"]}] or cited
        return {"kind": "source", "text": line, "policies": [self._link(policy) for policy in told]}

    def _link(self, policy: Policy) -> dict[str, str]:
        return {"id": policy.id, "name": parts.short_name(policy)}

    def _option(self, match: re.Match[str]) -> Block:
        number, text = int(match[1]), match[2]
        title = max((title for title in self.titles if text == title or text.startswith(f"{title}：")), key=len, default="")
        if not title:
            return {"kind": "item", "text": match[0]}
        policy, rest = self.titles[title], text.removeprefix(title).removeprefix("：")
        block = {"kind": "option", "number": number, "title": title, "policy": policy.id}
        block["question"] = f"介绍一下{parts.short_name(policy)}"
        if rest:
            block["figure" if self.reply.custom["type"] in ("list", "match") else "text"] = rest
        fit = self.fits.get(policy.id)
        if fit:
            place = {"kind": "place", "verdict": fit["place"], "text": f"在{self.book.region_name(policy)}"}
            block |= {"fit": fit["fit"], "marks": [place, *fit["conditions"]]}
        return block

    def _result(self) -> Block | None:
        """What the one calculation of the reply comes to; several stand in their steps only."""
        data = self.reply.custom
        traces = [trace for part in data.get("answers", (data,)) for trace in part.get("calculations", ())]
        if len(traces) != 1 or not traces[0]["steps"]:
            return None
        total = yuan_text(traces[0]["result"])
        # Over some years a cap is the most that can be had, and the text says so.
        most = f"最高 {total}"
        figures = most if f"合计{most}" in self.reply.text else total
        return {"kind": "result", "figure": figures, "text": _result_name(traces[0]) + ESTIMATE}

    def _topics(self) -> list[Block]:
        if self.reply.custom["type"] != "greet":
            return []
        groups = [
            {"name": self.book.topics[group.topic].name, "questions": [{"text": question} for question in group.questions]}
            for group in self.book.example_groups
        ]
        return [{"kind": "topics", "groups": groups}]


def _result_name(trace: dict[str, Any]) -> str:
    if any(step["step"] == "saved" for step in trace["steps"]):
        return "折后要付"
    times = [f"{trace[key]} {unit}" for key, unit in (("count", "份"), ("years", "年")) if trace[key] > 1]
    return f"{'、'.join(times)}合计" if times else "测算结果"


def _figure(rule: Rule) -> Block:
    short, whole = short_figure(rule), figure(rule)
    block = {"kind": "figure", "rule": rule.id, "figure": short, "name": rule.benefit.name, "condition": rule.condition}
    more = {"terms": whole if whole != short else "", "note": rule.note, "levels": list(rule.levels)}
    return block | {key: value for key, value in more.items() if value}


def _row(match: re.Match[str]) -> Block:
    return {"kind": "row", "name": match[1], "cells": [{"label": "", "texts": [match[2]]}] if match[2] else []}


def _add_cell(row: Block, line: str) -> None:
    cell = _CELL.fullmatch(line)
    if cell:
        row["cells"].append({"label": cell[1], "texts": [cell[2]] if cell[2] else []})
    else:
        row["cells"][-1]["texts"].append(line.removeprefix(_PART))


def _more(match: re.Match[str]) -> Block:
    return {"kind": "more", "text": match[1], "question": match[2]}


def _field(match: re.Match[str]) -> Block:
    return {"kind": "field", "name": match[1], "text": match[2]}


def _note(match: re.Match[str]) -> Block:
    return {"kind": "note", "text": match[1]}
