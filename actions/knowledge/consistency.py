"""What a schema cannot say of a book: references, explicit silences, scopes, contradictions, dates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any

from actions.knowledge.documents import Document

FIELDS = ("process", "materials", "deadline", "phone")
FIGURES = ("fixed", "cap", "rate", "per_unit", "matching", "discount", "quantity")


def check_consistency(book: Document, regions: list[Document], complete: bool = True) -> None:
    """Note every fault that shows only when the whole book is seen.

    Faulty policies are passed over; `complete` tells that no document of the book is missing here.
    """
    vocabulary = book.value
    known = {key: {term["id"] for term in vocabulary[key]} for key in ("regions", "topics", "audiences", "facts", "kinds")}
    known["levels"] = {level["name"] for level in vocabulary["levels"]}
    _check_vocabulary(book)
    _check_unique(regions)
    parents = {region["id"]: region.get("parent") for region in vocabulary["regions"]}
    policies = {policy["id"] for document in regions for _, policy in _policies(document)}
    broken = not complete or any(document.faulty for document in regions)
    for document in regions:
        region = document.value["region"]
        if region not in known["regions"]:
            document.problem(("region",), f"地区“{region}”没有登记。", "在 book.yml 的 regions 里登记。")
        local = {key: _ids(document, key) for key in ("departments", "sources")}
        phones = {item["id"] for _, item in _items(document, "departments") if "phone" in item}
        _check_phones(document, local["sources"])
        for path, policy in _policies(document):
            _check_references(document, path, policy, known | local, None if broken else policies)
            _check_place(document, path, policy, parents)
            _check_silences(document, path, policy, phones)
            _check_dates(document, path, policy)
            for index, rule in enumerate(policy["rules"]):
                _check_rule(document, (*path, "rules", index), rule, known)
            for index, requirement in enumerate(policy.get("eligibility", [])):
                _check_requirement(document, (*path, "eligibility", index), requirement, known["facts"])
    _check_contradictions(regions)
    _check_aliases(regions, {region["id"]: region["name"] for region in vocabulary["regions"]})


def _policies(document: Document) -> Iterator[tuple[tuple[Any, ...], dict[str, Any]]]:
    for index, policy in _items(document, "policies"):
        yield ("policies", index), policy


def _items(document: Document, key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The departments, sources or policies of a document whose shape is right, with their places."""
    for index, item in enumerate(document.value.get(key) or []):
        if (key, index) not in document.faulty:
            yield index, item


def _ids(document: Document, key: str) -> set[str]:
    """The ids of departments or sources, of faulty ones too: what refers to them is no fault."""
    return {item["id"] for item in document.value.get(key) or [] if isinstance(item, dict) and isinstance(item.get("id"), str)}


def _check_vocabulary(book: Document) -> None:
    regions = {region["id"] for region in book.value["regions"]}
    for index, region in enumerate(book.value["regions"]):
        if region.get("parent", region["id"]) not in regions:
            book.problem(("regions", index, "parent"), f"上级地区“{region['parent']}”没有登记。", "改成已登记的编号。")
    topics = {topic["id"] for topic in book.value["topics"]}
    for index, group in enumerate(book.value["examples"]):
        if group["topic"] not in topics:
            book.problem(("examples", index, "topic"), f"主题“{group['topic']}”没有登记。", "改成 topics 里已登记的编号。")
    facts = {fact["id"] for fact in book.value["facts"]}
    for index, fact in enumerate(book.value["facts"]):
        for key in ("implies", "excludes"):
            _check_facts(book, ("facts", index, key), fact.get(key, []), facts)
    for key in ("regions", "levels", "topics", "audiences", "facts", "attributes", "kinds"):
        name = "name" if key == "levels" else "id"
        seen: set[str] = set()
        for index, term in enumerate(book.value[key]):
            if term[name] in seen:
                book.problem((key, index, name), f"编号“{term[name]}”用了两次。", "每一个只能登记一次。")
            seen.add(term[name])


def _check_unique(regions: list[Document]) -> None:
    for key, what in (("policies", "政策"), ("departments", "部门"), ("sources", "来源")):
        seen: dict[str, tuple[Document, tuple[Any, ...]]] = {}
        for document in regions:
            for index, item in _items(document, key):
                here = (key, index, "id")
                first, place = seen.setdefault(item["id"], (document, here))
                if first is not document or place != here:
                    where = f"{first.file}:{first.place(place)[0]}"
                    document.problem(here, f"{what}编号“{item['id']}”已在 {where} 用过。", "换一个编号。")
    for document in regions:
        for path, policy in _policies(document):
            rules: set[str] = set()
            for index, rule in enumerate(policy["rules"]):
                if rule["id"] in rules:
                    document.problem((*path, "rules", index, "id"), f"条款编号“{rule['id']}”在本政策里用了两次。", "换一个编号。")
                rules.add(rule["id"])


def _check_phones(document: Document, sources: set[str]) -> None:
    for index, department in _items(document, "departments"):
        if "phone" in department and department.get("phone_source") not in sources:
            document.problem(
                ("departments", index, "phone"),
                f"“{department['name']}”写了电话却没有写出处。",
                "用 phone_source 写明给出这个号码的来源编号；没有来源就删去电话。",
            )


def _check_references(
    document: Document, path: tuple[Any, ...], policy: dict[str, Any], known: dict[str, set[str]], policies: set[str] | None
) -> None:
    """`policies` is None where some are broken: a reference to one of those is no fault of its own."""
    for key in ("topics", "audiences"):
        for index, term in enumerate(policy.get(key, [])):
            if term not in known[key]:
                document.problem(
                    (*path, key, index), f"{key} 里没有“{term}”。", f"在 book.yml 的 {key} 里登记，或改用已有的编号。"
                )
    if policy["kind"] not in known["kinds"]:
        document.problem((*path, "kind"), f"kinds 里没有“{policy['kind']}”。", "在 book.yml 的 kinds 里登记，写上中文名和性质。")
    contact = policy["department"]
    if contact["basis"] == "none":
        if "id" in contact:
            document.problem((*path, "department"), "basis 是 none 却写了部门。", "删去 id，或改 basis。")
    elif contact.get("id") not in known["departments"]:
        document.problem(
            (*path, "department", "id"),
            f"本文件的 departments 里没有部门“{contact.get('id')}”。",
            "在 departments 里登记，或改正编号。",
        )
    if policy["source"]["id"] not in known["sources"]:
        document.problem(
            (*path, "source", "id"), f"本文件的 sources 里没有来源“{policy['source']['id']}”。", "登记来源，或改正编号。"
        )
    for index, confusion in enumerate(policy.get("confusions", [])):
        if policies is not None and confusion["with"] not in policies:
            document.problem((*path, "confusions", index, "with"), f"没有政策“{confusion['with']}”。", "改正编号。")


def _check_place(document: Document, path: tuple[Any, ...], policy: dict[str, Any], parents: dict[str, str | None]) -> None:
    place = policy.get("place")
    if place is not None and parents.get(place) != document.value["region"]:
        document.problem((*path, "place"), f"“{place}”不是本地区里的地方。", "在 book.yml 的 regions 里登记，parent 写本地区。")


def _check_silences(document: Document, path: tuple[Any, ...], policy: dict[str, Any], phones: set[str]) -> None:
    for key in FIELDS:
        stated = policy["department"].get("id") in phones if key == "phone" else key in policy
        silent = key in policy["unstated"]
        if stated and silent and key != "phone":
            document.problem((*path, key), f"“{key}”写了内容，又列在 unstated 里。", "二者留一个。")
        if not stated and not silent:
            document.problem((*path, "unstated"), f"“{key}”既没有写，也没有列为未说明。", f"写上内容，或在 unstated 里加 {key}。")


def _check_rule(document: Document, path: tuple[Any, ...], rule: dict[str, Any], known: dict[str, set[str]]) -> None:
    kind = rule["benefit"]["type"]
    if kind in FIGURES and "scope" not in rule:
        document.problem(path, f"条款“{rule['id']}”有数字却没有写口径。", "加 scope，例如 per_applicant、pool_total、threshold。")
    if kind not in FIGURES and "scope" in rule:
        document.problem((*path, "scope"), f"条款“{rule['id']}”没有数字，不应写口径。", "删去 scope。")
    for index, level in enumerate(rule.get("levels", [])):
        if level not in known["levels"]:
            document.problem((*path, "levels", index), f"没有级别“{level}”。", "在 book.yml 的 levels 里登记。")
    for index, audience in enumerate(rule.get("audiences", [])):
        if audience not in known["audiences"]:
            document.problem((*path, "audiences", index), f"没有对象“{audience}”。", "在 book.yml 的 audiences 里登记。")

    for key, facts in rule.get("test", {}).items():
        _check_facts(document, (*path, "test", key), facts, known["facts"])


def _check_requirement(document: Document, path: tuple[Any, ...], requirement: dict[str, Any], known: set[str]) -> None:
    for key in ("any", "none"):
        _check_facts(document, (*path, key), requirement.get(key, []), known)
    if requirement["kind"] == "discretion" and ("any" in requirement or "none" in requirement):
        document.problem(path, "裁量条件由部门认定，不能由机器判断。", "删去 any、none，或把 kind 改成 gate。")


def _check_facts(document: Document, path: tuple[Any, ...], facts: list[str], known: set[str]) -> None:
    for index, fact in enumerate(facts):
        if fact not in known:
            document.problem((*path, index), f"facts 里没有“{fact}”。", "在 book.yml 的 facts 里登记，或改用已有的编号。")


def _check_dates(document: Document, path: tuple[Any, ...], policy: dict[str, Any]) -> None:
    days: dict[str, date] = {}
    for key in ("as_of", "valid_from", "valid_to"):
        text = policy.get(key)
        if text is None:
            continue
        day = _day(text)
        if day is None:
            document.problem((*path, key), f"没有“{text}”这一天。", "改成真实的日期。")
        else:
            days[key] = day
    if "valid_from" in days and "valid_to" in days and days["valid_from"] > days["valid_to"]:
        document.problem((*path, "valid_to"), "失效日期早于生效日期。", "核对两个日期。")


def check_source_dates(document: Document) -> None:
    """Note sources whose date is no day of the calendar."""
    for index, source in _items(document, "sources"):
        text = source["date"]
        if text is not None and _day(text) is None:
            document.problem(("sources", index, "date"), f"没有“{text}”这一天。", "改成真实的日期。")


def _day(text: str) -> date | None:
    """The first day of a YYYY, YYYY-MM or YYYY-MM-DD; None where the calendar has no such day."""
    year, month, day = [*map(int, text.split("-")), 1, 1][:3]
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _check_contradictions(regions: list[Document]) -> None:
    seen: dict[tuple[Any, ...], tuple[Document, tuple[Any, ...], Any]] = {}
    for document in regions:
        for path, policy in _policies(document):
            family = policy.get("family", policy["id"])
            for index, rule in enumerate(policy["rules"]):
                benefit = rule["benefit"]
                if rule.get("scope") != "per_applicant":
                    continue
                figure = {key: benefit[key] for key in ("amount", "rate", "cap", "ratio", "factor") if key in benefit}
                for level in rule.get("levels", [""]):
                    key = (family, level, benefit["name"], tuple(rule.get("audiences", [])))
                    here = (*path, "rules", index)
                    first, place, stated = seen.setdefault(key, (document, here, figure))
                    if stated != figure:
                        document.problem(
                            here,
                            f"“{benefit['name']}”{level}的数额与 {first.file}:{first.place(place)[0]} 不一致。",
                            "核对来源；如果确是两件事，给它们不同的 name。",
                        )


def _check_aliases(regions: list[Document], names: dict[str, str]) -> None:
    """Warn of aliases that two policies of one region share: nothing can tell them apart."""
    seen: dict[tuple[str, str], list[str]] = defaultdict(list)
    for document in regions:
        region = document.value["region"]
        for path, policy in _policies(document):
            for index, alias in enumerate(policy.get("aliases", [])):
                first = seen[region, alias]
                if first and policy["id"] not in first:
                    document.problem(
                        (*path, "aliases", index),
                        f"{names.get(region, region)}的两项政策都叫“{alias}”（另一项是 {first[0]}）。",
                        "换一个能区分的叫法，或移到 keywords。",
                        warning=True,
                    )
                first.append(policy["id"])
