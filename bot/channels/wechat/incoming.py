"""What the platform tells of its users, whatever form it comes in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TEXT, MEDIA, EVENT = "text", "media", "event"
# Events that mean something here; others are only acknowledged.
SUBSCRIBE, UNSUBSCRIBE, CLICK, ENTER, FEEDBACK = "subscribe", "unsubscribe", "click", "enter_chat", "feedback_event"

_USER = re.compile(r"[^\s\x00-\x1f]{1,128}")
_MENTION = re.compile(r"^\s*@\S+\s+")
# What a 公众号 is sent in place of a message that the platform does not pass on, such as a sticker.
_WITHHELD = "收到不支持的消息类型"


@dataclass(frozen=True)
class Incoming:
    """One message or event. `key` is the same for every delivery of it; `ours` is the account's name in a reply.

    `tapped`: the text was sent by tapping a link, which counts as a menu click.
    """

    kind: str
    user: str
    key: str
    text: str = ""
    event: str = ""
    event_key: str = ""
    ours: str = ""
    tapped: bool = False


def of_xml(fields: Mapping[str, str]) -> Incoming | None:
    """A message of a 公众号 or an application; None where it names no user.

    Messages are known by MsgId, events by user and time (doc/offiaccount/Message_Management/Receiving_standard_messages.html).
    """
    user, kind, ours = fields.get("FromUserName", ""), fields.get("MsgType", ""), fields.get("ToUserName", "")
    if not _USER.fullmatch(user):
        return None
    if kind == EVENT:
        event = fields.get("Event", "").lower()  # the two platforms write CLICK and click
        tapped = fields.get("EventKey", "")
        # Two menu entries may be tapped within a second.
        key = f"{fields.get('CreateTime', '')}.{event}.{tapped}"
        return Incoming(EVENT, user, key, event=event, event_key=tapped, ours=ours)
    key = fields.get("MsgId") or f"{fields.get('CreateTime', '')}.{kind}"
    # What was heard in a voice message, where the account has that switched on.
    text = fields.get("Content", "") if kind == TEXT else fields.get("Recognition", "")
    readable = text.strip() and _WITHHELD not in text
    return Incoming(TEXT if readable else MEDIA, user, key, text=text, ours=ours, tapped="bizmsgmenuid" in fields)


def of_json(message: Mapping[str, Any]) -> Incoming | None:
    """A message of a 智能机器人; None where it names no user. In a group everybody has a conversation of his own."""
    user, kind, key = _text(message, "from", "userid"), _text(message, "msgtype"), _text(message, "msgid")
    if not _USER.fullmatch(user) or not key:
        return None
    if message.get("chattype") == "group":
        user = f"{_text(message, 'chatid')[:60]}.{user}"
    if kind == EVENT:
        return Incoming(EVENT, user, key, event=_text(message, EVENT, "eventtype"))
    text = _words(message, kind)
    return Incoming(TEXT if text.strip() else MEDIA, user, key, text=text)


def _words(message: Mapping[str, Any], kind: str) -> str:
    """The words of a text, of a voice message (the platform writes them down), of a text with pictures."""
    mixed = message.get(kind)
    parts = mixed.get("msg_item") if kind == "mixed" and isinstance(mixed, Mapping) else None
    if isinstance(parts, list):
        text = " ".join(filter(None, (_text(part, TEXT, "content") for part in parts)))
    else:
        text = _text(message, kind, "content") if kind in (TEXT, "voice") else ""
    # In a group the message begins with the name that was called.
    return _MENTION.sub("", text) if message.get("chattype") == "group" else text


def _text(node: Any, *path: str) -> str:
    for name in path:
        node = node.get(name) if isinstance(node, Mapping) else None
    return node if isinstance(node, str) else ""
