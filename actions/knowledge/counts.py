"""How many, and for how long: 三家子公司, 两名博士, 领两年, 六个月, 每月."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from actions.knowledge.numerals import NUMERAL, read_number, vague_number

_COUNT = re.compile(
    rf"(?<![第\d.每各几十百])(?P<number>\d{{1,3}}|{NUMERAL}|俩)\s*"
    r"(?P<noun>家|个(?!月|工作日|星期|小时|点|[百千万亿])|户|名|位|人(?!民)|座|栋|项|(?<=俩))"
)
_WHO = (
    ("person", re.compile("人|博士|硕士|专家|教授|员工|职工|总监|工程师|经理|技工|名|位")),
    ("company", re.compile("公司|企业|家|厂|店|户|机构")),
    ("building", re.compile("座|栋|楼")),
    ("project", re.compile("项目|项")),
)
_UP_TO_STOP = re.compile(r"[^,，。;；:：?？!！、\d]{0,14}")


@dataclass(frozen=True)
class Party:
    """How many of whom: `who` is person, company, building, project, or empty where it is not said."""

    number: int
    who: str
    start: int
    end: int


def find_parties(text: str) -> list[Party]:
    """All that a text counts of those who could apply, in order, single ones included."""
    return list(_parties(text))


@lru_cache(maxsize=1_000)
def _parties(text: str) -> tuple[Party, ...]:
    found = []
    for match in _COUNT.finditer(text):
        if vague_number(match["number"]):
            continue  # 两三个人 is no number to calculate with
        number = 2 if match["number"] == "俩" else read_number(match["number"])
        if number is not None and 1 <= number < 1000 and number == int(number):
            follows = _UP_TO_STOP.match(text, match.end())
            spoken = match["noun"] + (follows[0] if follows else "")
            found.append(Party(int(number), _who(match["noun"], spoken), match.start(), match.end()))
    return tuple(found)


def _who(noun: str, spoken: str) -> str:
    """What the measure word says; where it says nothing (个), the noun that comes first."""
    for name, words in _WHO:
        if noun and words.search(noun):
            return name
    places = [(match.start(), name) for name, words in _WHO if (match := words.search(spoken))]
    return min(places)[1] if places else ""


_IN_EACH = re.compile(
    rf"(?P<outer>\d{{1,3}}|{NUMERAL})\s*[家个](?:子公司|分公司|公司|企业|单位|机构)?[,，]?"
    r"(?:各|都|分别|每家|每个?(?:公司|企业|单位))(?:自|引进|招聘?|聘用?|派|来|有|请)*了?\s*"
    rf"(?P<inner>\d{{1,3}}|{NUMERAL})\s*(?P<noun>人(?!民)|名|位|个(?=人|博士|硕士|专家|人才|教授|工程师))"
)


def find_people(text: str) -> Party | None:
    """How many people in all a text counts by companies (三家各两人: six); None where it does not."""
    match = _IN_EACH.search(text)
    outer, inner = (read_number(match["outer"]), read_number(match["inner"])) if match else (None, None)
    if not match or not outer or not inner or not 2 <= outer * inner < 1000:
        return None
    return Party(int(outer * inner), "person", match.start(), match.end())


_YEARS = re.compile(
    r"(?<![第\d前近.每])(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*个?整?年(?!薪|度|级|代|前|内|以前|之|租|收|税|产|营)"
)
_NOT_OF_SUPPORT = re.compile("(成立|注册|经营|毕业|工作|从业|入职|开了|办了)了?(已|快|满|有)?$")
_PART = re.compile(r"半年|(?<![第\d])(?:\d{1,2}|[一二两三四五六七八九十]{1,2})\s*个月")
_MONTHS = re.compile(r"(?P<number>\d{1,2}|[一二两三四五六七八九十]{1,2})\s*个月")


def find_years(text: str) -> int | None:
    """For how many years something is asked (领两年): the most of those named; None where it does not say."""
    found = []
    for match in _YEARS.finditer(text):
        number = read_number(match["number"])
        if number is not None and number >= 1 and not _NOT_OF_SUPPORT.search(text[: match.start()]):
            found.append(int(number))
    return max(found, default=None)


def part_of_year(text: str) -> bool:
    """Whether a text asks for less than whole years: 半年, 两年半, 干了8个月."""
    return bool(_PART.search(text) or re.search("年半", text)) and "一个月" not in text


def find_months(text: str) -> int | None:
    """For how many months something is asked, from 2 on: 租六个月, 租一年; None where it does not say."""
    for match in _MONTHS.finditer(text):
        number = read_number(match["number"])
        if number is not None and number >= 2:
            return int(number)
    years = find_years(text)
    return 12 * years if years else None


_BEFORE = re.compile(r"(月薪|月工资|月收入|月入|月租|每个?月|一个月|按月|月均)[^,，。;；\d万]{0,6}$")
_AFTER = re.compile(r"\s*(/月|每个?月|一个月|月薪|的月薪|/个?月)")


def monthly(before: str, after: str) -> bool:
    """Whether a sum between these texts is one of a month: 月薪两万, 2万/月."""
    return bool(_BEFORE.search(before) or _AFTER.match(after))
