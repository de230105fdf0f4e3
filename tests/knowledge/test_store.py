"""The book in use follows its files; a broken edit leaves the last good one in place."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

import pytest

from actions.knowledge import BookError
from actions.knowledge import store as stores
from actions.knowledge.store import BookStore
from tests.conftest import BOOK
from tests.knowledge.books import EAST, TEXTS, write_book


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the files at every call, not once a second."""
    monkeypatch.setattr(stores, "CHECK_SECONDS", 0.0)


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as an editor does, with a later time of change."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    before = path.stat().st_mtime_ns
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_changed_file_is_taken(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BOOK, tmp_path / "book"))
    store = BookStore(folder)
    first = store.current()
    assert store.current() is first
    edit(folder / "gaoxin.yml", "青岛高新区“高新贷”", "青岛高新区“新新贷”")
    second = store.current()
    assert second is not first
    assert second.policies["gaoxin-gaoxindai"].name == "青岛高新区“新新贷”"
    assert len(second.policies) == len(first.policies)
    assert any("gaoxin-gaoxindai" in mention.ids for mention in second.lexicon.find("新新贷"))
    assert store.current() is second


def test_broken_edit_keeps_the_last_good_book(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    first = store.current()
    edit(tmp_path / "east.yml", "status: planned", "status: soon")
    with caplog.at_level(logging.ERROR):
        assert store.current() is first
        assert store.current() is first
    (record,) = caplog.records  # said once, not at every question
    assert "east.yml:64:5" in record.getMessage()
    edit(tmp_path / "east.yml", "status: soon", "status: historic")
    assert store.current().policies["talent-service"].status.value == "historic"


def test_new_and_removed_files_are_seen(tmp_path: Path) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    north = EAST.replace("lab-reward", "lab-2").replace("talent-service", "talent-2").replace("east-", "more-")
    (tmp_path / "more.yml").write_text(north.replace("science", "science-2").replace("people", "people-2"), encoding="utf-8")
    assert len(store.current().policies) == 4
    (tmp_path / "more.yml").unlink()
    assert len(store.current().policies) == 2


def test_vanished_folder_keeps_the_last_good_book(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    store = BookStore(write_book(folder, TEXTS))
    first = store.current()
    shutil.rmtree(folder)
    assert store.current() is first


def test_files_are_not_looked_at_more_often_than_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    first = store.current()
    monkeypatch.setattr(stores, "CHECK_SECONDS", 3600.0)
    edit(tmp_path / "east.yml", "东区人才服务", "东区人才管家服务")
    assert store.current() is first
    monkeypatch.setattr(stores, "CHECK_SECONDS", 0.0)
    assert store.current() is not first


def test_faulty_book_is_refused_at_first_sight(tmp_path: Path) -> None:
    write_book(tmp_path, {**TEXTS, "east.yml": EAST.replace("status: planned", "status: soon")})
    with pytest.raises(BookError):
        BookStore(tmp_path)
    with pytest.raises(BookError):
        stores.store(tmp_path)
    edit(tmp_path / "east.yml", "status: soon", "status: planned")
    assert stores.store(tmp_path).current().title == "甲市惠企政策库"


def test_one_store_for_a_folder(tmp_path: Path) -> None:
    write_book(tmp_path, TEXTS)
    assert stores.store(tmp_path) is stores.store(tmp_path / "." / "")
    assert stores.store(tmp_path).folder == tmp_path.resolve()


def test_default_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HUIQI_BOOK", raising=False)
    assert stores.default_folder() == BOOK
    monkeypatch.setenv("HUIQI_BOOK", str(tmp_path))
    assert stores.default_folder() == tmp_path
