"""The site over real HTTP: every page of the book, filters and search, headers, and a book that changes meanwhile."""

from __future__ import annotations

import gzip
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import date
from html.parser import HTMLParser
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.loading import load_book
from actions.replies import parts
from actions.replies.figures import figure, short_figure
from bot.site import pages, rules, views
from bot.site.pages import Site, home_view, list_view, policy_view
from bot.site.searching import Asked, Catalogue
from tests.conftest import BOOK
from tests.knowledge.books import TEXTS, make_book, make_policy, write_book

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 22)
# The site alone, without Rasa: it starts in seconds.
SERVE = """
import sys
from sanic import Sanic
from bot import site
app = Sanic("site", configure_logging=False)
app.config.MOTD = False
site.attach(app)
app.run("127.0.0.1", int(sys.argv[1]), access_log=False)
"""
EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(2)>"


class Answer:
    """A response: `text` what a reader sees of it, white space joined."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes):
        self.status, self.headers = status, headers
        self.html = (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode()

    @property
    def text(self) -> str:
        return text_of(self.html)

    @property
    def names(self) -> list[str]:
        """The policies listed, by their ids."""
        return re.findall(r'<h3><a href="/policies/([^"]+)"', self.html)


class Reader(HTMLParser):
    """The text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def read(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    return reader


def text_of(html: str) -> str:
    return " ".join("".join(read(html).texts).split())


def start(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    environment = os.environ | {"HUIQI_BOOK": str(folder), "HUIQI_TODAY": TODAY.isoformat(), "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], cwd=ROOT, env=environment)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return process, address
        except OSError:
            assert process.poll() is None
            time.sleep(0.1)
    raise AssertionError("the site did not start")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the real book that a test may change."""
    return Path(shutil.copytree(BOOK, tmp_path_factory.mktemp("site") / "book"))


@pytest.fixture(scope="module")
def site(folder: Path) -> Iterator[str]:
    process, address = start(folder)
    yield address
    process.terminate()
    process.wait(timeout=20)


def get(address: str, **headers: str) -> Answer:
    given = {"Accept": "text/html"} | {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(address, headers=given)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return Answer(answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read())
    except urllib.error.HTTPError as error:
        return Answer(error.code, {k.lower(): v for k, v in error.headers.items()}, error.read())


def listed(site: str, **values: str) -> Answer:
    return get(f"{site}/policies?{urllib.parse.urlencode(values)}")


# -- what the pages tell --


def test_home_tells_what_the_book_holds(site: str, book: PolicyBook) -> None:
    page = get(site)
    assert page.status == 200
    assert f"<dt>项政策</dt><dd>{len(book.policies)}</dd>" in page.html
    for id in {policy.region for policy in book.policies.values()}:
        assert f"{book.regions[id].name}{len(book.of_region(id))} 项" in page.text
    for group in book.example_groups:
        assert f'data-ask="{group.questions[0]}"' in page.html
    assert f"{book.hotline.number}" in page.text
    assert book.hotline.basis in page.text
    assert f'src="{site}/widget/policy-chat.js"' in page.text
    assert '<policy-chat mode="inline">' in page.html


def test_every_policy_has_a_page_with_its_facts(site: str, book: PolicyBook) -> None:
    for policy in book.policies.values():
        page = get(f"{site}/policies/{policy.id}")
        assert page.status == 200, policy.id
        source = book.source_of(policy)
        wanted = [policy.name, policy.summary, " ".join(source.title.split()), source.publisher, source.date or "日期未载"]
        wanted += [parts.department_text(book, policy), policy.source_where, *policy.audience, *policy.conditions]
        wanted += [need.text for need in policy.eligibility] + [gap.text for gap in policy.gaps]
        wanted += [note.text for note in policy.notes] + [rule.condition for rule in policy.rules]
        wanted += [text for rule in policy.rules for text in (figure(rule), short_figure(rule), rule.note)]
        wanted += [parts.status_line(policy, TODAY), *policy.materials, policy.process, policy.deadline]
        shown = page.text
        missing = [text for text in wanted if text not in shown]
        assert not missing, policy.id
        for confusion in policy.confusions:
            assert f'href="/policies/{confusion.other}"' in page.html


def test_what_cannot_be_received_is_never_large(site: str, book: PolicyBook) -> None:
    page = get(f"{site}/policies/laoshan-four-policies")
    assert 'class="figure"' not in page.html
    assert "四项政策每年资金总额 每年 2.6 亿元 资金总额，不是单个申请者可得" in page.text
    assert "报道没有写明申请者可得的金额。" in page.text


def test_a_past_result_is_no_offer(site: str) -> None:
    page = get(f"{site}/policies/laoshan-2018-results")
    assert "记载的内容" in page.text
    assert "给多少？" not in page.text
    assert "不是现在可以申请的政策" in page.text
    assert 'data-ask="崂山区科技创新奖励—孵化器认定给多少？"' in get(f"{site}/policies/laoshan-incubator").html


def test_figures_stand_apart_from_their_limits() -> None:
    assert rules.pieces("每人每年最高 10 万元") == (("每人每年最高 ", False), ("10 万元", True))
    assert rules.pieces("国家级 100 万元，省级 50 万元")[1] == ("100 万元", True)
    assert rules.pieces("1:0.5 配套")[0] == ("1:0.5", True)
    assert rules.pieces("6 折") == (("6 折", True),)
    assert rules.pieces("80 余家") == (("80 余家", True),)
    assert rules.pieces("") == ()


def test_expired_and_future_policies_say_so(book: PolicyBook) -> None:
    ended = replace(book.policies["laoshan-incubator"], valid_to="2025-12-31")
    coming = replace(ended, valid_from="2027-01-01", valid_to=None)
    running = replace(ended, valid_from="2022-01-01", valid_to="2030-12-31")
    marks = [views.entry(book, TODAY, policy) for policy in (ended, coming, running)]
    assert [(item.mark, item.standing) for item in marks] == [
        ("已到期", "historic"),
        ("未开始", "planned"),
        ("报道时有效", "in_force"),
    ]
    view = views.policy_view(book, TODAY, ended)
    assert view.closed
    assert "2025-12-31 到期" in view.status
    assert views.policy_view(book, TODAY, running).handling == (views.Field("有效期", ("自 2022-01-01 至 2030-12-31",)),)


def test_numbers_of_the_book_can_be_called(site: str, book: PolicyBook) -> None:
    policy = next(p for p in book.policies.values() if (d := book.department_of(p)) and d.phone)
    department = book.department_of(policy)
    assert department is not None
    page = get(f"{site}/policies/{policy.id}")
    assert f'href="tel:{department.phone}"' in page.html
    assert views.phone_pieces(book, "拨 12345，不是 123456") == (("拨 ", False), ("12345", True), ("，不是 123456", False))


# -- the list --


def test_list_is_paged_and_complete(site: str, book: PolicyBook) -> None:
    found: list[str] = []
    for page in range(1, 9):
        answer = listed(site, page=str(page))
        assert len(answer.names) <= 20
        found += answer.names
    assert sorted(found) == sorted(book.policies)
    assert book.policies[found[0]].receivable
    assert listed(site, page="99").names == answer.names  # beyond the last: the last


@pytest.mark.parametrize(
    ("facet", "value"),
    [("region", "laoshan"), ("kind", "fund"), ("topic", "talent"), ("level", "省级"), ("status", "planned")],
)
def test_filters(site: str, book: PolicyBook, facet: str, value: str) -> None:
    catalogue = Catalogue(book, TODAY)
    expected = [policy.id for policy in catalogue.select(Asked(chosen={facet: value})).policies]
    answer = listed(site, **{facet: value})
    assert f"找到 {len(expected)} 项" in answer.text
    assert answer.names == expected[:20]
    assert 0 < len(expected) < len(book.policies)
    field = {"region": "region", "kind": "kind"}.get(facet)
    if field:
        assert {getattr(book.policies[id], field) for id in answer.names} == {value}


def test_filters_together_and_their_removal(site: str, book: PolicyBook) -> None:
    answer = listed(site, region="jimo", kind="service", status="in_force")
    for id in answer.names:
        policy = book.policies[id]
        assert (policy.region, policy.kind, policy.status.value) == ("jimo", "service", "in_force")
    assert 'href="/policies?kind=service&amp;status=in_force"' in answer.html
    assert 'href="/policies?region=jimo&amp;status=in_force"' in answer.html


def test_a_place_shows_its_own_before_those_inside_it(site: str) -> None:
    names = listed(site, region="xihaian").names
    assert [name.startswith("cangma") for name in names] == [False, False, True, True, True]


def test_options_say_how_many_they_leave(book: PolicyBook) -> None:
    catalogue = Catalogue(book, TODAY)
    counts = catalogue.select(Asked(chosen={"region": "laoshan"})).counts
    for kind, count in counts["kind"].items():
        assert len(catalogue.select(Asked(chosen={"region": "laoshan", "kind": kind})).policies) == count
    assert counts["region"]["jimo"] == len(book.of_region("jimo"))


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("孵化器奖励", "laoshan-incubator"),
        ("浮化器", "laoshan-incubator"),
        ("fhq", "laoshan-incubator"),
        ("gxd", "gaoxin-gaoxindai"),
        ("laoshan gaoqi", "laoshan-hightech-first"),
        ("崂山区首次认定高新技术企业奖多少？", "laoshan-hightech-first"),
    ],
)
def test_search_finds_what_the_assistant_finds(site: str, text: str, first: str) -> None:
    assert listed(site, q=text).names[0] == first


def test_search_by_place_by_word_and_in_vain(site: str, book: PolicyBook) -> None:
    jimo = {policy.id for policy in book.of_region("jimo")}
    assert set(listed(site, q="即墨").names) <= jimo
    assert listed(site, q="税").names  # a single character is found where it stands
    assert {book.policies[id].region for id in listed(site, q="人才", region="shanghe").names} == {"shanghe"}
    vain = listed(site, q="天气怎么样")
    assert vain.names == []
    assert "没有找到符合的政策" in vain.text
    assert "政策库未收录莱西市" in listed(site, q="莱西人才").text


@pytest.mark.parametrize(
    "query",
    [
        "region=nowhere",
        "kind=%3Cscript%3E&status=%00&level=9&topic=../..",
        "page=-1",
        "page=abc&page=2",
        "page=99999999999999999999",
        "page=%C2%B2",
        "q=%FF%FE",
        "q=%00%1B[31m",
        "q=" + "a" * 5000,
        "q=" + urllib.parse.quote("🏳️‍🌈" * 40),
        "region[]=laoshan&=&&q",
        "q=%25%25%7B%7B7*7%7D%7D",
    ],
)
def test_odd_addresses_are_answered_kindly(site: str, query: str) -> None:
    answer = get(f"{site}/policies?{query}")
    assert answer.status == 200
    assert "<script>" not in answer.html
    assert "{{" not in answer.html or "7*7}}" in answer.html


def test_unknown_values_and_long_texts_are_told(site: str) -> None:
    assert "地区里没有“nowhere”" in listed(site, region="nowhere").text
    assert "只取了前 200 个字" in listed(site, q="奖" * 201).text


# -- nothing of the book or the address becomes markup --


def poisoned(value: Any, name: str = "") -> Any:
    """A record with markup in every text that people read."""
    kept = {
        "id",
        "region",
        "kind",
        "source",
        "department",
        "other",
        "basis",
        "parent",
        "family",
        "topic",
        "topics",
        "levels",
        "facet",
    }
    kept |= {"audiences", "unstated", "status", "scope", "date", "as_of", "valid_from", "valid_to", "any", "none", "currency"}
    if name in kept:
        return value
    if type(value) is str:
        return value + EVIL
    if isinstance(value, tuple):
        return tuple(poisoned(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: poisoned(getattr(value, field.name), field.name) for field in fields(value)})
    return value


class Fixed:
    """A store with one book."""

    def __init__(self, book: PolicyBook):
        self._book = book

    def current(self) -> PolicyBook:
        return self._book


def test_markup_in_the_book_is_inert(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = load_book(write_book(tmp_path, TEXTS))
    names = ("regions", "levels", "kinds", "topics", "audiences", "facts", "attributes", "departments", "sources", "policies")
    records = {name: [poisoned(item) for item in getattr(plain, name).values()] for name in names}
    records["departments"] = [replace(item, phone="96711") for item in records["departments"]]
    book = PolicyBook(
        title=EVIL, hotline=poisoned(plain.hotline), synonyms={}, examples=poisoned(plain.example_groups), **records
    )
    monkeypatch.setattr(pages, "store", lambda: Fixed(book))
    site, catalogue = Site(), Catalogue(book, TODAY)
    asked = [Asked(), Asked(text=EVIL), Asked(unknown={"region": EVIL}, chosen={"region": "east"})]
    made = [site.rendered("home.html", origin=EVIL, **home_view(catalogue))]
    made += [site.rendered("policies.html", origin=EVIL, **list_view(catalogue, one)) for one in asked]
    made += [site.rendered("policy.html", origin=EVIL, **policy_view(catalogue, id)) for id in book.policies]
    for body in made:
        html = body.plain.decode()
        assert "alert(1)" in text_of(html)  # it is shown, as text
        tags = read(html).tags
        assert [attributes["src"] for tag, attributes in tags if tag == "script"] == ["/widget/policy-chat.js", "/assets/site.js"]
        assert {attributes["src"] for tag, attributes in tags if tag == "img"} == {"/assets/icon.svg"}
        handlers = [name for _, attributes in tags for name in attributes if name.startswith("on") or name == "style"]
        assert not handlers


def test_markup_in_the_address_is_inert(site: str) -> None:
    for answer in (listed(site, q=EVIL), listed(site, region=EVIL), get(f"{site}/policies/{urllib.parse.quote(EVIL)}")):
        assert EVIL not in answer.html
        assert len([tag for tag, _ in read(answer.html).tags if tag == "script"]) == 2


# -- how the pages are sent --


def test_pages_carry_their_headers(site: str) -> None:
    for path in ("/", "/policies", "/policies/laoshan-incubator", "/policies/nothing"):
        headers = get(site + path).headers
        assert headers["content-type"] == "text/html; charset=utf-8"
        policy = headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
        assert "unsafe" not in policy
        assert "require-trusted-types-for 'script'" in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert "geolocation=()" in headers["permissions-policy"]


def test_pages_are_compressed_and_known_again(site: str) -> None:
    for path in ("/", "/policies", "/policies/laoshan-incubator", "/assets/site.css"):
        first = get(site + path, Accept_Encoding="gzip")
        assert first.headers["content-encoding"] == "gzip"
        assert first.headers["cache-control"] == "no-cache"
        again = get(site + path, Accept_Encoding="gzip", If_None_Match=first.headers["etag"])
        assert (again.status, again.html) == (304, "")
        assert "content-encoding" not in get(site + path).headers


def test_a_head_has_no_body(site: str) -> None:
    connection = HTTPConnection(site.removeprefix("http://"), timeout=10)
    connection.request("HEAD", "/policies")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"")
    connection.close()


def test_own_files_and_the_widget_s(site: str) -> None:
    own = get(site + "/assets/site.js")
    assert own.headers["content-type"] == "text/javascript; charset=utf-8"
    assert own.headers["x-content-type-options"] == "nosniff"
    assert own.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in own.headers
    widget = get(site + "/widget/policy-chat.js")
    if widget.status == 200:
        assert widget.headers["access-control-allow-origin"] == "*"
        assert widget.headers["cross-origin-resource-policy"] == "cross-origin"


@pytest.mark.parametrize(
    "path",
    ["/assets/templates/base.html", "/assets/../site.py", "/assets/%2e%2e/widget/policy-chat.js", "/widget/../../cli.py", "/x"],
)
def test_what_is_no_page_or_file_is_404(site: str, path: str) -> None:
    connection = HTTPConnection(site.removeprefix("http://"), timeout=10)
    connection.request("GET", path)
    assert connection.getresponse().status == 404
    connection.close()


def test_unknown_policy_is_a_page_with_a_search(site: str) -> None:
    answer = get(site + "/policies/nothing")
    assert answer.status == 404
    assert "政策库里没有这一项" in answer.text
    assert 'name="q"' in answer.html
    assert get(site + "/nowhere").status == 404


def test_pages_are_quick(site: str, book: PolicyBook) -> None:
    """Kept pages come at once; a limit with room for a busy machine."""
    for path in ("/", "/policies", "/policies/laoshan-incubator"):
        get(site + path)
        began = time.perf_counter()
        for _ in range(20):
            get(site + path)
        assert (time.perf_counter() - began) / 20 < 0.05


def test_a_large_book_makes_no_large_page() -> None:
    policies = [make_policy(f"p{number}", f"第{number}项政策") for number in range(2000)]
    catalogue = Catalogue(make_book(*policies), TODAY)
    view = list_view(catalogue, Asked(page=50))
    assert (len(view["entries"]), view["last"], view["first"]) == (20, 100, 981)
    assert [number for number, _ in view["pages"]] == [1, 48, 49, 50, 51, 52, 100]


@pytest.mark.parametrize("path", ["/", "/policies?q=人才&region=shanghe", "/policies/laoshan-incubator", "/policies/nothing"])
def test_every_page_has_its_landmarks(site: str, path: str) -> None:
    reader = read(get(site + urllib.parse.quote(path, safe="/?=&")).html)
    tags = [tag for tag, _ in reader.tags]
    for tag in ("h1", "main", "title"):
        assert tags.count(tag) == 1
    assert {"header", "nav", "footer"} <= set(tags)
    assert ("html", {"lang": "zh-CN"}) in reader.tags
    assert any(tag == "a" and attributes.get("class") == "skip" for tag, attributes in reader.tags)
    described = [attributes.get("content") for tag, attributes in reader.tags if attributes.get("name") == "description"]
    assert all(described)
    ids = [attributes["id"] for _, attributes in reader.tags if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_pages_follow_the_book(site: str, folder: Path) -> None:
    assert "高新贷" in get(site + "/policies/gaoxin-gaoxindai").text
    path = folder / "gaoxin.yml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("青岛高新区“高新贷”", "青岛高新区“新新贷”"), encoding="utf-8")
    try:
        deadline = time.monotonic() + 30
        while "青岛高新区“新新贷”" not in get(site + "/policies/gaoxin-gaoxindai").text:
            assert time.monotonic() < deadline
            time.sleep(0.3)
        assert "青岛高新区“新新贷”" in listed(site, q="新新贷").text
    finally:
        path.write_text(before, encoding="utf-8")
