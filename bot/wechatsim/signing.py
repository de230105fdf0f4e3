"""Requests to a callback address, signed and sealed as the platform does.

Sources: developers.weixin.qq.com/doc/offiaccount/Getting_Started/message-push (公众号),
developer.work.weixin.qq.com/document/path/90930 (应用), /101033 (智能机器人).
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Mapping
from typing import Any

from bot.channels.wechat.codec import Codec, render_xml, sign
from bot.wechatsim.accounts import COMPATIBLE, OFFICIAL, ROBOT, Side

Query = dict[str, str]
Request = tuple[Query, bytes]


def codec(side: Side) -> Codec:
    """What seals and opens for an account."""
    return Codec(side.token, side.key if side.sealed else "", side.id)


def signed_request(side: Side, message: Mapping[str, Any], timestamp: str | None = None, nonce: str | None = None) -> Request:
    """The query and the body of a POST that tells of a message. Without timestamp and nonce: of now, and new ones."""
    timestamp, nonce = timestamp or str(int(time.time())), nonce or secrets.token_hex(5)
    query = {"timestamp": timestamp, "nonce": nonce}
    if side.kind == OFFICIAL:
        query |= {"signature": sign(side.token, timestamp, nonce), "openid": str(message.get("FromUserName", ""))}
    if not side.sealed:
        return query, render_xml(message).encode()
    plain = json.dumps(message, ensure_ascii=False) if side.kind == ROBOT else render_xml(message)
    sealed = codec(side).seal(plain, timestamp, nonce)
    query["msg_signature"] = sealed.signature
    if side.kind == ROBOT:
        return query, json.dumps({"encrypt": sealed.encrypted}).encode()
    if side.kind == OFFICIAL:
        query["encrypt_type"] = "aes"
        shown = dict(message) if side.mode == COMPATIBLE else {"ToUserName": message["ToUserName"]}
    else:
        shown = {"ToUserName": message["ToUserName"], "AgentID": str(side.agent)}
    return query, render_xml({**shown, "Encrypt": sealed.encrypted}).encode()


def verification(side: Side) -> tuple[Query, str]:
    """The query of the GET that the back-office makes when 提交 is pressed, and the text it expects."""
    timestamp, nonce = str(int(time.time())), secrets.token_hex(5)
    expected = str(secrets.randbits(61) + 2**61)
    if side.kind == OFFICIAL:  # also in safe mode
        signature = sign(side.token, timestamp, nonce)
        return {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": expected}, expected
    sealed = codec(side).seal(expected, timestamp, nonce)
    return {"msg_signature": sealed.signature, "timestamp": timestamp, "nonce": nonce, "echostr": sealed.encrypted}, expected
