"""A compiled book is the book, is made anew when anything it depends on changes, and never stands in the way."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from actions.knowledge import BookError, Focus, PolicyBook, compiled, load_book, resolve
from actions.knowledge.reading import Reader
from tests.conftest import BOOK
from tests.knowledge.books import EAST, TEXTS, write_book
from tests.knowledge.test_resolution import ONE

ROOT = BOOK.parents[1]
NORTH = EAST.replace("east", "north").replace("lab-reward", "lab-2").replace("talent-service", "talent-2")
NORTH = NORTH.replace("science", "science-2").replace("people", "people-2")
VOCABULARY = TEXTS["book.yml"].replace("\nlevels:", "\n  - {id: north, name: 北区}\nlevels:")
TWO = {"book.yml": VOCABULARY, "east.yml": EAST, "north.yml": NORTH}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HUIQI_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(compiled, "SMALL", 0)
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "book").mkdir()
    return write_book(tmp_path / "book", TWO)


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that are parsed from now on."""
    from actions.knowledge import plain  # noqa: PLC0415

    texts: list[str] = []
    read = plain.plain_value

    def watched(text: str) -> Any:
        texts.append(text)
        return read(text)

    monkeypatch.setattr(plain, "plain_value", watched)
    return texts


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def same(one: PolicyBook, other: PolicyBook) -> bool:
    """Whether two books have the same records, in the same order."""
    kinds = ("regions", "levels", "kinds", "topics", "audiences", "facts", "attributes", "synonyms", "departments", "sources")
    keys = ("title", "hotline", "example_groups", "policies", *kinds)
    return all(getattr(one, key) == getattr(other, key) for key in keys) and list(one.policies) == list(other.policies)


def test_compiled_book_is_the_book(folder: Path, parsed: list[str]) -> None:
    made, warnings = compiled.load(folder)
    assert len(parsed) == 3
    kept, again = compiled.load(folder)
    assert len(parsed) == 3
    assert kept is not made
    assert same(kept, made)
    assert same(kept, load_book(folder))
    assert warnings == again == []
    # What is derived came along, and is of the same records.
    assert vars(kept).keys() == vars(made).keys() >= {"lexicon", "index", "facets", "sayings", "guesses"}
    policy = kept.policies["lab-reward"]
    assert any(found is policy for found in kept.of_topic("rd"))


def test_compiled_real_book_answers_alike(book: PolicyBook) -> None:
    compiled.load(BOOK)
    kept = compiled.load(BOOK)[0]
    assert same(kept, book)
    readers = [Reader(one, segment=lambda run: [run]) for one in (book, kept)]
    for text, aspect, _ in ONE[::4]:
        one, other = (resolve(reader.book, reader.query(reader.read(text), aspect, Focus())) for reader in readers)
        assert one == other


def test_warnings_are_kept(folder: Path) -> None:
    edit(folder / "east.yml", "[人才管家]", "[人才管家, 实验室奖]")
    (warning,) = compiled.load(folder)[1]
    assert warning.warning
    assert [str(found) for found in compiled.load(folder)[1]] == [str(warning)]


def test_only_an_edited_file_is_parsed(folder: Path, parsed: list[str]) -> None:
    compiled.load(folder)
    parsed.clear()
    edit(folder / "north.yml", "东区人才服务", "北区人才服务")
    book = compiled.load(folder)[0]
    assert [text.partition("\n")[0] for text in parsed] == [VOCABULARY.partition("\n")[0], "region: north"]
    assert book.policies["talent-2"].name == "北区人才服务"
    assert same(book, load_book(folder))


def test_rules_between_files_are_checked_of_kept_values(folder: Path) -> None:
    compiled.load(folder)
    edit(folder / "north.yml", "id: talent-2", "id: talent-service")
    with pytest.raises(BookError) as caught:
        compiled.load(folder)
    assert "政策编号“talent-service”已在 east.yml:58 用过" in str(caught.value)
    with pytest.raises(BookError) as again:
        compiled.load(folder)
    assert again.value.problems == caught.value.problems


def test_faulty_file_is_never_taken_for_sound(folder: Path) -> None:
    edit(folder / "north.yml", "status: planned", "status: soon")
    edit(folder / "east.yml", "kind: service", "kind: service\n    kind: service")  # of the right shape all the same
    for _ in range(2):
        with pytest.raises(BookError) as caught:
            compiled.load(folder)
        assert {problem.file for problem in caught.value.problems} == {"north.yml", "east.yml"}


def test_region_file_is_no_vocabulary(folder: Path) -> None:
    compiled.load(folder)
    (folder / "book.yml").write_text(EAST, encoding="utf-8")
    with pytest.raises(BookError, match="不认识的键“region”"):
        compiled.load(folder)


def test_other_code_makes_it_anew(folder: Path, parsed: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled.load(folder)
    monkeypatch.setattr(compiled, "_maker", lambda: "other code")
    compiled.load(folder)
    assert len(parsed) == 6


def test_renamed_file_makes_it_anew(folder: Path) -> None:
    first = list(compiled.load(folder)[0].policies)
    (folder / "east.yml").rename(folder / "zest.yml")
    assert list(compiled.load(folder)[0].policies) != first  # regions stand in order of their files


@pytest.mark.parametrize(
    "damage",
    [lambda old: b"", lambda old: old[:-9], lambda old: old[:99] + bytes([old[99] ^ 1]) + old[100:], lambda old: b"x" * 99],
    ids=["empty", "cut off", "altered", "rubbish"],
)
def test_damaged_files_are_replaced(folder: Path, cache: Path, damage: Any, parsed: list[str]) -> None:
    book = compiled.load(folder)[0]
    before = {path: path.read_bytes() for path in cache.iterdir()}
    for path, content in before.items():
        path.write_bytes(damage(content))
    assert same(compiled.load(folder)[0], book)
    assert len(parsed) == 6
    assert same(compiled.load(folder)[0], book)
    assert len(parsed) == 6
    assert before.keys() == set(cache.iterdir())


def test_file_of_another_form_is_replaced(folder: Path, cache: Path) -> None:
    book = compiled.load(folder)[0]
    (path,) = cache.glob("*.book")
    compiled._keep(path.name, b"cos\nno_such_name\n.")
    assert same(compiled.load(folder)[0], book)
    assert compiled._kept_book(path.name) is not None


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system tells of no owners")
@pytest.mark.parametrize("what", ["folder", "file"])
def test_what_others_may_write_is_not_read(folder: Path, cache: Path, parsed: list[str], what: str) -> None:
    compiled.load(folder)
    assert cache.stat().st_mode & 0o077 == 0
    for path in [cache] if what == "folder" else list(cache.iterdir()):
        assert path.stat().st_mode & 0o077 == 0
        path.chmod(0o777)
    compiled.load(folder)
    assert len(parsed) == 6


def test_book_loads_where_nothing_can_be_kept(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("HUIQI_CACHE", str(tmp_path / "file" / "cache"))
    for _ in range(2):
        assert same(compiled.load(folder)[0], load_book(folder))


def test_small_book_is_not_kept(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "SMALL", 1_000_000)
    assert same(compiled.load(folder)[0], load_book(folder))
    assert not cache.exists()


def test_missing_folder_is_told_as_before(tmp_path: Path) -> None:
    with pytest.raises(BookError, match="没有这个政策库目录"):
        compiled.load(tmp_path / "nowhere")


def test_file_that_cannot_be_read_is_told_as_before(folder: Path) -> None:
    (folder / "west.yml").mkdir()
    with pytest.raises(BookError, match="读不了文件"):
        compiled.load(folder)


def test_few_are_kept_the_latest_used(folder: Path, cache: Path) -> None:
    compiled.load(folder)
    (first,) = cache.glob("*.book")
    written = first.stat().st_ino
    (cache / "left.part").write_bytes(b"")
    os.utime(cache / "left.part", (time.time() - 2 * compiled.ABANDONED,) * 2)
    (cache / "new.part").write_bytes(b"")
    original = (folder / "north.yml").read_text(encoding="utf-8")
    for number in range(compiled.KEPT + 1):
        for path in cache.glob("*.book"):
            os.utime(path, (path.stat().st_atime, path.stat().st_mtime - 10))
        edit(folder / "north.yml", "东区人才服务", f"东区人才服务{number}")
        compiled.load(folder)
        (folder / "north.yml").write_text(original, encoding="utf-8")
        compiled.load(folder)  # the first book stays in use
    assert len(list(cache.glob("*.book"))) == compiled.KEPT
    assert first.stat().st_ino == written  # it was never made anew
    assert [path.name for path in cache.glob("*.part")] == ["new.part"]


def test_several_at_once(folder: Path, cache: Path) -> None:
    with ThreadPoolExecutor(4) as threads:
        books = [book for book, _ in threads.map(compiled.load, [folder] * 8)]
    assert all(same(book, books[0]) for book in books)
    assert not list(cache.glob("*.part"))


def test_collection_goes_on_afterwards(folder: Path) -> None:
    assert gc.isenabled()
    compiled.load(folder)
    edit(folder / "north.yml", "status: planned", "status: soon")
    with pytest.raises(BookError):
        compiled.load(folder)
    assert gc.isenabled()


def test_compiling_from_outside(folder: Path, cache: Path, parsed: list[str], tmp_path: Path) -> None:
    for path in folder.glob("[en]*.yml"):  # the other process has no patched threshold
        with path.open("a", encoding="utf-8") as file:
            file.write("#" * compiled.SMALL + "#" * 60_000 + "\n")
    command = [sys.executable, "-m", "actions.knowledge", str(folder)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    compiled.load(folder)
    assert parsed == []
    edit(folder / "north.yml", "status: planned", "status: soon")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == compiled.FAULTY
    assert done.stdout.decode().startswith("north.yml:64:5: 错误：")


def test_yaml_and_jsonschema_are_left_alone(folder: Path) -> None:
    compiled.load(folder)
    code = (
        "import sys; from pathlib import Path; from actions.knowledge import compiled; compiled.SMALL = 0; "
        f"compiled.load(Path({str(folder)!r})); print({{'yaml', 'jsonschema'}} & sys.modules.keys())"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "set()\n"
