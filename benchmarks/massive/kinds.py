"""What kind of answer the messages of a turn are, by their data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

POLICY, INTERVIEW = "policy", "interview"
DECLINED, TALK, ASKS_BACK, NOTHING = "declined", "talk", "asks_back", "nothing"
SILENT, OTHER = "silent", "other"
# Those that answer from the book where nothing of it was asked.
ANSWERS = (POLICY, INTERVIEW)
# Kind → its name in the tables, in their order.
NAMES = {
    POLICY: "陈述或列出政策",
    INTERVIEW: "开始匹配问答",
    DECLINED: "婉拒",
    TALK: "寒暄、介绍自己、记忆",
    ASKS_BACK: "反问地区或政策",
    NOTHING: "说明没有找到或未收录",
    OTHER: "其他",
    SILENT: "没有回答",
}
# The types of data that replies carry. Whatever the type: with policies it states them.
STATING = frozenset(("policy", "policies", "list"))
# One reply to several questions; its parts have data of their own.
SEVERAL = "several"
KIND_OF_TYPE = {
    "question": INTERVIEW,
    "decline": DECLINED,
    "unclear": ASKS_BACK,
    "confirm": ASKS_BACK,
    **dict.fromkeys(("nothing", "uncovered", "exhausted", "match"), NOTHING),
    **dict.fromkeys(("greet", "thank", "goodbye", "affirm", "deny", "identity", "capability", "human", "complain"), TALK),
    **dict.fromkeys(("unsure", "start_over", "profile", "forgotten"), TALK),
}


def data_of(messages: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The data that the messages carry beside their texts: of a reply to several questions, that of its parts."""
    found = [message["custom"] for message in messages if message.get("custom")]
    return [part for data in found for part in (data["answers"] if data.get("type") == SEVERAL else [data])]


def kind_of(messages: Sequence[dict[str, Any]]) -> str:
    """The kind of the answer as a whole: what it states of the book outweighs what else it says."""
    found = data_of(messages)
    if any(data.get("policies") for data in found):
        return POLICY
    kinds = [KIND_OF_TYPE.get(data.get("type", ""), OTHER) for data in found]
    if INTERVIEW in kinds:
        return INTERVIEW
    return kinds[0] if kinds else SILENT


def mentioned(messages: Sequence[dict[str, Any]]) -> list[str]:
    """The ids of policies that are only named, as something the person may have meant."""
    return [str(policy["id"]) for data in data_of(messages) for policy in data.get("related") or ()]
