"""The source of a record: title, publisher, date, and how old what it tells is."""

from __future__ import annotations

from datetime import date

from actions.knowledge.book import PolicyBook
from actions.knowledge.models import Policy

VERIFY = "，现在是否有效请向部门核实"
NO_DOCUMENT = "报道没有给出文号和全文。"


def source_line(book: PolicyBook, policy: Policy, today: date, *, again: bool = False) -> str:
    """Title, publisher, date with what is inferred, and how old its content is; `again` without the advice to verify."""
    source = book.source_of(policy)
    inferred = "，日期含推断" if source.date and "推断" in source.date_note else ""
    dated = f"{source.date or '日期未载'}{inferred}"
    # A page of 2025 may tell of 2019: what counts is the age of what it tells.
    named = f"来源：《{source.title}》（{source.publisher}，{dated}）"
    if policy.as_of and source.date and policy.as_of[:4] < source.date[:4]:
        line = f"{named}，讲的是 {policy.as_of[:4]} 年的情况，{age(policy.as_of, today)}"
    else:
        line = f"{named}。{age(source.date, today)}"
    return line.replace(VERIFY, "") if again else line


def source_name(book: PolicyBook, policy: Policy) -> str:
    """The source of a policy in short: title and date."""
    source = book.source_of(policy)
    return f"《{source.title}》{source.date or '日期未载'}"


def age(dated: str | None, today: date) -> str:
    """How old something of a date is on a day, and what follows for the reader."""
    if dated is None:
        return f"材料没有写年份{VERIFY}。"
    year, month = int(dated[:4]), int(dated[5:7]) if len(dated) > 4 else 1
    months = max(0, (today.year - year) * 12 + today.month - month)
    if len(dated) == 4:
        text = f"距今约 {today.year - year} 年" if today.year > year else "今年"
    elif months < 12:
        text = f"距今约 {months} 个月" if months else "本月"
    else:
        text = f"距今约 {months // 12} 年" + (f" {months % 12} 个月" if months % 12 else "")
    return f"{text}{VERIFY}。"
