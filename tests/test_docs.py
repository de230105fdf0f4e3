"""The documentation keeps up with the code: what it must name, it names; what it shows, is so."""

from __future__ import annotations

import ast
import asyncio
import io
import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import fields as fields_of
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.knowledge import PolicyBook, focus
from actions.knowledge.benefits import BENEFIT_TYPES
from actions.knowledge.focus import Focus
from actions.knowledge.models import Scope
from actions.replies.figures import SCOPE_NAMES, figure
from bot import cli
from bot.channels.wechat import accounts
from bot.channels.wechat.advice import ADVICE
from bot.channels.wechat.codec import Cipher, errors
from bot.channels.wechat.rendering import TAP, TYPE, Rendered, rendered
from bot.chart import CHART, chart
from bot.wechatsim.screen import Screen
from tests.assistant import agent, loop

__all__ = ["agent", "loop"]

ROOT = Path(__file__).resolve().parents[1]
README, GUIDE = ROOT / "README.md", ROOT / "docs" / "政策库编辑指南.md"
ARCHITECTURE, DEPLOYMENT = ROOT / "docs" / "架构.md", ROOT / "docs" / "部署.md"
TRANSCRIPTS = ROOT / "docs" / "对话实录.md"
WECHAT = ROOT / "docs" / "微信接入.md"
PAGES = sorted((*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
SCHEMAS = ROOT / "actions" / "knowledge" / "schema"
TODAY = "2026-11-22"  # the day of the replies that the pages show
Fields = dict[str, dict[str, Any]]
Turns = list[tuple[str, list[str]]]


@cache
def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def sections(page: Path) -> dict[str, str]:
    """The text below every heading, by each word in backticks that the heading holds."""
    found = {}
    for part in re.split(r"^#{2,4} ", text_of(page), flags=re.MULTILINE)[1:]:
        heading, _, body = part.partition("\n")
        found.update(dict.fromkeys(re.findall(r"`([^`]+)`", heading), body))
    return found


def first_cells(text: str) -> set[str]:
    return set(re.findall(r"^\| `([^`]+)` \|", text, flags=re.MULTILINE))


@cache
def split(page: Path) -> tuple[str, list[tuple[str, str]]]:
    """A page without what stands between fences, and its fenced blocks as (language, text)."""
    parts = re.split(r"^```(.*)\n", text_of(page), flags=re.MULTILINE)
    assert len(parts) % 4 == 1, f"{page.name}: a fence is not closed"
    return "".join(parts[::4]), list(zip(parts[1::4], parts[2::4], strict=True))


def blocks(page: Path, language: str = "") -> list[str]:
    return [text for kind, text in split(page)[1] if kind == language]


# -- the format of the policy book --


def objects(name: str) -> Iterator[tuple[str, Fields]]:
    """(heading, fields) of everything in a schema that has fields of its own, except the types of benefits."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))

    def inner(heading: str, node: dict[str, Any]) -> Iterator[tuple[str, Fields]]:
        if "$ref" in node:
            node = schema["definitions"][node["$ref"].rpartition("/")[2]]
        if "items" in node:
            node = node["items"]
            yield from inner(heading, node)
        elif "properties" in node:
            if heading != "benefit":
                yield heading, node["properties"]
            for key, value in node["properties"].items():
                yield from inner(key, value)

    yield from inner(f"{name}.schema.json", schema)


OBJECTS = [(heading, sorted(fields)) for name in ("region", "book") for heading, fields in objects(name)]


def test_objects_are_found() -> None:
    headings = {heading for heading, _ in OBJECTS}
    assert {"region.schema.json", "policies", "rules", "gaps", "department", "hotline", "topics"} <= headings
    assert {"eligibility", "test", "facts"} <= headings


@pytest.mark.parametrize(("heading", "fields"), OBJECTS, ids=[heading for heading, _ in OBJECTS])
def test_every_field_has_its_row(heading: str, fields: list[str]) -> None:
    assert set(fields) == first_cells(sections(GUIDE)[heading])


def region_schema() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SCHEMAS / "region.schema.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.parametrize("kind", BENEFIT_TYPES)
def test_every_type_of_benefit_has_its_row(kind: str) -> None:
    definition = region_schema()["definitions"]["plain" if kind in ("service", "unstated") else kind]
    row = next(line for line in sections(GUIDE)["benefit"].splitlines() if line.startswith(f"| `{kind}` |"))
    fields = set(definition["properties"]) - {"type", "name"}
    assert set(re.findall(r"`(\w+)`", row.split("|")[3])) == fields
    assert set(re.findall(r"`(\w+)`\*", row.split("|")[3])) == set(definition.get("required", []))
    assert fields <= first_cells(sections(GUIDE)["benefit"])


def test_every_choice_is_named() -> None:
    policy = region_schema()["definitions"]["policy"]["properties"]
    choices = [*policy["kind"]["enum"], *policy["status"]["enum"], *policy["department"]["properties"]["basis"]["enum"]]
    choices += [*policy["unstated"]["items"]["enum"], *region_schema()["definitions"]["qualifier"]["enum"]]
    book = json.loads((SCHEMAS / "book.schema.json").read_text(encoding="utf-8"))
    choices += region_schema()["definitions"]["requirement"]["properties"]["kind"]["enum"]
    choices += book["properties"]["facts"]["items"]["properties"]["facet"]["enum"]
    assert [choice for choice in choices if f"`{choice}`" not in text_of(GUIDE)] == []


def test_every_scope_has_its_row_with_a_real_example(book: PolicyBook) -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \|(.*)\|$", text_of(GUIDE).split("\n## 数字的口径")[1], flags=re.MULTILINE))
    assert {scope.value for scope in Scope} <= set(rows)
    for scope in Scope:
        _, example, remark = (cell.strip() for cell in rows[scope.value].split("|"))
        policy, rule, shown = re.fullmatch(r"`([\w-]+)` / `([\w-]+)`：(.+)", example).groups()  # type: ignore[union-attr]
        found = next(item for item in book.policies[policy].rules if item.id == rule)
        assert (found.scope, figure(found)) == (scope, shown)
        assert remark == (SCOPE_NAMES[scope] or "不加注明")


def test_examples_of_benefits_are_real(book: PolicyBook) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| `([\w-]+)` / `([\w-]+)` \| (.*) \|$", sections(GUIDE)["benefit"], flags=re.MULTILINE)
    assert {kind for kind, *_ in rows} == set(BENEFIT_TYPES)
    for kind, policy, rule, shown in rows:
        found = next(item for item in book.policies[policy].rules if item.id == rule)
        assert isinstance(found.benefit, BENEFIT_TYPES[kind])
        if kind not in ("service", "unstated"):
            assert figure(found) == shown


def policies_file(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "data" / "policies" / f"{name}.yml").read_text(encoding="utf-8"))
    return found


def test_the_complete_example_is_the_real_record() -> None:
    real = policies_file("shanghe")
    shown = [yaml.safe_load(block) for block in blocks(GUIDE, "yaml")][:3]
    assert len(shown) == 3
    assert shown[0][0] in real["policies"]
    assert shown[1]["departments"][0] in real["departments"]
    assert shown[2]["sources"][0] in real["sources"]


def test_the_examples_of_conditions_are_real() -> None:
    needs, rules, facts = (yaml.safe_load(block) for block in blocks(GUIDE, "yaml")[3:])
    gaoxindai = next(policy for policy in policies_file("gaoxin")["policies"] if policy["id"] == "gaoxin-gaoxindai")
    assert needs["eligibility"] == gaoxindai["eligibility"]
    assert facts["facts"]
    assert [fact for fact in facts["facts"] if fact not in policies_file("book")["facts"]] == []
    real = [rule for policy in policies_file("qingdao")["policies"] for rule in policy["rules"]]
    assert rules["rules"]
    for shown in rules["rules"]:  # without its benefit, which is shown elsewhere
        assert "test" in shown or "audiences" in shown
        assert any(shown == {key: value for key, value in rule.items() if key != "benefit"} for rule in real)


# -- the messages of the check --


def messages() -> Iterator[str]:
    """The constant parts of every complaint that the check of a book can make."""
    for name in ("documents", "structure", "loading", "consistency"):
        tree = ast.parse((ROOT / "actions" / "knowledge" / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            what: ast.expr | None = None
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "problem":
                what = node.args[1]
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                what = node.args[3]
            elif name == "structure" and isinstance(node, ast.Tuple) and len(node.elts) == 3:
                what = node.elts[1]
            if isinstance(what, (ast.Constant, ast.JoinedStr)):
                parts = what.values if isinstance(what, ast.JoinedStr) else [what]
                for part in parts:
                    if isinstance(part, ast.Constant):
                        yield from re.findall(r"[\u4e00-\u9fff]{3,}", str(part.value))


def test_every_message_of_the_check_is_explained() -> None:
    found = set(messages())
    assert len(found) > 30
    explained = text_of(GUIDE).split("\n## 检查")[1]
    assert sorted(part for part in found if part not in explained) == []


# -- the code --


def test_every_intent_has_its_row_with_its_action() -> None:
    domain = yaml.safe_load((ROOT / "bot" / "domain" / "domain.yml").read_text(encoding="utf-8"))
    rules = yaml.safe_load((ROOT / "data" / "stories" / "rules.yml").read_text(encoding="utf-8"))["rules"]
    by_intent = [rule["steps"] for rule in rules if "intent" in rule["steps"][0]]  # others go on from an action
    actions = {steps[0]["intent"]: steps[1]["action"] for steps in by_intent}
    wanted = {intent: actions[intent] for intent in (name for entry in domain["intents"] for name in entry)}
    shown = dict(re.findall(r"^\| `(\w+)` \| `(action_\w+)` \|", text_of(ARCHITECTURE), flags=re.MULTILINE))
    assert shown == wanted


def test_the_chart_is_drawn_from_the_rules() -> None:
    assert CHART.read_text(encoding="utf-8") == chart(), "draw it again: python -m bot.chart"


def section(page: Path, heading: str) -> str:
    """The text below a heading, up to the next one of the same level."""
    marks = re.match("#+", heading)
    assert marks
    return re.split(rf"^#{{1,{len(marks[0])}}} ", text_of(page).split(f"\n{heading}\n")[1], maxsplit=1, flags=re.MULTILINE)[0]


def test_the_focus_is_told_whole() -> None:
    told = first_cells(section(ARCHITECTURE, "## 焦点"))
    fields = {field.name for field in fields_of(Focus)}
    transitions = first_cells(focus.__doc__ or "")
    assert {"on", "listing", "moved", "Focus()"} <= transitions
    assert told == fields | transitions


def test_every_slot_has_its_row() -> None:
    domain = yaml.safe_load((ROOT / "bot" / "domain" / "domain.yml").read_text(encoding="utf-8"))
    assert first_cells(section(ARCHITECTURE, "## 槽")) == set(domain["slots"])


def test_every_variable_is_documented_and_no_other() -> None:
    files = [*ROOT.glob("bot/**/*.py"), *ROOT.glob("actions/**/*.py"), *(ROOT / "scripts").iterdir(), ROOT / "Makefile"]
    used = {name for file in files if file.is_file() for name in re.findall(r"HUIQI_[A-Z]+", file.read_text(encoding="utf-8"))}
    assert {"HUIQI_BOOK", "HUIQI_TODAY", "HUIQI_LOG"} <= used
    # Those of a WeChat account have its name in them, so only what they begin with is the same.
    documented = set(re.findall(r"^\| `((?:HUIQI_)?[A-Z]+)(?:_[^`]*)?` \|", text_of(DEPLOYMENT), flags=re.MULTILINE))
    assert documented == used | {"HOST", "PORT"}
    of_tests = {name for file in ROOT.glob("tests/**/*.py") for name in re.findall(r"HUIQI_[A-Z]+", text_of(file))}
    assert {name for page in PAGES for name in re.findall(r"HUIQI_[A-Z]+", text_of(page))} <= used | of_tests


def test_every_command_and_option_is_in_the_readme() -> None:
    commands = next(action for action in cli.parser()._actions if action.choices)
    assert isinstance(commands.choices, dict)
    table = {row.split("`")[1].split()[1]: row for row in text_of(README).splitlines() if row.startswith("| `huiqi ")}
    assert set(table) == set(commands.choices)
    for name, command in commands.choices.items():
        options = {option for action in command._actions for option in action.option_strings} - {"-h", "--help"}
        assert set(re.findall(r"--[a-z-]+", table[name])) == options


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE))
    named = {target for page in PAGES for target in re.findall(r"(?:^|`|\s)make ([a-z-]+)", text_of(page), flags=re.MULTILINE)}
    assert {"serve", "test", "validate"} <= named
    assert named <= targets


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    headings = re.findall(r"^#{1,4} (.+)$", text_of(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_links_lead_somewhere(page: Path) -> None:
    broken = []
    for target in re.findall(r"\]\((?!https?:)([^)\s]+)\)", re.sub(r"`[^`]*`", "", split(page)[0])):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and anchor not in anchors(file)):
            broken.append(target)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=[page.name for page in PAGES])
def test_paths_in_backticks_exist(page: Path) -> None:
    made = ("models/", "results/", "build/", ".venv/", "conversations.db")  # by running the project
    paths = re.findall(r"`((?:[\w.]+/)+[\w.]*)`", text_of(page))
    assert [path for path in paths if not path.startswith(made) and not (ROOT / path).exists()] == []


# -- what the assistant is said to answer --


def turns_of(conversation: str) -> Turns:
    """(question, lines of the reply) of every turn of a shown conversation."""
    turns = []
    for turn in re.split(r"^问：", conversation, flags=re.MULTILINE)[1:]:
        question, _, reply = turn.partition("\n答：")
        turns.append((question, reply.splitlines()))
    return turns


def dialogues(pages: Iterable[Path]) -> list[tuple[str, Turns]]:
    """(page, turns) of every conversation that some pages show."""
    found = [
        (page.name, turns_of(conversation)) for page in pages for block in blocks(page) for conversation in block.split("\n\n")
    ]
    return [(page, turns) for page, turns in found if turns]


def shown(lines: list[str]) -> list[str]:
    """The lines that an excerpt shows."""
    return [line for line in lines if line != "……"]


def replay(turns: Turns, agent: Any, loop: asyncio.AbstractEventLoop) -> Iterator[list[str]]:
    """The lines of each reply, as they are given when a conversation is held again."""
    from bot.conversation import Conversation  # noqa: PLC0415 - Rasa takes seconds to import

    conversation = Conversation(agent)
    for question, _ in turns:
        messages = loop.run_until_complete(conversation.say(question))
        yield "\n".join(message["text"] for message in messages if message.get("text")).splitlines()


EXCERPTS = dialogues(page for page in PAGES if page != TRANSCRIPTS)
WHOLE = dialogues([TRANSCRIPTS] if TRANSCRIPTS.exists() else [])


def names(conversations: list[tuple[str, Turns]]) -> list[str]:
    return [turns[0][0] for _, turns in conversations]


def test_dialogues_are_found() -> None:
    assert {"README.md", "政策库编辑指南.md", "对话与匹配.md"} <= {page for page, _ in EXCERPTS}
    assert all(shown(lines) for _, turns in EXCERPTS for _, lines in turns)


@pytest.mark.agent
@pytest.mark.parametrize(("page", "turns"), EXCERPTS, ids=names(EXCERPTS))
def test_shown_replies_are_given(
    page: str, turns: Turns, agent: Any, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIQI_TODAY", TODAY)
    for (question, lines), given in zip(turns, replay(turns, agent, loop), strict=True):
        rest = iter(given)  # the lines shown are lines of the reply, in its order
        assert [line for line in shown(lines) if line not in rest] == [], (question, given)


def test_ten_whole_conversations_are_shown() -> None:
    assert len(WHOLE) >= 10
    assert [turns[0][0] for _, turns in WHOLE if len(turns) < 3] == []
    assert len(set(names(WHOLE))) == len(WHOLE)


@pytest.mark.agent
@pytest.mark.parametrize(("page", "turns"), WHOLE, ids=names(WHOLE))
def test_whole_conversations_are_held_word_for_word(
    page: str, turns: Turns, agent: Any, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUIQI_TODAY", TODAY)
    for (question, lines), given in zip(turns, replay(turns, agent, loop), strict=True):
        assert lines == given, question


def test_every_kind_of_block_and_event_is_documented() -> None:
    page = text_of(ROOT / "docs" / "网页接入.md")
    layout = text_of(ROOT / "actions" / "replies" / "layout.py")
    kinds = set(re.findall(r'"kind": "(\w+)"', layout)) | {"text", "step"}
    assert (kinds - {"place"}) | {"kind"} == first_cells(section(ROOT / "docs" / "网页接入.md", "### 消息"))
    sockets = "".join(text_of(file) for file in (ROOT / "bot" / "channels" / "web").glob("*.py"))
    events = set(re.findall(r'"((?:session|user|bot|turn|greeting|history|forget)_\w+)"', sockets)) - {"session_id"}
    assert {"session_request", "user_uttered", "bot_uttered", "turn_end"} <= events
    assert {event for event in events if f"`{event}`" not in page} == set()


# -- WeChat --


def rows(text: str) -> list[list[str]]:
    """The cells of every row of the tables in a text."""
    return [[cell.strip() for cell in line[2:-2].split(" | ")] for line in text.splitlines() if line.startswith("| ")]


def constants(name: str) -> dict[str, Any]:
    """What a module of the channel sets in plain numbers and texts: some of them cannot be imported without Rasa."""
    found: dict[str, Any] = {}
    for node in ast.parse(text_of(ROOT / "bot" / "channels" / f"{name}.py")).body:
        if isinstance(node, ast.Assign):
            with suppress(ValueError):
                value, target = ast.literal_eval(node.value), node.targets[0]
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                values = value if isinstance(target, ast.Tuple) else [value]
                found |= {ast.unparse(name): value for name, value in zip(names, values, strict=True)}
    return found


def test_every_setting_of_wechat_has_its_row_and_its_accounts() -> None:
    called = {accounts.OFFICIAL: "公众号", accounts.APPLICATION: "应用", accounts.ROBOT: "机器人"}
    told: dict[str, set[str]] = {kind: set() for kind in called}
    for setting, whose, *_ in rows(section(WECHAT, "## 设置和变量")):
        for kind, name in called.items():
            if setting.startswith("`") and not setting.startswith("`HUIQI") and (whose == "全部" or name in whose):
                told[kind].add(setting.strip("`"))
    assert told == {kind: settings | {"kind"} for kind, settings in accounts._SETTINGS.items()}


def test_every_secret_of_wechat_has_its_row() -> None:
    secrets = set(re.findall(r'_secret\(name, "(\w+)"', text_of(ROOT / "bot" / "channels" / "wechat" / "accounts.py")))
    assert secrets == {"TOKEN", "KEY", "SECRET"}
    told = {name for name in first_cells(section(WECHAT, "## 设置和变量")) if name.startswith("HUIQI")}
    assert told == {f"HUIQI_WECHAT_账号名_{secret}" for secret in secrets}


def test_every_code_of_the_platform_that_is_explained_has_its_row() -> None:
    explained = {str(code) for code, advice in ADVICE.items() if advice and code is not None}
    assert "40164" in explained
    assert first_cells(section(WECHAT, "## 平台接口的错误")) == explained


EXAMPLES = [
    block.replace("…", "0000") for block in re.findall(r"^ *```yaml\n(.*?)^ *```", WECHAT.read_text("utf-8"), re.M | re.S)
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_the_examples_of_accounts_are_accepted(example: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (channel, settings), *others = yaml.safe_load(example).items()
    assert not others
    assert channel in yaml.safe_load(text_of(ROOT / "bot" / "credentials.yml"))
    (name,) = settings["accounts"]
    for secret, value in (("TOKEN", "a" * 32), ("KEY", "b" * 43), ("SECRET", "c" * 32)):
        monkeypatch.setenv(f"HUIQI_WECHAT_{name.upper()}_{secret}", value)
    assert accounts.accounts_of(settings)[name].kind == settings["accounts"][name]["kind"]
    needed = {"TOKEN", "KEY"} | ({"SECRET"} if accounts.accounts_of(settings)[name].secret else set())
    told = set(re.findall(rf"HUIQI_WECHAT_{name.upper()}_([A-Z]+)=", text_of(WECHAT)))
    assert needed <= told


def test_there_is_an_example_of_every_kind_of_account() -> None:
    kinds = {
        account["kind"]
        for example in EXAMPLES
        for channel in yaml.safe_load(example).values()
        for account in channel["accounts"].values()
    }
    assert kinds == set(accounts._SETTINGS)


def test_the_command_for_a_key_gives_one() -> None:
    (program,) = re.findall(r"_KEY=\$\(python3 -c '(.+?)'\)", text_of(WECHAT))
    key = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout.strip()
    assert accounts._KEY.fullmatch(key)
    Cipher(key, "")


def test_the_numbers_of_wechat_are_those_of_the_code() -> None:
    guard, requests = constants("guard"), constants("requests")
    desk, gate, turns = constants("wechat/desk"), constants("wechat/gate"), constants("wechat/turns")
    callback, robot, outbox = constants("wechat/callback"), constants("wechat/robot"), constants("wechat/outbox")
    limit = constants("wechat/pieces")["LIMIT"]
    wanted = {
        "等一次回复": f"5 秒，断开后重送，一共 {gate['DELIVERIES']} 次",
        "我们多久算慢": f"{accounts.LATE} 秒（`seconds`）",
        "一轮回答最久": f"{desk['_PATIENCE']} 秒，再久就道歉",
        "一条消息": f"{limit} 字节；机器人 {robot['LIMIT']} 字节",
        "主动发送，公众号": f"用户发消息后 48 小时内 {callback['_AFTER_TEXT']} 条；"
        f"点菜单、关注、扫码后 1 分钟内 {callback['_AFTER_TAP']} 条",
        "一个人的消息": f"{desk['_SECONDS']} 秒 {desk['_MESSAGES']} 条",
        "一句话": f"{guard['MOST_CHARACTERS']} 字",
        "一个请求": f"{requests['MOST_BYTES']} 字节",
        "请求的时间与本机相差": f"{gate['WINDOW']} 秒以内",
        "同一个签名的请求": f"{gate['DELIVERIES']} 次，并且内容一样",
        "留着等用户来取的回答": f"{outbox['KEPT_SECONDS']} 秒",
        "记得送过的消息": f"{turns['KEPT_SECONDS']} 秒，每个账号至多 {turns['_MOST']} 条",
    }
    told = {name: value for name, value, _ in rows(section(WECHAT, "## 限制和时间"))}
    assert {name: told.get(name) for name in wanted} == wanted
    settings = {cells[0]: cells for cells in rows(section(WECHAT, "## 设置和变量"))}
    assert settings["`seconds`"][2:] == [f"`{accounts.LATE}`", f"过多少秒算慢，不超过 {accounts.LATEST}"]


def test_what_wechat_users_are_told_is_quoted() -> None:
    callback, robot, desk = constants("wechat/callback"), constants("wechat/robot"), constants("wechat/desk")
    said = [TAP, TYPE, callback["WAIT"], callback["MORE"].strip(), robot["SEARCHING"], desk["WORDS_ONLY"]]
    assert [text for text in said if text not in text_of(WECHAT)] == []


def test_the_log_lines_of_refused_requests_are_quoted() -> None:
    quoted = {(text, -int(code)) for text, code in re.findall(r"([^：…`]+。)（-(4\d{4})）", text_of(WECHAT))}
    assert {code for _, code in quoted} == {errors.SIGNATURE, errors.RECEIVER, errors.BUFFER, errors.DECRYPTION}
    assert [code for text, code in quoted if text != str(errors.CodecError(code))] == []


def test_every_module_of_the_wechat_channel_has_its_place() -> None:
    folder = ROOT / "bot" / "channels" / "wechat"
    parts = {file.name for file in folder.glob("*.py")} - {"__init__.py"} | {"codec"}
    for page, heading in ((WECHAT, "## 写给开发者：一个请求怎样走"), (ARCHITECTURE, "## 微信渠道")):
        assert {part for part in parts if f"`{part}`" not in section(page, heading)} == set()


def complaints() -> Iterator[str]:
    """The constant parts of what the WeChat channel logs and refuses with."""
    for file in (ROOT / "bot" / "channels" / "wechat").glob("*.py"):
        for node in ast.walk(ast.parse(text_of(file))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).startswith(("logger.", "_log.", "RefusedError")):
                texts = [part.value for part in ast.walk(node) if isinstance(part, ast.Constant)]
                yield from re.findall(r"[\u4e00-\u9fff]{2,}", " ".join(map(str, texts)))


def test_every_log_line_of_wechat_is_explained() -> None:
    found = set(complaints())
    assert {"拒绝了一个请求", "这个请求已经收到过", "主动发送出错"} <= found
    assert sorted(part for part in found if part not in section(WECHAT, "## 提交没有通过，没有回答")) == []


CHATS = re.findall(r"^gongzhonghao> ([^:\n]+)\n(.+?)\n（被动回复", WECHAT.read_text("utf-8"), re.M | re.S)


def in_wechat(messages: list[dict[str, Any]]) -> Rendered:
    """The messages of the REST channel as an official account says them."""
    from bot.channels.messages import Replies  # noqa: PLC0415 - Rasa takes seconds to import

    replies = Replies("turn")
    taken = [replies.take(one.get("text"), one.get("buttons") or (), one.get("custom"), 0) for one in messages]
    return rendered([message for part in [*taken, replies.rest()] for message in part], links=True)


@pytest.mark.agent
def test_the_chat_of_the_simulator_is_held(agent: Any, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.conversation import Conversation  # noqa: PLC0415 - as above

    assert len(CHATS) >= 2
    monkeypatch.setenv("HUIQI_TODAY", TODAY)
    conversation, given = Conversation(agent), Rendered("", {})
    for said, bubble in CHATS:
        question = given.choices[int(said)] if said.isdigit() else said
        given = in_wechat(loop.run_until_complete(conversation.say(question)))
        screen = io.StringIO()
        Screen(screen).bubble(given.text, "")
        rest = iter(screen.getvalue().splitlines())
        assert [line for line in shown(bubble.splitlines()) if line not in rest] == [], screen.getvalue()
