"""Every kind of fault in a book is reported at its place, in clear words, with the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.knowledge import BookError, Problem, check_book, load_book
from tests.knowledge.books import EAST, TEXTS, VOCABULARY, Fault, faulty, place, write_book

RULE = "scope: per_applicant\n        benefit: {type: cap,"

# What a schema can see: shape, keys, types.
SHAPE = [
    Fault("unknown key", "    status: in_force", "    stauts: in_force\n    status: in_force", "stauts:", "不认识的键“stauts”"),
    Fault("unknown key of a benefit", "amount: 500000}", "amount: 500000, limit: 1}", "limit:", "不认识的键“limit”"),
    Fault("duplicate key", "kind: reward", "kind: reward\n    kind: subsidy", "kind: subsidy", "“kind”写了两次"),
    Fault("missing key", "    summary: 东区给新获批实验室的奖励。\n", "", "id: lab-reward", "缺少“summary”"),
    Fault("amount as text", "amount: 500000}", "amount: 50万}", "amount: 50万", "“50万”应当是数"),
    Fault("amount of zero", "amount: 500000}", "amount: 0}", "amount: 0}", "超出范围"),
    Fault("rate above one", "type: cap, name: 市级实验室奖励, amount: 500000", "type: rate, name: 比例, rate: 30, base: 研发投入", "rate: 30", "超出范围"),
    Fault("clock time", "text: 专人代办", "text: 1:30", "text: 1:30", "“1:30”会被 YAML 当成特殊的数"),
    Fault("number for text", "summary: 东区计划为人才代办手续。", "summary: 12", "summary: 12", "“12”应当是文字"),
    Fault("text for list", "aliases: [人才管家]", "aliases: 人才管家", "aliases: 人才管家", "“人才管家”应当是列表"),
    Fault("empty text", "text: 专人代办", 'text: ""', 'text: ""', "不能为空"),
    Fault("no rule at all", "materials: [批文]", "materials: []\n    conditions: [甲, 甲]", "conditions:", "重复"),
    Fault("id in capitals", "- id: lab-reward", "- id: Lab Reward", "id: Lab Reward", "“Lab Reward”的写法不对"),
    Fault("date in another form", "date: 2022-05-25\n", "date: 2022/5/25\n", "date: 2022/5/25", "“2022/5/25”的写法不对"),
    Fault("unknown status", "status: planned", "status: soon", "status: soon", "“soon”不在可选的值里"),
    Fault("unknown kind of benefit", "type: cap", "type: maximum", "type: maximum", "“maximum”不在可选的值里"),
    Fault("phone as number", "name: 东区科技局,", "name: 东区科技局, phone: 00000,", "phone: 00000", "应当是文字"),
    Fault("vocabulary without id", "{id: talent, name: 人才}", "{name: 人才}", "{name: 人才}", "缺少“id”", "book.yml"),
]

# What shows only in the meaning: references, silences, scopes, dates, contradictions.
MEANING = [
    Fault("unknown region", "region: east", "region: west", "region: west", "地区“west”没有登记"),
    Fault("unknown topic", "topics: [rd]", "topics: [rd, moon]", "moon", "topics 里没有“moon”"),
    Fault("unknown audience", "    audiences: [micro]\n    status", "    audiences: [giant]\n    status", "giant", "audiences 里没有“giant”"),
    Fault("unknown audience of a rule", "audiences: [micro]\n        scope: per_applicant\n        benefit: {type: fixed, name: 实验室奖励, amount: 5", "audiences: [giant]\n        scope: per_applicant\n        benefit: {type: fixed, name: 实验室奖励, amount: 5", "giant", "没有对象“giant”"),
    Fault("unknown level", "levels: [市级]", "levels: [省级]", "省级", "没有级别“省级”"),
    Fault("dangling department", "id: east-office, basis", "id: west-office, basis", "id: west-office", "没有部门“west-office”"),
    Fault("department without basis", "{basis: none}", "{basis: none, id: east-office}", "department: {basis: none", "basis 是 none 却写了部门"),
    Fault("dangling source", "{id: east-report}", "{id: west-report}", "id: west-report", "没有来源“west-report”"),
    Fault("confusion with an unknown policy", "with: talent-service", "with: talent-servise", "with: talent-servise", "没有政策“talent-servise”"),
    Fault("duplicate policy", "- id: talent-service", "- id: lab-reward  # again", "id: lab-reward  # again", "政策编号“lab-reward”已在 east.yml:14 用过"),
    Fault("duplicate rule", "- id: municipal", "- id: national  # again", "id: national  # again", "条款编号“national”在本政策里用了两次"),
    Fault("duplicate term", "- {id: talent, name: 人才}", "- {id: rd, name: 人才}", "id: rd, name: 人才", "编号“rd”用了两次", "book.yml"),
    Fault("unknown parent", "parent: city", "parent: town", "parent: town", "上级地区“town”没有登记", "book.yml"),
    Fault("figure without scope", RULE, "benefit: {type: cap,", "id: municipal", "条款“municipal”有数字却没有写口径"),
    Fault("scope without figure", "condition: 在东区工作的人才", "condition: 在东区工作的人才\n        scope: measure", "scope: measure", "没有数字，不应写口径"),
    Fault("contradiction in a family", "family: people", "family: science", "id: team", "“实验室奖励”国家级的数额与 east.yml:27 不一致"),
    Fault("contradiction in a policy", "condition: 新获批市级实验室\n        levels: [市级]\n        scope: per_applicant\n        benefit: {type: cap, name: 市级实验室奖励, amount: 500000}", "condition: 新获批实验室\n        levels: [国家级]\n        audiences: [micro]\n        scope: per_applicant\n        benefit: {type: cap, name: 实验室奖励, amount: 500000}", "id: municipal", "“实验室奖励”国家级的数额与 east.yml:27 不一致"),
    Fault("impossible date", "as_of: 2022-05-25", "as_of: 2022-02-30", "as_of: 2022-02-30", "没有“2022-02-30”这一天"),
    Fault("impossible month", "as_of: 2022\n", "as_of: 2022-13\n", "as_of: 2022-13", "没有“2022-13”这一天"),
    Fault("impossible date of a source", "    date: 2022-05-25", "    date: 2022-02-30", "date: 2022-02-30", "没有“2022-02-30”这一天"),
    Fault("ends before it begins", "valid_to: 2026-12-31", "valid_to: 2021-12-31", "valid_to: 2021-12-31", "失效日期早于生效日期"),
    Fault("phone without a source", "name: 东区科技局,", 'name: 东区科技局, phone: "00000",', "phone:", "写了电话却没有写出处"),
    Fault("phone of an unknown source", "name: 东区科技局,", 'name: 东区科技局, phone: "00000", phone_source: west-report,', "phone:", "写了电话却没有写出处"),
    Fault("field neither stated nor unstated", "[process, deadline, phone]", "[deadline, phone]", "unstated: [deadline, phone]", "“process”既没有写，也没有列为未说明"),
    Fault("field both stated and unstated", "[process, deadline, phone]", "[process, materials, deadline, phone] # all", "materials: [批文]", "“materials”写了内容，又列在 unstated 里"),
]


def check(folder: Path, texts: dict[str, str]) -> list[Problem]:
    return check_book(write_book(folder, texts))[0]


def test_small_book_is_clean(tmp_path: Path) -> None:
    assert check(tmp_path, TEXTS) == []
    assert list(load_book(tmp_path).policies) == ["lab-reward", "talent-service"]


@pytest.mark.parametrize("fault", SHAPE + MEANING, ids=lambda fault: fault.name)
def test_fault_is_reported_at_its_place(fault: Fault, tmp_path: Path) -> None:
    texts = faulty(fault)
    problems = check(tmp_path, texts)
    assert [(problem.file, problem.line, problem.column) for problem in problems] == [place(texts, fault)] * len(problems)
    assert any(fault.says in problem.what for problem in problems), problems
    assert all(problem.mend for problem in problems)
    assert not any(problem.warning for problem in problems)
    with pytest.raises(BookError) as caught:
        load_book(tmp_path)
    assert caught.value.problems == problems
    assert "east.yml:" in str(caught.value) or "book.yml:" in str(caught.value)
