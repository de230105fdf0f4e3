"""Every kind of fault in a book is reported at its place, in clear words, with the way to mend it."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.knowledge import BookError, Problem, check_book, load_book
from tests.knowledge.books import EAST, TEXTS, VOCABULARY, Fault, faulty, place, write_book

# What shows in a single value: keys, types, forms.
SHAPE = [
    Fault("unknown key", "status: in_force", "stauts: in_force\n    status: in_force", "不认识的键“stauts”"),
    Fault("unknown key of a benefit", "amount: 500000}", "amount: 500000, limit: 1}", "不认识的键“limit”", at="limit:"),
    Fault("duplicate key", "kind: reward", "kind: reward\n    kind: subsidy", "“kind”写了两次", at="kind: subsidy"),
    Fault("missing key", "    summary: 东区给新获批实验室的奖励。\n", "", "缺少“summary”", at="id: lab-reward"),
    Fault("amount as text", "amount: 500000}", "amount: 50万}", "“50万”应当是数"),
    Fault("amount with a comma", "amount: 500000}", "amount: 500,000}", "不认识的键“000”", at="000}\n      - id: rent"),
    Fault("amount of zero", "amount: 500000}", "amount: 0}", "超出范围"),
    Fault("rate in per cent", "rate: 0.3", "rate: 30", "超出范围"),
    Fault("discount in per cent", "factor: 0.6", "factor: 60", "超出范围"),
    Fault("text for a list", "aliases: [人才管家]", "aliases: 人才管家", "“人才管家”应当是列表"),
    Fault("empty text", "text: 专人代办", 'text: ""', "不能为空"),
    Fault("anchor", "aliases: [人才管家]", "aliases: [&a 人才管家, *a]", "YAML 的锚点引用", at="&a"),
    Fault("clock time", "text: 专人代办", "text: 1:30", "“1:30”会被 YAML 当成特殊的数"),
    Fault("year as number", 'as_of: "2022"', "as_of: 2022", "“2022”应当是文字或null", at="as_of: 2022\n"),
    Fault("item twice in a list", "audience: [新获批的实验室]", "audience: [实验室, 实验室]", "列表里有重复的项"),
    Fault("id in capitals", "id: lab-reward", "id: Lab Reward", "“Lab Reward”的写法不对"),
    Fault("date with slashes", "date: 2022-05-25\n", "date: 2022/5/25\n", "“2022/5/25”的写法不对"),
    Fault("unknown status", "status: planned", "status: soon", "“soon”不在可选的值里"),
    Fault("unknown kind of benefit", "type: cap", "type: maximum", "“maximum”不在可选的值里"),
    Fault("phone as number", "name: 东区科技局,", "name: 东区科技局, phone: 00000,", "应当是文字", at="phone: 0"),
    Fault("term without id", "{id: talent, name: 人才}", "{name: 人才}", "缺少“id”", file="book.yml"),
]

# What shows only beside other values: references, silences, scopes, dates, contradictions.
MEANING = [
    Fault("unknown region", "region: east", "region: west", "地区“west”没有登记"),
    Fault("unknown topic", "topics: [rd]", "topics: [rd, moon]", "topics 里没有“moon”", at="moon"),
    Fault("unknown audience", "audiences: [micro]\n", "audiences: [giant]\n", "audiences 里没有“giant”", at="giant"),
    Fault(
        "unknown audience of a rule", "audiences: [micro] # small", "audiences: [giant] # small", "没有对象“giant”", at="giant"
    ),
    Fault("unknown level", "[市级] # municipal", "[省级]", "没有级别“省级”", at="省级"),
    Fault("dangling department", "id: east-office, basis", "id: west-office, basis", "没有部门“west-office”"),
    Fault(
        "department without basis",
        "{basis: none}",
        "{basis: none, id: east-office}",
        "basis 是 none 却写了部门",
        at="department: {basis: none",
    ),
    Fault("dangling source", "id: east-report}", "id: west-report}", "没有来源“west-report”"),
    Fault("confusion with an unknown policy", "with: talent-service", "with: talent-servise", "没有政策“talent-servise”"),
    Fault(
        "duplicate policy",
        "id: lab-reward",
        "id: talent-service",
        "“talent-service”已在 east.yml:14 用过",
        at="id: talent-service\n    name: 东区人",
    ),
    Fault("duplicate rule", "id: municipal", "id: national  # again", "条款编号“national”在本政策里用了两次"),
    Fault(
        "duplicate term",
        "id: talent,",
        "id: rd, name: 又}\n  - {id: talent,",
        "编号“rd”用了两次",
        at="id: rd, name: 又",
        file="book.yml",
    ),
    Fault("unknown parent", "parent: city", "parent: town", "上级地区“town”没有登记", file="book.yml"),
    Fault(
        "figure without scope",
        "scope: per_applicant # municipal",
        "",
        "条款“municipal”有数字却没有写口径",
        at="id: municipal",
    ),
    Fault(
        "scope without figure", "condition: 在东区工作", "scope: measure\n        condition: 在东区工作", "没有数字，不应写口径"
    ),
    Fault("contradiction in a policy", "name: 负责人奖励", "name: 实验室奖励", "市级的数额与 east.yml:33 不一致", at="id: talk"),
    Fault("contradiction in a family", "family: people", "family: science", "国家级的数额与 east.yml:28 不一致", at="id: team"),
    Fault("impossible date", "as_of: 2022-05-25", "as_of: 2022-02-30", "没有“2022-02-30”这一天"),
    Fault("impossible month", 'as_of: "2022"', "as_of: 2022-13", "没有“2022-13”这一天"),
    Fault("impossible date of a source", "    date: 2022-05-25", "    date: 2022-02-30", "没有“2022-02-30”这一天"),
    Fault("ends before it begins", "valid_to: 2026-12-31", "valid_to: 2021-12-31", "失效日期早于生效日期"),
    Fault(
        "phone without a source", "name: 东区科技局,", 'name: 东区科技局, phone: "00000",', "写了电话却没有写出处", at="phone:"
    ),
    Fault(
        "phone of an unknown source",
        "name: 东区科技局,",
        'name: 东区科技局, phone: "00000", phone_source: none,',
        "写了电话却没有写出处",
        at="phone:",
    ),
    Fault(
        "neither stated nor unstated",
        "[process, deadline, phone]",
        "[deadline, phone]",
        "“process”既没有写",
        at="unstated: [deadline, phone]",
    ),
    Fault(
        "phone neither stated nor unstated",
        "deadline, phone]\n    confusions",
        "deadline]\n    confusions",
        "“phone”",
        at="unstated: [process, deadline]",
    ),
    Fault("unknown kind", "kind: service", "kind: loan", "kinds 里没有“loan”"),
    Fault(
        "unknown place",
        "kind: service",
        "place: west\n    kind: service",
        "“west”不是本地区里的地方",
        at="place: west",
    ),
    Fault(
        "place around the region", "kind: service", "place: city\n    kind: service", "“city”不是本地区里的地方", at="place: city"
    ),
    Fault(
        "both stated and unstated",
        "[process, dead",
        "[materials, process, dead",
        "“materials”写了内容，又列在",
        at="materials: [批文]",
    ),
]

# Faults of a whole file: name, its bytes, the line, the words.
FILES = [
    ("empty", b"", 1, "文件是空的"),
    ("only a comment", "# 待补\n".encode(), 1, "文件是空的"),
    ("a list", b"- region: east\n", 1, "最外层不是"),
    ("not UTF-8", EAST.encode("gbk"), 1, "不是 UTF-8"),
    ("wrong indentation", EAST.replace("    kind: service", "   kind: service").encode(), 62, "YAML 写法有误"),
    ("tab", EAST.replace("    kind: service", "\tkind: service").encode(), 62, "YAML 写法有误"),
    ("control character", EAST.replace("name: 东区人才服务", "name: 东区\x07人才服务").encode(), 59, "看不见的控制字符"),
    ("colon in a text", EAST.replace("name: 东区人才服务", "name: 东区: 人才服务").encode(), 59, "YAML 写法有误"),
    ("open bracket", EAST.replace("[人才管家]", "[人才管家").encode(), 61, "YAML 写法有误"),
    ("second document", (EAST + "---\nregion: east\n").encode(), 84, "YAML 写法有误"),
]


def check(folder: Path, texts: dict[str, str]) -> list[Problem]:
    return check_book(write_book(folder, texts))[0]


def places(problems: list[Problem]) -> set[tuple[str, int, int]]:
    return {(problem.file, problem.line, problem.column) for problem in problems}


def named(*names: str) -> list[Fault]:
    """The faults of these names."""
    found = {fault.name: fault for fault in SHAPE + MEANING}
    return [found[name] for name in names]


def test_small_book_is_clean(tmp_path: Path) -> None:
    assert check(tmp_path, TEXTS) == []
    assert list(load_book(tmp_path).policies) == ["lab-reward", "talent-service"]


def test_small_book_is_clean_as_other_editors_write_it(tmp_path: Path) -> None:
    write_book(tmp_path, TEXTS)
    (tmp_path / "east.yml").write_bytes(EAST.replace("\n", "\r\n").encode("utf-8-sig"))
    (tmp_path / ".east.yml.swp").write_bytes(b"\x00")
    (tmp_path / "notes.txt").write_text("not a region", encoding="utf-8")
    assert check_book(tmp_path)[0] == []


@pytest.mark.parametrize("fault", SHAPE + MEANING, ids=lambda fault: fault.name)
def test_fault_is_reported_at_its_place(fault: Fault, tmp_path: Path) -> None:
    texts = faulty(fault)
    problems = check(tmp_path, texts)
    assert places(problems) == {place(texts, fault)}
    assert any(fault.says in problem.what for problem in problems), problems
    assert all(problem.mend and not problem.warning for problem in problems)
    with pytest.raises(BookError) as caught:
        load_book(tmp_path)
    assert caught.value.problems == problems
    file, line, column = place(texts, fault)
    assert f"{file}:{line}:{column}: 错误：" in str(caught.value)
    assert "改法：" in str(caught.value)


@pytest.mark.parametrize(("content", "line", "says"), [row[1:] for row in FILES], ids=[row[0] for row in FILES])
def test_fault_of_a_whole_file(content: bytes, line: int, says: str, tmp_path: Path) -> None:
    write_book(tmp_path, TEXTS)
    (tmp_path / "east.yml").write_bytes(content)
    (problem,) = check_book(tmp_path)[0]
    assert (problem.file, problem.line) == ("east.yml", line)
    assert says in problem.what
    assert problem.mend
    with pytest.raises(BookError):
        load_book(tmp_path)


def test_missing_vocabulary(tmp_path: Path) -> None:
    (problem,) = check(tmp_path, {"east.yml": EAST})
    assert problem.file.endswith("book.yml")
    assert "缺少公共词表" in problem.what


def test_missing_folder(tmp_path: Path) -> None:
    (problem,) = check_book(tmp_path / "nowhere")[0]
    assert "没有这个政策库目录" in problem.what
    with pytest.raises(BookError):
        load_book(tmp_path / "nowhere")


TOGETHER = [
    ("unknown key", "missing key", "amount as text", "clock time", "unknown status", "term without id"),
    ("unknown topic", "unknown level", "dangling department", "dangling source", "contradiction in a family", "impossible date"),
    ("duplicate policy", "ends before it begins", "figure without scope", "scope without figure", "phone without a source"),
    ("unknown key", "dangling source", "impossible date of a source", "unknown place"),
    ("duplicate term", "unknown parent", "unknown region", "duplicate rule", "neither stated nor unstated"),
]


@pytest.mark.parametrize("names", TOGETHER, ids=" + ".join)
def test_all_faults_are_reported_at_once(names: tuple[str, ...], tmp_path: Path) -> None:
    faults = named(*names)
    texts = faulty(*faults)
    problems = check(tmp_path, texts)
    assert places(problems) == {place(texts, fault) for fault in faults}
    assert [str(problem) for problem in problems] == [str(problem) for problem in sorted(problems)]
    with pytest.raises(BookError) as caught:
        load_book(tmp_path)
    assert len(str(caught.value).splitlines()) == len(problems) >= len(faults)


SOUTH = (
    EAST.replace("region: east", "region: south")
    .replace("lab-reward", "south-lab")
    .replace("talent-service", "south-talent")
    .replace("east-", "south-")
    .replace("science", "south-science")
)
WITH_SOUTH = VOCABULARY.replace("\nlevels:", "\n  - {id: south, name: 南区}\nlevels:")


def test_two_broken_files_are_both_shown(tmp_path: Path) -> None:
    south = SOUTH.replace("status: planned", "status: soon")
    write_book(tmp_path, {"book.yml": WITH_SOUTH, "east.yml": EAST, "south.yml": SOUTH})
    assert check_book(tmp_path)[0] == []
    (tmp_path / "south.yml").write_text(south, encoding="utf-8")
    for fault in named("unknown key", "dangling source"):  # one that a schema sees, one that it does not
        texts = faulty(fault)
        (tmp_path / "east.yml").write_text(texts["east.yml"], encoding="utf-8")
        assert places(check_book(tmp_path)[0]) == {place(texts, fault), ("south.yml", 64, 5)}


def test_reference_into_a_broken_file_is_no_fault(tmp_path: Path) -> None:
    east = EAST.replace("with: talent-service", "with: south-talent")
    south = SOUTH.replace("status: planned", "status: soon")
    problems = check(tmp_path, {"book.yml": WITH_SOUTH, "east.yml": east, "south.yml": south})
    assert places(problems) == {("south.yml", 64, 5)}


def test_records_of_two_files_with_one_id(tmp_path: Path) -> None:
    problems = check(tmp_path, {**TEXTS, "west.yml": EAST})
    assert {problem.file for problem in problems} == {"west.yml"}
    assert [problem.what for problem in problems if "政策编号" in problem.what] == [
        "政策编号“lab-reward”已在 east.yml:14 用过。",
        "政策编号“talent-service”已在 east.yml:58 用过。",
    ]


def test_alias_shared_inside_a_region_is_a_warning(tmp_path: Path) -> None:
    fault = Fault(
        "shared alias", "[人才管家]", "[人才管家, 实验室奖]", "两项政策都叫“实验室奖”", at="实验室奖]\n    family: people"
    )
    texts = faulty(fault)
    (problem,) = check(tmp_path, texts)
    assert problem.warning
    assert places([problem]) == {place(texts, fault)}
    assert fault.says in problem.what
    assert "lab-reward" in problem.what
    assert problem.mend
    assert "提示：" in str(problem)
    load_book(tmp_path)


def test_alias_shared_by_two_regions_is_fine(tmp_path: Path) -> None:
    assert check(tmp_path, {"book.yml": WITH_SOUTH, "east.yml": EAST, "south.yml": SOUTH}) == []


def test_half_written_files_are_reported_not_fatal(tmp_path: Path) -> None:
    """A file cut off after any line, and a file without any one line, is checked to the end."""
    for file, text in TEXTS.items():
        lines = text.splitlines(keepends=True)
        for number in range(len(lines)):
            for rest in (lines[:number], lines[:number] + lines[number + 1 :]):
                check(tmp_path, {**TEXTS, file: "".join(rest)})


def test_fault_of_shape_outside_the_policies_hides_nothing(tmp_path: Path) -> None:
    faults = named("date with slashes", "dangling source")
    texts = faulty(*faults)
    assert places(check(tmp_path, texts)) == {place(texts, fault) for fault in faults}
