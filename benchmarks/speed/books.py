"""Policy books of any size, made of the real one: for measuring, never for answering.

The first copy is the real book. Every other one is the same policies in made-up places: its ids end in the number of the
copy, every place has a coined name, and what bears no place in its own name gets one, so that no two copies share a name.
The files are YAML as clerks write it, not JSON (which is YAML too): every kind of scalar and of collection costs libyaml
its own time, and reading these is to cost what reading real files costs.
"""

from __future__ import annotations

import re
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml
from pypinyin import lazy_pinyin

from actions.knowledge.documents import read_document
from actions.knowledge.loading import VOCABULARY, book_files

ROOT = Path(__file__).resolve().parents[2]
REAL = ROOT / "data" / "policies"
MADE = ROOT / "build" / "bench-speed" / "books"

# (region, the form that a coined name replaces, the form behind it that stays). The first that fits is taken, hence the
# order; the first form of a region is its own name. The regions not named here have no policies and are not copied.
PLACES = (
    ("gaoxin", "(?:青岛)?", "国家高新区|高新区|高新技术产业开发区"),
    ("qdftz", "(?:青岛)?", "自贸片区|自贸区|自贸"),
    ("cbd", "(?:青岛)?", "中央商务区|CBD"),
    ("jimo", "即墨", ""),
    ("jimo", "(?:青岛)?蓝谷(?:高新区)?", ""),
    ("xihaian", "(?:青岛)?西海岸", ""),
    ("xihaian", "黄岛", ""),
    ("qingdao", "青岛", ""),
    ("qingdao", "岛城", ""),
    ("laoshan", "崂山", ""),
    ("cangma", "藏马", ""),
    ("jiaozhou", "胶州", ""),
    ("shanghe", "上合(?![同计理法作资])", ""),
    ("shibei", "市北(?!方)", ""),
    ("shinan", "市南", ""),
    ("licang", "李沧", ""),
    ("chengyang", "城阳", ""),
    ("pingdu", "平度", ""),
    ("laixi", "莱西", ""),
    ("haiyang", "海阳", ""),
)
PLACE = re.compile("|".join(f"({form}({kept}))" for _, form, kept in PLACES))
OWN = {region: number for number, (region, _, _) in reversed(list(enumerate(PLACES)))}
REFERENCES = ("id", "region", "parent", "place", "family", "with", "phone_source")  # keys of ids that every copy has of its own

# A coined name is one of the first and one of the second. No character is in the real book, no two of a line sound alike.
FIRST = (
    "岑澹沁昙芷珩荻茗砚淞瑶渌璟筠菀翊晗濯霁茉蓼琅淇渚槿榆枫楹樨沅涪泠湉"
    "澧澜灏炜烨玥珑珞琨琮瑄瑷睢砀磬穹笙筱箬篁簌缑缦耒臧舒荃莘蒯蘅裘"
)
SECOND = (
    "汀湄浔潭漈垣坞坪埠墩墅岫岬崮嵊廊庐扉杪栈桁棣榭樾泓泮洄浒淀渑溆瀛濂"
    "灞畈畴皋砦硐礁秸窑筏簖纶罡羌臬舫芮荇莆菱葑薮藻虢裾豁谯阙陂隈靖鞍"
)
MOST = len(FIRST) * len(SECOND) // len(PLACES) + 1

# In the text of which all copies are made a private character stands for each thing in which they differ.
NUMBER, NAME, SOUND = 0xE000, 0xE100, 0xE200


def book(copies: int) -> Path:
    """The folder of a book of so many copies, made where it is not there yet. Raises ValueError as `multiplied` does."""
    made = sha256(b"".join(path.read_bytes() for path in (Path(__file__), *book_files(REAL)))).hexdigest()[:12]
    folder = MADE / f"{copies}-{made}"
    if not folder.is_dir():
        partial = folder.with_name(f"{folder.name}.partial")
        shutil.rmtree(partial, ignore_errors=True)
        multiplied(partial, copies).rename(folder)
    return folder


def multiplied(folder: Path, copies: int) -> Path:
    """Write a book of so many copies into `folder`, always the same files; returns the folder.

    Raises ValueError where there are too few coined names, FileExistsError where the folder is there already.
    """
    if not 1 <= copies <= MOST:
        raise ValueError(f"a book can have 1 to {MOST} copies, not {copies}")
    folder.mkdir(parents=True)
    places = {number: names(number) for number in range(2, copies + 1)}
    for path in book_files(REAL):
        value = read_document(path, path.name).value
        if path.name == VOCABULARY:
            (folder / path.name).write_text(_vocabulary(value, list(places.values())), encoding="utf-8")
            continue
        shutil.copyfile(path, folder / path.name)
        template = _dump(_region_file(value))
        for number, coined in places.items():
            (folder / f"{path.stem}-{number}.yml").write_text(template.translate(coined), encoding="utf-8")
    return folder


def names(copy: int) -> dict[int, str]:
    """What each private character stands for in a copy (the second is the first that needs any)."""
    found = {NUMBER: f"-{copy}"}
    for place in range(len(PLACES)):
        which = (copy - 2) * len(PLACES) + place
        # Both halves change from one name to the next, and no two halves meet twice before all have met.
        name = FIRST[which % len(FIRST)] + SECOND[(which // len(FIRST) + 5 * which) % len(SECOND)]
        found[NAME + place], found[SOUND + place] = name, "".join(lazy_pinyin(name))
    return found


def _vocabulary(value: dict[str, Any], copies: list[dict[int, str]]) -> str:
    """The vocabulary with the regions and the foreign names of every copy; the few examples of a greeting stay as they are."""
    regions = _dump([_told_apart(region, region["id"]) for region in value["regions"] if region["id"] in OWN])
    synonyms = _dump([_foreign(item) for item in value["synonyms"] if PLACE.match(item["word"])])
    rest = {key: item for key, item in value.items() if key not in ("regions", "synonyms")}
    texts = [_dump(rest), _dump({"regions": value["regions"]}), *(regions.translate(copy) for copy in copies)]
    texts += [_dump({"synonyms": value["synonyms"]}), *(synonyms.translate(copy) for copy in copies)]
    return "".join(texts)


def _foreign(item: dict[str, Any]) -> dict[str, Any]:
    """The foreign names of a place, each with the sound of the coined name before it."""
    found = PLACE.match(item["word"])
    sound = chr(SOUND + _which(found)) if found else ""
    return {"word": _coined(item["word"]), "aliases": [f"{sound} {alias}" for alias in item["aliases"]]}


def _region_file(value: dict[str, Any]) -> dict[str, Any]:
    """The file of a region as it stands in every copy."""
    found = _copied(value)
    for key in ("departments", "policies"):
        if key in value:
            found[key] = [_told_apart(record, value["region"]) for record in value[key]]
    return dict(found)


def _told_apart(record: dict[str, Any], region: str) -> dict[str, Any]:
    """A record whose name and aliases all have a coined name in them, that of its region where they had no place's."""
    found: dict[str, Any] = _copied(record)
    own = chr(NAME + OWN[region])
    found["name"] = _with(own, record["name"])
    if "aliases" in record:
        aliases = [_with(own, alias) for alias in record["aliases"]]
        found["aliases"] = [alias for alias in dict.fromkeys(aliases) if alias != found["name"]]
    return found


def _with(own: str, name: str) -> str:
    coined = _coined(name)
    return coined if coined != name else own + name


def _copied(value: Any, key: str = "") -> Any:
    """A value with ids of its own and coined names for the places in its texts; what reads alike thereby stands once."""
    if isinstance(value, dict):
        return {name: _copied(item, name) for name, item in value.items()}
    if isinstance(value, list):
        found = [_copied(item) for item in value]
        return list(dict.fromkeys(found)) if all(isinstance(item, str) for item in found) else found
    if isinstance(value, str):
        return value + chr(NUMBER) if key in REFERENCES else _coined(value)
    return value


def _coined(text: str) -> str:
    return PLACE.sub(lambda found: chr(NAME + _which(found)) + found[(found.lastindex or 0) + 1], text)


def _which(found: re.Match[str]) -> int:
    """The number of the form that was found: every form has a group around it and one for what stays."""
    return ((found.lastindex or 0) - 1) // 2


def _dump(value: Any) -> str:
    """YAML in the style of the real files: lists of words and small mappings on one line, everything else a line each."""
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    return str(yaml.dump(value, Dumper=dumper, allow_unicode=True, sort_keys=False, default_flow_style=None, width=1_000_000))
