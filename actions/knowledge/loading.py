"""From YAML files to a PolicyBook: read, check everything, build."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from actions.knowledge.benefits import BENEFIT_TYPES, Benefit
from actions.knowledge.book import PolicyBook
from actions.knowledge.consistency import check_consistency, check_source_dates
from actions.knowledge.documents import BookError, Document, Problem, read_document
from actions.knowledge.models import (
    Confusion,
    Contact,
    Department,
    Examples,
    Fact,
    FactTest,
    Hotline,
    Policy,
    Region,
    Remark,
    Requirement,
    RequirementKind,
    Rule,
    Scope,
    Source,
    Status,
    Term,
)
from actions.knowledge.structure import check_structure

VOCABULARY = "book.yml"


def is_book_file(name: str) -> bool:
    """Whether a file of this name in a book's folder belongs to the book."""
    return name.endswith((".yml", ".yaml")) and not name.startswith(".")


def book_files(folder: Path) -> list[Path]:
    """The files of a book: the vocabulary first, then the regions in order of name."""
    files = (path for path in folder.iterdir() if is_book_file(path.name))
    return sorted(files, key=lambda path: (path.name != VOCABULARY, path.name))


def check_book(folder: Path, known: Mapping[str, Any] | None = None) -> tuple[list[Problem], list[Document]]:
    """Every fault of the book in `folder`, warnings included, and the documents read.

    `known` are the values of sound region files by the SHA-256 of the file, as `read_document` takes them.
    """
    if not folder.is_dir():
        return [Problem(str(folder), 1, 1, "没有这个政策库目录。", "用 HUIQI_BOOK 指定正确的目录。")], []
    files = book_files(folder)
    documents = [read_document(path, path.name, known if path.name != VOCABULARY else None) for path in files]
    if not documents or documents[0].file != VOCABULARY:
        return [Problem(f"{folder.name}/{VOCABULARY}", 1, 1, "缺少公共词表。", "补上 book.yml。")], documents
    book, regions = documents[0], documents[1:]
    check_structure(book, "book")
    for document in regions:
        check_structure(document, "region")
    # What has the wrong shape is passed over, so that one run shows as much as it can.
    sound = [document for document in regions if isinstance(document.value, dict) and () not in document.faulty]
    if isinstance(book.value, dict) and not book.faulty:
        for document in sound:
            check_source_dates(document)
        check_consistency(book, sound, complete=len(sound) == len(regions))
    return sorted(problem for document in documents for problem in document.problems), documents


def load_book(folder: Path) -> PolicyBook:
    """Load and validate the book in `folder`.

    Raises BookError with all problems when any of them is more than a warning.
    """
    return built(*check_book(folder))


def built(problems: list[Problem], documents: list[Document]) -> PolicyBook:
    """The book of documents that were checked. Raises BookError when a problem is more than a warning."""
    errors = [problem for problem in problems if not problem.warning]
    if errors:
        raise BookError(errors)
    return build_book(documents[0].value, [document.value for document in documents[1:]])


def build_book(vocabulary: dict[str, Any], regions: list[dict[str, Any]]) -> PolicyBook:
    """A PolicyBook of checked values."""
    return PolicyBook(
        title=vocabulary["title"],
        hotline=Hotline(**vocabulary["hotline"]),
        regions=[Region(**_tuples(region)) for region in vocabulary["regions"]],
        levels=[Term(id=level["name"], **_tuples(level)) for level in vocabulary["levels"]],
        kinds=[Term(**_tuples(kind)) for kind in vocabulary["kinds"]],
        topics=[Term(**_tuples(topic)) for topic in vocabulary["topics"]],
        audiences=[Term(**_tuples(audience)) for audience in vocabulary["audiences"]],
        facts=[Fact(**_tuples(fact)) for fact in vocabulary["facts"]],
        attributes=[Term(**_tuples(attribute)) for attribute in vocabulary["attributes"]],
        synonyms={alias: item["word"] for item in vocabulary["synonyms"] for alias in item["aliases"]},
        examples=[Examples(**_tuples(group)) for group in vocabulary["examples"]],
        departments=[Department(**_tuples(item)) for value in regions for item in value.get("departments", [])],
        sources=[Source(**item) for value in regions for item in value["sources"]],
        policies=[_policy(item, item.get("place", value["region"])) for value in regions for item in value["policies"]],
    )


def _tuples(value: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(item) if isinstance(item, list) else item for key, item in value.items()}


def _benefit(value: dict[str, Any]) -> Benefit:
    fields = _tuples(value)
    benefit: Benefit = BENEFIT_TYPES[fields.pop("type")](**fields)
    return benefit


def _rule(value: dict[str, Any]) -> Rule:
    fields = _tuples(value)
    fields["benefit"] = _benefit(value["benefit"])
    if "scope" in fields:
        fields["scope"] = Scope(fields["scope"])
    fields["test"] = FactTest(**_tuples(value["test"])) if "test" in value else FactTest(any=fields.get("audiences", ()))
    return Rule(**fields)


def _requirement(value: dict[str, Any]) -> Requirement:
    test = {key: tuple(value[key]) for key in ("any", "none") if key in value}
    return Requirement(RequirementKind(value["kind"]), value["text"], FactTest(**test))


def _remarks(values: list[dict[str, Any]]) -> tuple[Remark, ...]:
    return tuple(Remark(**_tuples(value)) for value in values)


def _policy(value: dict[str, Any], region: str) -> Policy:
    fields = _tuples(value)
    contact, source = fields.pop("department"), fields.pop("source")
    fields.pop("place", None)
    fields.update(
        region=region,
        status=Status(value["status"]),
        rules=tuple(map(_rule, value["rules"])),
        eligibility=tuple(map(_requirement, value.get("eligibility", []))),
        unstated=frozenset(value["unstated"]),
        gaps=_remarks(value.get("gaps", [])),
        notes=_remarks(value.get("notes", [])),
        confusions=tuple(Confusion(item["with"], item["text"]) for item in value.get("confusions", [])),
        contact=Contact(contact["basis"], contact.get("id"), contact.get("note", "")),
        source=source["id"],
        source_where=source.get("where", ""),
    )
    return Policy(**fields)
