"""The made-up policy books that speed is measured on: valid, told apart, the same at every making."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from actions.knowledge import PolicyBook, check_book
from actions.knowledge.loading import build_book
from benchmarks.speed import books
from tests.conftest import BOOK


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return books.multiplied(tmp_path_factory.mktemp("books") / "three", 3)


@pytest.fixture(scope="module")
def made(folder: Path) -> PolicyBook:
    problems, documents = check_book(folder)
    assert problems == []  # warnings included
    return build_book(documents[0].value, [document.value for document in documents[1:]])


def test_first_copy_is_the_real_book(book: PolicyBook, folder: Path, made: PolicyBook) -> None:
    assert len(made.policies) == 3 * len(book.policies)
    assert {id: made.policies[id] for id in book.policies} == book.policies
    assert {id: made.regions[id] for id in book.regions} == book.regions
    assert (folder / "gaoxin.yml").read_bytes() == (BOOK / "gaoxin.yml").read_bytes()


def test_copies_are_whole(book: PolicyBook, made: PolicyBook) -> None:
    for id, policy in book.policies.items():
        copy = made.policies[f"{id}-2"]
        assert copy.region == f"{policy.region}-2"
        assert [confusion.other for confusion in copy.confusions] == [f"{confusion.other}-2" for confusion in policy.confusions]
        assert [rule.benefit for rule in copy.rules if rule.yuan] != [] or not any(rule.yuan for rule in policy.rules)
        assert made.department_of(copy) != made.department_of(policy) or copy.contact.department is None
        assert made.source_of(copy).id == f"{policy.source}-2"
    assert made.around("cangma-3") == ["xihaian-3", "qingdao-3"]


def test_no_name_stands_in_two_copies(book: PolicyBook, made: PolicyBook) -> None:
    seen: dict[str, str] = {}
    records: list[Any] = [*made.regions.values(), *made.policies.values(), *made.departments.values()]
    for record in records:
        copy = record.id.rpartition("-")[2] if record.id[-2:] in ("-2", "-3") else "1"
        for name in (record.name, *record.aliases):
            assert seen.setdefault(name, copy) == copy, name
    assert made.regions["laoshan-2"].name.endswith("区")
    assert "青岛" not in "".join(policy.name for policy in made.policies.values() if policy.id not in book.policies)


def test_coined_names_never_repeat() -> None:
    coined = [name for copy in range(2, books.MOST + 1) for key, name in books.names(copy).items() if key >= books.NAME]
    assert len(coined) == len(set(coined)) == 2 * len(books.PLACES) * (books.MOST - 1)


def test_same_files_at_every_making(folder: Path, tmp_path: Path) -> None:
    again = books.multiplied(tmp_path / "again", 3)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in folder.iterdir()
    }


def test_too_many_copies_are_refused(tmp_path: Path) -> None:
    for copies in (0, books.MOST + 1):
        with pytest.raises(ValueError, match=str(books.MOST)):
            books.multiplied(tmp_path / "none", copies)
