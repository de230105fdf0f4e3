"""One account's messages: checked, opened, sealed, in XML (公众号, 企业微信应用) and JSON (智能机器人)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from bot.channels.wechat.codec.cipher import Cipher
from bot.channels.wechat.codec.errors import FORM, KEY, SIGNATURE, CodecError
from bot.channels.wechat.codec.signature import sign, signed
from bot.channels.wechat.codec.xml import parse_xml, render_xml


@dataclass(frozen=True)
class Sealed:
    """A message locked and signed. `timestamp`: Unix time in seconds, in digits."""

    encrypted: str
    signature: str
    timestamp: str
    nonce: str


class Codec:
    """Checks, opens and seals what one account receives and answers."""

    def __init__(self, token: str, key: str = "", receive_id: str = ""):
        """`token` and `key` (EncodingAESKey) as in the account's settings; no key: plain mode (明文模式) only.

        `receive_id` is the AppID or CorpID, "" for 智能机器人. Raises CodecError when the token is empty (-40001) or the
        key is none (-40004).
        """
        if not token:
            raise CodecError(SIGNATURE)  # without a secret everybody could sign
        self._token = token
        self._cipher = Cipher(key, receive_id) if key else None

    def check(self, signature: str, timestamp: str, nonce: str) -> None:
        """Check the signature of a plain request. Raises CodecError (-40001)."""
        if not signed(signature, self._token, timestamp, nonce):
            raise CodecError(SIGNATURE)

    def open(self, msg_signature: str, timestamp: str, nonce: str, encrypted: str) -> str:
        """The message in an encrypted text (also the `echostr` of 企业微信). Raises CodecError.

        Nothing is decrypted before the signature is known to be right.
        """
        if not signed(msg_signature, self._token, timestamp, nonce, encrypted):
            raise CodecError(SIGNATURE)
        return self._locksmith().decrypt(encrypted)

    def seal(self, message: str, timestamp: str, nonce: str, random: bytes | None = None) -> Sealed:
        """The message locked and signed. Raises CodecError when there is no key, or as Cipher.encrypt does."""
        encrypted = self._locksmith().encrypt(message, random)
        return Sealed(encrypted, sign(self._token, timestamp, nonce, encrypted), timestamp, nonce)

    def _locksmith(self) -> Cipher:
        if self._cipher is None:
            raise CodecError(KEY)
        return self._cipher


def parse_json(body: bytes) -> dict[str, Any]:
    """The JSON object in a body. Raises CodecError (-40002) for everything else, UTF-8 or nesting that is broken included."""
    try:
        value = json.loads(body.decode())
        # Half a surrogate pair, a NaN or a thousand levels would break whoever writes it again.
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise CodecError(FORM) from None
    if not isinstance(value, dict):
        raise CodecError(FORM)
    return value


def encrypted_of_xml(body: bytes) -> str:
    """The encrypted text in an XML body, "" where there is none. Raises CodecError as parse_xml does."""
    return parse_xml(body).get("Encrypt", "")


def encrypted_of_json(body: bytes) -> str:
    """The encrypted text in a JSON body, "" where there is none. Raises CodecError as parse_json does."""
    encrypted = parse_json(body).get("encrypt")
    return encrypted if isinstance(encrypted, str) else ""


def sealed_xml(sealed: Sealed) -> str:
    """The answer to 公众号 and 企业微信应用: https://developer.work.weixin.qq.com/document/path/90968."""
    return render_xml(
        {
            "Encrypt": sealed.encrypted,
            "MsgSignature": sealed.signature,
            "TimeStamp": int(sealed.timestamp),
            "Nonce": sealed.nonce,
        }
    )


def sealed_json(sealed: Sealed) -> str:
    """The answer to 智能机器人: https://developer.work.weixin.qq.com/document/path/101033."""
    return json.dumps(
        {
            "encrypt": sealed.encrypted,
            "msgsignature": sealed.signature,
            "timestamp": int(sealed.timestamp),
            "nonce": sealed.nonce,
        },
        ensure_ascii=False,
    )
