"""What the platform tells an account of its users, before it is signed.

Formats: developers.weixin.qq.com/doc/offiaccount/Message_Management/Receiving_standard_messages.html (公众号),
developer.work.weixin.qq.com/document/path/90239 (应用), /100719 and /101027 (智能机器人).
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.wechatsim.accounts import APPLICATION, OFFICIAL, ROBOT, Side

Message = dict[str, Any]

# Where nothing listens: what is only named in a message is never fetched in earnest.
_NOWHERE = "http://127.0.0.1:9/"
_MEDIA_ID = "media-0123456789"
_MEDIA: Mapping[str, Message] = {
    "image": {"PicUrl": _NOWHERE, "MediaId": _MEDIA_ID},
    "voice": {"MediaId": _MEDIA_ID, "Format": "amr"},
    "video": {"MediaId": _MEDIA_ID, "ThumbMediaId": _MEDIA_ID},
    "shortvideo": {"MediaId": _MEDIA_ID, "ThumbMediaId": _MEDIA_ID},
    "location": {"Location_X": "36.06", "Location_Y": "120.38", "Scale": "15", "Label": "青岛市"},
    "link": {"Title": "链接", "Description": "", "Url": _NOWHERE},
    "file": {"Title": "材料.pdf", "Description": "", "FileKey": "key", "FileMd5": "0" * 32, "FileTotalLen": 1024},
}
_ROBOT_MEDIA: Mapping[str, Message] = {
    "image": {"url": _NOWHERE},
    "file": {"url": _NOWHERE},
    "video": {"url": _NOWHERE},
    "voice": {"content": ""},
    "mixed": {"msg_item": [{"msgtype": "image", "image": {"url": _NOWHERE}}]},
}


def ours(side: Side) -> str:
    """What the account is called in a message: a 公众号 by its original id, an application by its company."""
    return "gh_" + hashlib.sha1(side.name.encode()).hexdigest()[:12] if side.kind == OFFICIAL else side.id


def text(side: Side, user: str, said: str, menu: str | None = None) -> Message:
    """A text; `menu` is the id of the menu link that was tapped."""
    if side.kind == ROBOT:
        return {**_robot(user, "text"), "response_url": _NOWHERE, "text": {"content": said}}
    tapped = {"bizmsgmenuid": menu} if menu is not None else {}
    return _numbered(side, user, "text", {"Content": said, **tapped})


def media(side: Side, user: str, kind: str, fields: Mapping[str, Any]) -> Message:
    """A picture, a voice message and so on; `fields` go before what is usual."""
    if side.kind == ROBOT:
        return {**_robot(user, kind), "response_url": _NOWHERE, kind: {**_ROBOT_MEDIA.get(kind, {}), **fields}}
    return _numbered(side, user, kind, {**_MEDIA.get(kind, {}), **fields})


def event(side: Side, user: str, name: str, key: str = "", **fields: Any) -> Message:
    """An event: `name` as the platform writes it; `key` is the EventKey."""
    if side.kind == ROBOT:
        return {**_robot(user, "event"), "create_time": int(time.time()), "event": {"eventtype": name, **fields}}
    found = {**_plain(side, user, "event"), "Event": name, "EventKey": key, **fields}
    if key.startswith("qrscene_") or name == "SCAN":
        found["Ticket"] = "ticket"
    if name == "LOCATION":
        found |= {"Latitude": "36.06", "Longitude": "120.38", "Precision": "50"}
    return found


def refresh(user: str, stream: str) -> Message:
    """The question for the rest of a stream."""
    return {**_robot(user, "stream"), "stream": {"id": stream}}


def _robot(user: str, kind: str) -> Message:
    id = secrets.token_urlsafe(18) + "/="
    return {"msgid": id, "aibotid": "aib-sim", "chattype": "single", "from": {"userid": user}, "msgtype": kind}


def _plain(side: Side, user: str, kind: str) -> Message:
    agent = {"AgentID": side.agent} if side.kind == APPLICATION else {}
    return {"ToUserName": ours(side), "FromUserName": user, "CreateTime": int(time.time()), "MsgType": kind, **agent}


def _numbered(side: Side, user: str, kind: str, fields: Message) -> Message:
    return {**_plain(side, user, kind), **fields, "MsgId": secrets.randbits(61) + 2**61}
