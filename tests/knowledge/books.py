"""Small books for tests: as text, with faults put in so that lines are real, and as records."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from actions.knowledge import PolicyBook
from actions.knowledge.benefits import Service
from actions.knowledge.models import Contact, Department, Examples, Fact, Hotline, Policy, Region, Rule, Source, Status, Term

VOCABULARY = """\
title: 甲市惠企政策库
hotline: {number: "12345", name: 12345 政务服务便民热线, basis: 国办发〔2020〕53号}
regions:
  - {id: city, name: 甲市, aliases: [甲城]}
  - {id: east, name: 东区, aliases: [东城], parent: city}
levels:
  - {name: 国家级}
  - {name: 市级}
kinds:
  - {id: reward, name: 奖励, nature: 财政奖励}
  - {id: service, name: 服务, nature: 服务措施，不发放资金}
topics:
  - {id: rd, name: 研发投入, aliases: [研发]}
  - {id: talent, name: 人才}
audiences:
  - {id: micro, name: 小微企业, aliases: [小微]}
facts:
  - {id: micro, name: 小微企业, facet: size, question: 您的企业是小微企业吗？, excludes: [large]}
  - {id: large, name: 大型企业, facet: size, question: 您的企业是大型企业吗？}
attributes:
  - {id: phone, name: 联系电话, aliases: [电话]}
synonyms:
  - {word: 奖励, aliases: [奖金]}
examples:
  - {topic: rd, questions: [东区实验室奖励给多少？]}
"""

EAST = """\
region: east

departments:
  - {id: east-office, name: 东区科技局, aliases: [东区科技]}

sources:
  - id: east-report
    title: 东区出台科技奖励
    publisher: 报纸报道（报头未载）
    date: 2022-05-25
    file: east.txt

policies:
  - id: lab-reward
    name: 东区实验室奖励
    aliases: [实验室奖]
    family: science
    kind: reward
    topics: [rd]
    audiences: [micro]
    status: in_force
    as_of: 2022-05-25
    valid_from: 2022-01-01
    valid_to: 2026-12-31
    summary: 东区给新获批实验室的奖励。
    audience: [新获批的实验室]
    rules:
      - id: national
        condition: 新获批国家级实验室
        levels: [国家级]
        scope: per_applicant
        benefit: {type: fixed, name: 实验室奖励, amount: 5000000}
      - id: municipal
        condition: 新获批市级实验室
        levels: [市级] # municipal
        scope: per_applicant # municipal
        benefit: {type: cap, name: 实验室奖励, amount: 500000}
      - id: rent
        condition: 实验室租用办公用房
        scope: per_applicant
        benefit: {type: discount, name: 房租优惠, factor: 0.6, base: 租金}
      - id: equipment
        condition: 实验室添置设备
        scope: per_applicant
        benefit: {type: rate, name: 设备补助, rate: 0.3, base: 设备价款, cap: 100000, per: 每年, years: 3}
      - id: talk
        condition: 市级实验室的负责人
        levels: [市级]
        scope: per_applicant
        benefit: {type: fixed, name: 负责人奖励, amount: 20000}
    materials: [批文]
    unstated: [process, deadline, phone]
    confusions:
      - {with: talent-service, text: 那是人才服务}
    department: {id: east-office, basis: named}
    source: {id: east-report, where: 第二段}

  - id: talent-service
    name: 东区人才服务
    aliases: [人才管家]
    family: people
    kind: service
    topics: [talent]
    status: planned
    as_of: "2022"
    summary: 东区计划为人才代办手续。
    audience: [人才]
    rules:
      - id: agency
        condition: 在东区工作的人才
        benefit: {type: service, name: 代办手续, text: 专人代办}
      - id: team
        condition: 国家级实验室的团队
        levels: [国家级]
        scope: per_applicant
        benefit: {type: fixed, name: 实验室奖励, amount: 300000}
      - id: small-firm
        condition: 小微企业的团队
        audiences: [micro] # small firm
        benefit: {type: unstated, name: 团队补贴}
    unstated: [process, materials, deadline, phone]
    department: {basis: none}
    source: {id: east-report}
"""

TEXTS = {"book.yml": VOCABULARY, "east.yml": EAST}


@dataclass(frozen=True)
class Fault:
    """One fault: `old`, found once in the file, becomes `new`; the report must say `says`.

    The place of the report is where the text `at` begins; without it, where `new` begins.
    """

    name: str
    old: str
    new: str
    says: str
    at: str = ""
    file: str = "east.yml"


def write_book(folder: Path, texts: dict[str, str]) -> Path:
    """A book of files with these texts."""
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def faulty(*faults: Fault) -> dict[str, str]:
    """The texts of the small book with the faults put in."""
    texts = dict(TEXTS)
    for fault in faults:
        assert texts[fault.file].count(fault.old) == 1, f"{fault.name}: “{fault.old}” must stand once in {fault.file}"
        texts[fault.file] = texts[fault.file].replace(fault.old, fault.new)
    return texts


def place(texts: dict[str, str], fault: Fault) -> tuple[str, int, int]:
    """(file, line, column) at which a fault must be reported, both counted from 1."""
    text, at = texts[fault.file], fault.at or fault.new.strip()
    assert text.count(at) == 1, f"{fault.name}: “{at}” must stand once in {fault.file}"
    before = text[: text.index(at)]
    return fault.file, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def make_policy(id: str, name: str = "", *rules: Rule, **changes: Any) -> Policy:
    """A policy of the region `east` with only what a test is about."""
    plain = Policy(
        id=id,
        region="east",
        name=name or id,
        kind="reward",
        topics=("rd",),
        status=Status.IN_FORCE,
        as_of="2022-05-25",
        summary="",
        audience=(),
        rules=rules or (Rule("plain", "符合条件", Service("办理")),),
        unstated=frozenset({"process", "materials", "deadline", "phone"}),
        contact=Contact("none"),
        source="east-report",
    )
    return replace(plain, **changes)


def make_book(*policies: Policy, **changes: Any) -> PolicyBook:
    """A book of these policies with the small book's vocabulary, department and source."""
    parts = {
        "title": "甲市惠企政策库",
        "hotline": Hotline("12345", "12345 政务服务便民热线", "国办发〔2020〕53号"),
        "regions": [Region("city", "甲市", ("甲城",)), Region("east", "东区", ("东城",), "city"), Region("north", "北区")],
        "levels": [Term("国家级", "国家级", ("部级",)), Term("市级", "市级")],
        "kinds": [Term("reward", "奖励", nature="财政奖励"), Term("fund", "基金", nature="基金安排，不直接发给企业")],
        "topics": [Term("rd", "研发投入", ("研发",)), Term("talent", "人才"), Term("vr", "虚拟现实", ("VR",))],
        "audiences": [Term("micro", "小微企业", ("小微",)), Term("talent", "人才")],
        "facts": [Fact("micro", "小微企业", "size", "您的企业是小微企业吗？", excludes=("large",))],
        "attributes": [Term("phone", "联系电话", ("电话",)), Term("interest", "利率", ("利息",))],
        "synonyms": {"奖金": "奖励"},
        "examples": [Examples("rd", ("东区实验室奖励给多少？",))],
        "departments": [Department("east-office", "科技局（东区）", ("东区科技",))],
        "sources": [Source("east-report", "东区出台科技奖励", "报纸报道（报头未载）", "2022-05-25", "east.txt")],
        "policies": policies,
    }
    return PolicyBook(**{**parts, **changes})
