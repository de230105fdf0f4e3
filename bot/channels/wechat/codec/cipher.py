"""AES-256-CBC as WeChat uses it."""

from __future__ import annotations

import base64
import hmac
import os

from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes

from bot.channels.wechat.codec.errors import BASE64, BUFFER, DECRYPTION, ENCRYPTION, KEY, RECEIVER, CodecError

KEY_LENGTH = 43
BLOCK = 16  # bytes that AES takes at once
PADDED = 32  # bytes that the padding fills up to: not AES's own block
RANDOM = 16  # random bytes before the message
LENGTH = 4  # bytes that tell how long the message is, the highest first


class Cipher:
    """Locks and unlocks the texts of one account.

    The plain bytes: 16 random ones, the length of the message in 4, the message, the receiver's id, PKCS#7 padding to
    32 bytes. The initial vector is the first half of the key.
    https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
    """

    def __init__(self, key43: str, receive_id: str):
        """`key43` is the EncodingAESKey; `receive_id` the AppID or CorpID, "" for 智能机器人.

        Raises CodecError (-40004) when the key is none.
        """
        key = _key(key43)
        self._aes = BlockCipher(algorithms.AES(key), modes.CBC(key[:BLOCK]))
        self._receive_id = receive_id.encode()

    def decrypt(self, cipher: str) -> str:
        """The message in a base64 text.

        Raises CodecError: no base64 (-40010), no whole blocks (-40007), padding, length or UTF-8 wrong (-40008),
        meant for somebody else (-40005).
        """
        locked = _unbase64(cipher)
        if not locked or len(locked) % BLOCK:
            raise CodecError(DECRYPTION)
        aes = self._aes.decryptor()
        content = _unpadded(aes.update(locked) + aes.finalize())[RANDOM:]
        end = LENGTH + int.from_bytes(content[:LENGTH], "big")
        if len(content) < end:
            raise CodecError(BUFFER)
        if not hmac.compare_digest(content[end:], self._receive_id):
            raise CodecError(RECEIVER)
        try:
            return content[LENGTH:end].decode()
        except UnicodeDecodeError:
            raise CodecError(BUFFER) from None

    def encrypt(self, message: str, random: bytes | None = None) -> str:
        """The message as a base64 text. `random`: 16 bytes, for tests that compare with a published text.

        Raises CodecError (-40006) when the message holds half a surrogate pair, or `random` is not 16 bytes.
        """
        try:
            text = message.encode()
        except UnicodeEncodeError:
            raise CodecError(ENCRYPTION) from None
        start = os.urandom(RANDOM) if random is None else random
        if len(start) != RANDOM:
            raise CodecError(ENCRYPTION)
        content = start + len(text).to_bytes(LENGTH, "big") + text + self._receive_id
        padding = PADDED - len(content) % PADDED
        aes = self._aes.encryptor()
        return base64.b64encode(aes.update(content + bytes([padding]) * padding) + aes.finalize()).decode()


def _key(key43: str) -> bytes:
    try:
        key = base64.b64decode(key43 + "=", validate=True)
    except ValueError:
        raise CodecError(KEY) from None
    if len(key43) != KEY_LENGTH or len(key) != PADDED:
        raise CodecError(KEY)
    return key


def _unbase64(text: str) -> bytes:
    try:
        raw = base64.b64decode(text)
    except ValueError:
        raise CodecError(BASE64) from None
    # The standard library lets foreign characters, spare "=" and spare bits pass.
    if base64.b64encode(raw).decode() != text:
        raise CodecError(BASE64)
    return raw


def _unpadded(content: bytes) -> bytes:
    padding = content[-1]
    if not 1 <= padding <= PADDED or content[-padding:] != bytes([padding]) * padding:
        raise CodecError(BUFFER)
    return content[:-padding]
