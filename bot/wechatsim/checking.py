"""Whether a reply keeps the platform's rules.

Sources: developers.weixin.qq.com/doc/service/guide/product/message/Passive_user_reply_message.html (公众号),
developer.work.weixin.qq.com/document/path/90241 (应用), /101031 (智能机器人); that a text has at most 2048 bytes is measured.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from bot.channels.wechat.codec import CodecError, encrypted_of_xml, parse_xml
from bot.wechatsim.accounts import APPLICATION, OFFICIAL, ROBOT, SAFE, Side
from bot.wechatsim.messages import ours
from bot.wechatsim.signing import codec

MOST_BYTES, MOST_STREAM_BYTES, MOST_FEEDBACK_BYTES = 2048, 20480, 256
# How far the clock of a reply may be from ours, in seconds.
CLOCK = 300
TEXT, TRANSFER, NONE, WELCOME, OTHER = "text", "transfer", "none", "welcome", "other"

_TYPES = {
    OFFICIAL: {"text", "image", "voice", "video", "music", "news", "transfer_customer_service"},
    APPLICATION: {"text", "image", "voice", "video", "news", "update_button", "update_template_card"},
}
_TAG = re.compile(r"<a\b[^>]*>|</a\s*>", re.IGNORECASE)
_OPENING = re.compile(r"""<a(?:\s+[\w-]+=(?:"[^"]*"|'[^']*'))+\s*>""", re.IGNORECASE)
_MENU = re.compile(r'<a href="weixin://bizmsgmenu\?msgmenucontent=([^"&]*)&msgmenuid=([^"&]*)">(.*?)</a>', re.DOTALL)


class Fault(AssertionError):  # noqa: N818 - a finding about the account's server, not an error of ours
    """The reply broke a rule of the platform; the text says which. A user sees 该公众号暂时无法提供服务, or nothing."""


@dataclass(frozen=True)
class Reply:
    """What a reply brings. `plain` is the whole of it, decrypted; the last three are of a robot's stream."""

    kind: str
    text: str | None = None
    plain: str = ""
    stream: str = ""
    finish: bool = True
    feedback: str = ""


@dataclass(frozen=True)
class Link:
    """A tap-to-send link: what it says, what it sends, and its id."""

    label: str
    content: str
    id: str


def links(text: str) -> list[Link]:
    """The tap-to-send links of a text."""
    return [Link(label, unquote(content), id) for content, id, label in _MENU.findall(text)]


def reply_of(side: Side, body: bytes, user: str, event: str = "", stream: str = "") -> Reply:
    """What a reply with status 200 brings. Raises Fault.

    `event` names the event that is replied to; `stream` is the id of the stream whose rest was asked for.
    """
    if not body or (body == b"success" and side.kind != ROBOT):
        return Reply(NONE)
    text = _utf8(body)
    if side.kind == ROBOT:
        return _robot(_opened_json(side, text), event, stream)
    return _passive(side, _opened_xml(side, body, text), user, bool(event))


def shown(kind: str, text: object) -> str:
    """A text that a phone shows, on an account of that kind. Raises Fault."""
    if not isinstance(text, str) or not text.strip():
        raise Fault("文本是空的")
    most = MOST_STREAM_BYTES if kind == ROBOT else MOST_BYTES
    size = len(text.encode(errors="surrogatepass"))
    if size > most:
        raise Fault(f"文本有 {size} 字节，最多 {most} 字节")
    if any(0xD800 <= ord(character) < 0xE000 for character in text):
        raise Fault("文本里有半个字符，不是 UTF-8")
    if kind == OFFICIAL:
        _check_links(text)
    elif "weixin://" in text:
        raise Fault("企业微信里点不开 weixin:// 链接")
    return text


def _check_links(text: str) -> None:
    is_open = False
    for tag in _TAG.findall(text):
        opening = not tag.startswith("</")
        if opening == is_open:
            raise Fault("<a> 没有成对：" + ("套在另一个 <a> 里" if opening else "多出一个 </a>"))
        if opening and not _OPENING.fullmatch(tag):
            raise Fault("<a> 的属性没有写在引号里")
        is_open = opening
    if is_open:
        raise Fault("<a> 没有成对：缺少 </a>")
    if text.count("weixin://bizmsgmenu") != len(links(text)) or not all(link.content and link.label for link in links(text)):
        raise Fault("点击即发送的链接写法不对：应当是 weixin://bizmsgmenu?msgmenucontent=内容&msgmenuid=编号")


def _passive(side: Side, xml: str, user: str, is_event: bool) -> Reply:
    fields = _fields(xml)
    if fields.get("ToUserName") != user or fields.get("FromUserName") != ours(side):
        raise Fault("ToUserName 应当是用户、FromUserName 应当是账号：与收到的消息相反")
    _near_now("CreateTime", fields.get("CreateTime"))
    kind = fields.get("MsgType", "")
    if kind not in _TYPES[side.kind]:
        raise Fault(f"MsgType 是“{kind}”，不是被动回复的类型")
    if kind == "transfer_customer_service":
        if is_event:
            raise Fault("事件不能转给客服，只有用户的消息可以")
        return Reply(TRANSFER, plain=xml)
    return Reply(TEXT, shown(side.kind, fields.get("Content")), xml) if kind == "text" else Reply(OTHER, plain=xml)


def _opened_xml(side: Side, body: bytes, text: str) -> str:
    """The XML of a reply, decrypted where it is sealed."""
    if not text.startswith("<xml>"):
        raise Fault(f"回复既不是 success、空，也不是 XML：{text[:30]!r}")
    if not side.sealed:
        if "Encrypt" in _fields(text):
            raise Fault("明文模式的回复不应当加密")
        return text
    fields = _fields(text)
    if "Encrypt" not in fields:
        if side.kind == OFFICIAL and side.mode != SAFE:
            return text
        raise Fault("回复没有加密：安全模式和企业微信的回复必须加密")
    wrong = {"Encrypt", "MsgSignature", "TimeStamp", "Nonce"} ^ set(fields)
    if wrong:
        raise Fault(f"加密的回复应当恰好有 Encrypt、MsgSignature、TimeStamp、Nonce，多了或少了：{'、'.join(sorted(wrong))}")
    return _opened(side, fields["MsgSignature"], fields["TimeStamp"], fields["Nonce"], encrypted_of_xml(body))


def _opened_json(side: Side, text: str) -> Mapping[str, Any]:
    fields = _object(text)
    wrong = {"encrypt", "msgsignature", "timestamp", "nonce"} ^ set(fields)
    if wrong:
        raise Fault(f"回复应当恰好有 encrypt、msgsignature、timestamp、nonce，多了或少了：{'、'.join(sorted(map(str, wrong)))}")
    texts = [fields["encrypt"], fields["msgsignature"], fields["nonce"]]
    if not isinstance(fields["timestamp"], int) or not all(isinstance(value, str) for value in texts):
        raise Fault("timestamp 应当是整数，encrypt、msgsignature、nonce 应当是字符串")
    return _object(_opened(side, texts[1], str(fields["timestamp"]), texts[2], texts[0]))


def _opened(side: Side, signature: str, timestamp: str, nonce: str, encrypted: str) -> str:
    _near_now("TimeStamp", timestamp)
    if not nonce:
        raise Fault("回复没有 Nonce")
    try:
        return codec(side).open(signature, timestamp, nonce, encrypted)
    except CodecError as error:
        raise Fault(f"回复解不开（{error.code}）：{error}") from error


def _robot(reply: Mapping[str, Any], event: str, stream: str) -> Reply:
    kind, plain = reply.get("msgtype"), json.dumps(reply, ensure_ascii=False)
    if event:
        if event == "enter_chat" and kind == "text":
            return Reply(WELCOME, shown(ROBOT, _inside(reply, "text").get("content")), plain)
        raise Fault(f"对事件 {event} 不能这样回复：进入会话可以回一条文本，其他事件只能回空")
    if kind != "stream":
        raise Fault(f"对消息应当回复 stream，而不是“{kind}”")
    body = _inside(reply, "stream")
    id, finish, content = body.get("id"), body.get("finish", False), body.get("content", "")
    if not isinstance(id, str) or not id or (stream and id != stream):
        raise Fault("stream.id 应当一开始就有，并且一直是同一个")
    if not isinstance(finish, bool):
        raise Fault("stream.finish 应当是 true 或 false")
    feedback = _inside(body, "feedback").get("id", "") if "feedback" in body else ""
    if not isinstance(feedback, str) or len(feedback.encode()) > MOST_FEEDBACK_BYTES:
        raise Fault(f"stream.feedback.id 最多 {MOST_FEEDBACK_BYTES} 字节")
    if finish or content:
        content = shown(ROBOT, content)
    return Reply(TEXT, content, plain, id, finish, feedback)


def _inside(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name)
    if not isinstance(found, Mapping):
        raise Fault(f"{name} 应当是一个对象")
    return found


def _utf8(body: bytes) -> str:
    if body.startswith(b"\xef\xbb\xbf"):
        raise Fault("回复的开头有 BOM")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise Fault(f"回复不是 UTF-8（第 {error.start} 字节）") from error


def _fields(xml: str) -> dict[str, str]:
    try:
        return parse_xml(xml.encode())
    except CodecError as error:
        raise Fault(f"回复的 XML 读不懂：{error}") from error


def _object(text: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except ValueError as error:
        raise Fault(f"回复不是 JSON：{text[:30]!r}") from error
    if not isinstance(found, dict):
        raise Fault("回复应当是一个 JSON 对象")
    return found


def _near_now(name: str, value: str | None) -> None:
    if not value or not value.isascii() or not value.isdigit():
        raise Fault(f"{name} 应当是整数（秒）：{value!r}")
    if abs(int(value) - time.time()) > CLOCK:
        raise Fault(f"{name} 不是现在的时间：{value}")
