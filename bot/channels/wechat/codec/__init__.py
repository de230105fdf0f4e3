"""What WeChat's callbacks are made of: signatures, AES, XML and JSON. Pure: no Rasa, no server, no clock.

The protocol: https://developers.weixin.qq.com/doc/oplatform/Third-party_Platforms/2.0/api/Before_Develop/Technical_Plan.html
(公众号) and https://developer.work.weixin.qq.com/document/path/90968 (企业微信).
"""

from bot.channels.wechat.codec.cipher import Cipher
from bot.channels.wechat.codec.envelope import (
    Codec,
    Sealed,
    encrypted_of_json,
    encrypted_of_xml,
    parse_json,
    sealed_json,
    sealed_xml,
)
from bot.channels.wechat.codec.errors import CodecError
from bot.channels.wechat.codec.signature import sign, signed
from bot.channels.wechat.codec.xml import parse_xml, render_xml

__all__ = [
    "Cipher",
    "Codec",
    "CodecError",
    "Sealed",
    "encrypted_of_json",
    "encrypted_of_xml",
    "parse_json",
    "parse_xml",
    "render_xml",
    "sealed_json",
    "sealed_xml",
    "sign",
    "signed",
]
