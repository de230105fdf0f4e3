"""The book in use follows its files; a broken edit leaves the last good one in place."""

from __future__ import annotations

import gc
import logging
import os
import shutil
import threading
import weakref
from pathlib import Path

import pytest

from actions.knowledge import BookError, PolicyBook, compiled
from actions.knowledge import store as stores
from actions.knowledge.store import BookStore
from tests.conftest import BOOK
from tests.knowledge.books import EAST, TEXTS, write_book


@pytest.fixture(autouse=True)
def at_once(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Look at the files at every call, not once a second."""
    monkeypatch.setattr(stores, "CHECK_SECONDS", 0.0)
    monkeypatch.setenv("HUIQI_CACHE", str(tmp_path_factory.mktemp("cache")))


def edit(path: Path, old: str, new: str) -> None:
    """Change a file as an editor does, with a later time of change."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    before = path.stat().st_mtime_ns
    path.write_text(text.replace(old, new), encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def settled(store: BookStore) -> PolicyBook:
    """The current book, once the store has taken what lies there now."""
    store.current()
    if store._taking:
        store._taking.join(60)
    return store.current()


def test_changed_file_is_taken(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(BOOK, tmp_path / "book"))
    store = BookStore(folder)
    first = store.current()
    assert settled(store) is first
    edit(folder / "gaoxin.yml", "青岛高新区“高新贷”", "青岛高新区“新新贷”")
    assert store.current() is first  # at once: who asks does not wait for the second that it takes
    second = settled(store)
    assert second is not first
    assert second.policies["gaoxin-gaoxindai"].name == "青岛高新区“新新贷”"
    assert len(second.policies) == len(first.policies)
    assert any("gaoxin-gaoxindai" in mention.ids for mention in second.lexicon.find("新新贷"))
    assert settled(store) is second


def test_large_book_is_compiled_by_another_process(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    folder = Path(shutil.copytree(BOOK, tmp_path / "book"))
    store = BookStore(folder)
    first = store.current()
    monkeypatch.setattr(stores, "LARGE", 0)
    monkeypatch.setattr(compiled, "check_book", None)  # here nothing is checked
    edit(folder / "gaoxin.yml", "青岛高新区“高新贷”", "青岛高新区“新新贷”")
    second = settled(store)
    assert second is not first
    assert second.policies["gaoxin-gaoxindai"].name == "青岛高新区“新新贷”"
    edit(folder / "gaoxin.yml", "status: in_force", "status: soon")
    with caplog.at_level(logging.ERROR):
        assert settled(store) is second
        assert settled(store) is second
    (record,) = caplog.records
    assert "gaoxin.yml" in record.getMessage()
    assert "“soon”不在可选的值里" in record.getMessage()


@pytest.mark.parametrize("executable", ["/bin/false", "/no/such/python"])
def test_large_book_is_taken_without_another_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, executable: str) -> None:
    monkeypatch.setattr(stores, "LARGE", 0)
    monkeypatch.setattr("sys.executable", executable)
    store = BookStore(write_book(tmp_path, TEXTS))
    edit(tmp_path / "east.yml", "东区人才服务", "东区人才管家服务")
    assert settled(store).policies["talent-service"].name == "东区人才管家服务"


def hold_back(monkeypatch: pytest.MonkeyPatch) -> tuple[list[Path], threading.Event, threading.Event]:
    """Let the next load of a book read its files, and wait with what it read: (loads so far, it waits, let it go on)."""
    loads: list[Path] = []
    running, go_on = threading.Event(), threading.Event()

    def slow(folder: Path) -> compiled.Loaded:
        loads.append(folder)
        loaded = load(folder)
        if not running.is_set():
            running.set()
            assert go_on.wait(60)
        return loaded

    load = compiled.load
    monkeypatch.setattr(compiled, "load", slow)
    return loads, running, go_on


def test_edits_are_taken_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    loads, running, go_on = hold_back(monkeypatch)
    edit(tmp_path / "east.yml", "东区人才服务", "东区人才管家服务")
    first = store.current()
    assert running.wait(60)
    edit(tmp_path / "east.yml", "东区人才管家服务", "东区人才专员服务")
    assert store.current() is store.current() is first
    assert len(loads) == 1
    go_on.set()
    settled(store)
    assert settled(store).policies["talent-service"].name == "东区人才专员服务"
    assert len(loads) == 2


def test_what_was_reloaded_meanwhile_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    _, running, go_on = hold_back(monkeypatch)
    edit(tmp_path / "east.yml", "东区人才服务", "东区人才管家服务")
    store.current()
    assert running.wait(60)
    edit(tmp_path / "east.yml", "东区人才管家服务", "东区人才专员服务")
    store.reload()
    go_on.set()
    assert settled(store).policies["talent-service"].name == "东区人才专员服务"


def test_reloading_takes_the_files_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "SMALL", 0)
    monkeypatch.setattr(stores, "CHECK_SECONDS", 3600.0)
    store = BookStore(write_book(tmp_path, TEXTS))
    edit(tmp_path / "east.yml", "[人才管家]", "[人才管家, 实验室奖]")
    (warning,) = store.reload()
    assert "两项政策都叫“实验室奖”" in warning.what
    good = store.current()
    assert good.policies["talent-service"].aliases == ("人才管家", "实验室奖")
    edit(tmp_path / "east.yml", "status: planned", "status: soon")
    with pytest.raises(BookError, match="soon"):
        store.reload()
    assert store.current() is good


def test_nothing_holds_a_book_that_was_replaced(tmp_path: Path) -> None:
    """What is loaded is out of the garbage collector's sight: a book in a cycle would stay for ever."""
    store = BookStore(write_book(tmp_path, TEXTS))
    for name in ("lexicon", "index", "facets", "sayings", "guesses", "names"):
        getattr(store.current(), name)
    gc.collect()
    gc.disable()
    try:
        old = weakref.ref(store.current())
        store.reload()
        assert old() is None
    finally:
        gc.enable()


def test_broken_edit_keeps_the_last_good_book(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    first = store.current()
    edit(tmp_path / "east.yml", "status: planned", "status: soon")
    with caplog.at_level(logging.ERROR):
        assert settled(store) is first
        assert settled(store) is first
    (record,) = caplog.records  # said once, not at every question
    assert "east.yml:64:5" in record.getMessage()
    edit(tmp_path / "east.yml", "status: soon", "status: historic")
    assert settled(store).policies["talent-service"].status.value == "historic"


def test_new_and_removed_files_are_seen(tmp_path: Path) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    north = EAST.replace("lab-reward", "lab-2").replace("talent-service", "talent-2").replace("east-", "more-")
    (tmp_path / "more.yml").write_text(north.replace("science", "science-2").replace("people", "people-2"), encoding="utf-8")
    assert len(settled(store).policies) == 4
    (tmp_path / "more.yml").unlink()
    assert len(settled(store).policies) == 2


def test_vanished_folder_keeps_the_last_good_book(tmp_path: Path) -> None:
    folder = tmp_path / "book"
    folder.mkdir()
    store = BookStore(write_book(folder, TEXTS))
    first = store.current()
    shutil.rmtree(folder)
    assert settled(store) is first


def test_files_are_not_looked_at_more_often_than_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = BookStore(write_book(tmp_path, TEXTS))
    first = store.current()
    monkeypatch.setattr(stores, "CHECK_SECONDS", 3600.0)
    edit(tmp_path / "east.yml", "东区人才服务", "东区人才管家服务")
    assert settled(store) is first
    monkeypatch.setattr(stores, "CHECK_SECONDS", 0.0)
    assert settled(store) is not first


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
