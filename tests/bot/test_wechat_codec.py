"""WeChat's signatures, AES, XML and JSON: the published texts, a second implementation, and everything that is refused."""

from __future__ import annotations

import base64
import contextlib
import json
import random
import string
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher as BlockCipher
from cryptography.hazmat.primitives.ciphers import algorithms, modes
from wechatpy.crypto import WeChatCrypto as OfficialCrypto
from wechatpy.work.crypto import WeChatCrypto as WorkCrypto

from bot.channels.wechat.codec import (
    Cipher,
    Codec,
    CodecError,
    Sealed,
    encrypted_of_json,
    encrypted_of_xml,
    parse_json,
    parse_xml,
    render_xml,
    sealed_json,
    sealed_xml,
    sign,
    signed,
)

SIGNATURE, FORM, KEY, RECEIVER, ENCRYPTION, DECRYPTION, BUFFER, BASE64 = (
    -40001, -40002, -40004, -40005, -40006, -40007, -40008, -40010,
)  # fmt: skip

# The texts below are published: the platform's page on message push (公众号; its JSON stands for any message),
# developer.work.weixin.qq.com/document/path/90968 and the sample library (企业微信).
OFFICIAL = Codec("AAAAA", "A" * 43, "wxba5fad812f8e6fb9")
OFFICIAL_CIPHER = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZqzDpVzazhZv6JsXUnnR8XGT740X"
    "gXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7m"
    "StwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
)
OFFICIAL_MESSAGE = (
    '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY","CreateTime":1714112445,'
    '"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
)
OFFICIAL_REPLY = "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="

WORK_KEY, WORK_ID = "jWmYm7qr5nMoAUwZRjGtBxmz3KA1tkAj3ykkR6q2B2C", "wx5823bf96d3bd56c7"
WORK = Codec("QDG6eK", WORK_KEY, WORK_ID)
WORK_CIPHER = (
    "RypEvHKD8QQKFhvQ6QleEB4J58tiPdvo+rtK1I9qca6aM/wvqnLSV5zEPeusUiX5L5X/0lWfrf0QADHHhGd3QczcdCUpj911L3vg3W/sYYvuJTs3TUUkSUXx"
    "accAS0qhxchrRYt66wiSpGLYL42aM6A8dTT+6k4aSknmPj48kzJs8qLjvd4Xgpue06DOdnLxAUHzM6+kDZ+HMZfJYuR+LtwGc2hgf5gsijff0ekUNXZiqATP"
    "7PF5mZxZ3Izoun1s4zG4LUMnvw2r+KqCKIw+3IQH03v+BCA9nMELNqbSf6tiWSrXJB3LAVGUcallcrw8V2t9EL4EhzJWrQUax5wLVMNS0+rUPA3k22Ncx4XX"
    "ZS9o0MBH27Bo6BpNelZpS+/uh9KsNlY6bHCmJU9p8g7m3fVKn28H3KDYA5Pl/T8Z1ptDAVe0lXdQ2YoyyH2uyPIGHBZZIs2pDBS8R07+qN+E7Q=="
)
WORK_ECHO = "P9nAzCzyDtyTWESHep1vC5X9xho/qYX3Zpb4yKa9SKld1DsH3Iyt3tP3zNdtp+4RPcs8TgAE7OaBO+FZXvnaqQ=="
SAMPLE_KEY = "6qkdMrq68nTKduznJYO1A37W2oEgpkMUvkttRToqhUt"
SAMPLE = Codec("hJqcu3uJ9Tn2gXPmxx2w9kkCkCE2EPYo", SAMPLE_KEY, "ww1436e0e65a779aee")
SAMPLE_ECHO = "fsi1xnbH4yQh0+PJxcOdhhK6TDXkjMyhEPA7xB2TGz6b+g7xyAbEkRxN/3cNXW9qdqjnoVzEtpbhnFyq6SVHyA=="

# An official event as the documentation shows it; the deepest there is (developers.weixin.qq.com, 自定义菜单事件推送).
PHOTOS = b"""<xml><ToUserName><![CDATA[gh_e136c6e50636]]></ToUserName>
<FromUserName><![CDATA[oMgHVjngRipVsoxg6TuX3vz6glDg]]></FromUserName>
<CreateTime>1408090651</CreateTime>
<MsgType><![CDATA[event]]></MsgType>
<Event><![CDATA[pic_sysphoto]]></Event>
<SendPicsInfo><Count>2</Count>
<PicList><item><PicMd5Sum><![CDATA[1b5f7c23b5bf75682a53e7b6d163e185]]></PicMd5Sum>
</item>
<item><PicMd5Sum><![CDATA[second]]></PicMd5Sum></item>
</PicList>
</SendPicsInfo>
</xml>"""

TEXTS = [
    "",
    "a",
    "高新贷利率是多少？",
    "👨‍👩‍👧‍👦1️⃣",
    "\U0001f600\U0002070e",
    "]]>",
    "<xml><a>&amp;</a></xml>",
    " \r\n\t ",
    "\x00",
    "惠" * 20_000,
    *("x" * length for length in range(70)),  # every length of padding, with and without an id
]


def refused(code: int, call: Callable[..., object], *arguments: object) -> None:
    """The call raises CodecError with this code, and its text holds nothing of the message."""
    with pytest.raises(CodecError) as refusal:
        call(*arguments)
    assert refusal.value.code == code
    assert len(str(refusal.value)) < 50
    assert refusal.value.__cause__ is None


# -- the published texts ----------------------------------------------------------------------------------------------


def test_published_signature_of_the_first_request() -> None:
    signature = "f464b24fc39322e44b38aa78f5edd27bd1441696"
    assert sign("AAAAA", "1714036504", "1514711492") == signature
    OFFICIAL.check(signature, "1714036504", "1514711492")


def test_published_signature_of_a_plain_message() -> None:
    Codec("AAAAA").check("899cf89e464efb63f54ddac96b0a0a235f53aa78", "1714037059", "486452656")


def test_published_message_to_an_official_account() -> None:
    OFFICIAL.check("6c5c811b55cc85e0e1b54100749188c20beb3f5d", "1714112445", "415670741")
    opened = OFFICIAL.open("046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "1714112445", "415670741", OFFICIAL_CIPHER)
    assert opened == OFFICIAL_MESSAGE
    sealed = OFFICIAL.seal(OFFICIAL_MESSAGE, "1714112445", "415670741", random=b"a8eedb185eb2fecf")
    assert sealed == Sealed(OFFICIAL_CIPHER, "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3", "1714112445", "415670741")


def test_published_reply_of_an_official_account() -> None:
    message, signature = '{"demo_resp":"good luck"}', "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1"
    sealed = OFFICIAL.seal(message, "1713424427", "415670741", random=b"707722b803182950")
    assert sealed == Sealed(OFFICIAL_REPLY, signature, "1713424427", "415670741")
    assert OFFICIAL.open(signature, "1713424427", "415670741", OFFICIAL_REPLY) == message


@pytest.mark.parametrize(
    ("codec", "asked", "plain"),
    [
        (WORK, ("5c45ff5e21c57e6ad56bac8758b79b1d9ac89fd3", "1409659589", "263014780", WORK_ECHO), "1616140317555161061"),
        (SAMPLE, ("012bc692d0a58dd4b10f8dfe5c4ac00ae211ebeb", "1476416373", "47744683", SAMPLE_ECHO), "1288432023552776189"),
    ],
)
def test_published_address_checks_of_an_application(codec: Codec, asked: tuple[str, str, str, str], plain: str) -> None:
    signature, timestamp, nonce, echo = asked
    assert codec.open(*asked) == plain
    # Back again with the random bytes that the platform took.
    start = unlocked(echo, WORK_KEY if codec is WORK else SAMPLE_KEY)[:16]
    assert codec.seal(plain, timestamp, nonce, start) == Sealed(echo, signature, timestamp, nonce)


def test_published_message_to_an_application() -> None:
    signature = "477715d11cdb4164915debcba66cb864d751f3e6"
    opened = WORK.open(signature, "1409659813", "1372623149", WORK_CIPHER)
    fields = parse_xml(opened.encode())
    assert fields["FromUserName"] == "mycreate"
    assert fields["MsgType"] == "text"
    assert fields["Content"] == "hello"
    assert fields["MsgId"] == "4561255354251345929"
    assert fields["AgentID"] == "218"
    start = unlocked(WORK_CIPHER, WORK_KEY)[:16]
    assert WORK.seal(opened, "1409659813", "1372623149", start).encrypted == WORK_CIPHER


# -- a second implementation ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crypto", [OfficialCrypto, WorkCrypto])
@pytest.mark.parametrize("receive_id", [WORK_ID, ""])
def test_wechatpy_reads_what_we_seal_and_we_read_what_it_seals(crypto: Any, receive_id: str) -> None:
    ours, theirs = Codec("QDG6eK", WORK_KEY, receive_id), crypto("QDG6eK", WORK_KEY, receive_id)
    for text in TEXTS:
        sealed = ours.seal(text, "1409659813", "1372623149")
        body = sealed_xml(sealed)
        assert theirs.decrypt_message(body, sealed.signature, "1409659813", "1372623149") == text
        assert encrypted_of_xml(body.encode()) == sealed.encrypted

        body = theirs.encrypt_message(text, "1372623149", "1409659813")
        fields = parse_xml(body.encode())
        assert ours.open(fields["MsgSignature"], "1409659813", "1372623149", fields["Encrypt"]) == text


def test_wechatpy_answers_the_address_check_as_we_do() -> None:
    theirs = WorkCrypto("QDG6eK", WORK_KEY, WORK_ID)
    sealed = WORK.seal("1616140317555161061", "1", "2")
    assert theirs.check_signature(sealed.signature, "1", "2", sealed.encrypted) == "1616140317555161061"


def test_every_message_is_sealed_anew() -> None:
    assert len({WORK.seal("text", "1", "2").encrypted for _ in range(20)}) == 20


# -- signatures -------------------------------------------------------------------------------------------------------


def test_every_tampered_field_is_refused_before_anything_is_decrypted() -> None:
    right = ("477715d11cdb4164915debcba66cb864d751f3e6", "1409659813", "1372623149", WORK_CIPHER)
    for place, value in enumerate(right):
        for wrong in ("", value[:-1], value + "0", value.upper(), "1" + value[1:], "é", "\ud800", value + "\x00", "值"):
            if wrong != value:
                refused(SIGNATURE, WORK.open, *right[:place], wrong, *right[place + 1 :])
    refused(SIGNATURE, Codec("QDG6eL", WORK_KEY, WORK_ID).open, *right)


def test_every_tampered_field_of_a_plain_request_is_refused() -> None:
    right = ("f464b24fc39322e44b38aa78f5edd27bd1441696", "1714036504", "1514711492")
    for place, value in enumerate(right):
        for wrong in ("", value[:-1], value + "0", value[::-1], "é", "\ud800"):
            refused(SIGNATURE, OFFICIAL.check, *right[:place], wrong, *right[place + 1 :])


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bytes, bytes]] = []

    def compare(one: bytes, other: bytes) -> bool:
        asked.append((one, other))
        return False

    monkeypatch.setattr("hmac.compare_digest", compare)
    assert not signed(sign("a"), "a")
    assert asked == [(sign("a").encode(), sign("a").encode())]
    # So is the id of who a message is for.
    refused(RECEIVER, Cipher(WORK_KEY, WORK_ID).decrypt, WORK_ECHO)
    assert asked[1:] == [(WORK_ID.encode(), WORK_ID.encode())]


def test_a_codec_without_a_token_is_refused() -> None:
    refused(SIGNATURE, Codec, "")


def test_a_codec_without_a_key_knows_the_plain_mode_alone() -> None:
    codec = Codec("AAAAA")
    refused(KEY, codec.seal, "text", "1", "2")
    refused(KEY, codec.open, sign("AAAAA", "1", "2", OFFICIAL_CIPHER), "1", "2", OFFICIAL_CIPHER)


# -- AES --------------------------------------------------------------------------------------------------------------


def aes_of(key43: str) -> BlockCipher[modes.CBC]:
    key = base64.b64decode(key43 + "=")
    return BlockCipher(algorithms.AES(key), modes.CBC(key[:16]))


def unlocked(cipher: str, key43: str) -> bytes:
    """The plain bytes of a cipher text, by AES alone."""
    aes = aes_of(key43).decryptor()
    return aes.update(base64.b64decode(cipher)) + aes.finalize()


def locked(content: bytes) -> str:
    """Any plain bytes under the key of WORK: what only the platform could send, but made wrongly."""
    aes = aes_of(WORK_KEY).encryptor()
    return base64.b64encode(aes.update(content) + aes.finalize()).decode()


def content_of(message: bytes = b"hello", length: int | None = None, receive_id: bytes = WORK_ID.encode()) -> bytes:
    """The plain bytes before their padding."""
    return b"r" * 16 + (len(message) if length is None else length).to_bytes(4, "big") + message + receive_id


def padded(content: bytes, padding: int | None = None) -> bytes:
    count = 32 - len(content) % 32 if padding is None else padding
    return content + bytes([count]) * count


@pytest.fixture(name="cipher")
def a_cipher() -> Cipher:
    return Cipher(WORK_KEY, WORK_ID)


def test_what_the_tests_lock_is_right_where_nothing_is_wrong(cipher: Cipher) -> None:
    assert cipher.decrypt(locked(padded(content_of()))) == "hello"
    assert cipher.decrypt(locked(padded(content_of(b"")))) == ""


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content_of() + bytes(32 - len(content_of()) % 32), id="padding 0"),
        pytest.param(padded(content_of())[:-1] + bytes([33]), id="padding 33"),
        pytest.param(content_of(b"x" * 9) + bytes([49]) * 49, id="padding 49, consistent"),
        pytest.param(padded(content_of(b"x" * 5))[:-2] + b"\x00\x15", id="padding not all the same"),
        pytest.param(bytes([32]) * 16, id="more padding than bytes"),
        pytest.param(bytes([16]) * 16, id="nothing but padding"),
        pytest.param(padded(b"r" * 15), id="random bytes cut"),
        pytest.param(padded(b"r" * 19), id="length cut"),
        pytest.param(padded(content_of(length=5 + len(WORK_ID) + 1)), id="length one too large"),
        pytest.param(padded(content_of(length=0xFFFFFFFF)), id="length far too large"),
        pytest.param(padded(content_of(b"\xff\xfe")), id="not UTF-8"),
        pytest.param(padded(content_of("惠".encode()[:2])), id="half a character"),
        pytest.param(padded(content_of(b"\xed\xa0\x80")), id="half a surrogate pair"),
    ],
)
def test_wrong_plain_bytes_are_refused(cipher: Cipher, content: bytes) -> None:
    refused(BUFFER, cipher.decrypt, locked(content))


@pytest.mark.parametrize("padding", range(1, 33))
def test_every_right_padding_is_read(cipher: Cipher, padding: int) -> None:
    message = b"x" * ((32 - len(content_of(b"")) - padding) % 32)
    assert cipher.decrypt(locked(padded(content_of(message), padding))).encode() == message


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(content_of(receive_id=b"wx0000000000000000"), id="another"),
        pytest.param(content_of(receive_id=b""), id="none"),
        pytest.param(content_of(receive_id=WORK_ID.encode() + b"7"), id="one byte more"),
        pytest.param(content_of(receive_id=WORK_ID.encode()[:-1]), id="one byte less"),
        pytest.param(content_of(receive_id=b"\xff" * 18), id="not UTF-8"),
        pytest.param(content_of(length=4), id="length too small"),
    ],
)
def test_a_message_for_somebody_else_is_refused(cipher: Cipher, content: bytes) -> None:
    refused(RECEIVER, cipher.decrypt, locked(padded(content)))


def test_a_robot_has_no_id_and_refuses_one() -> None:
    robot = Cipher(WORK_KEY, "")
    assert robot.decrypt(robot.encrypt("你好")) == "你好"
    refused(RECEIVER, robot.decrypt, Cipher(WORK_KEY, WORK_ID).encrypt("你好"))


def test_another_key_opens_nothing() -> None:
    text = Cipher("A" * 43, WORK_ID).encrypt("hello")
    with pytest.raises(CodecError) as refusal:
        Cipher(WORK_KEY, WORK_ID).decrypt(text)
    assert refusal.value.code == BUFFER


@pytest.mark.parametrize("kept", [0, 1, 15, 17, 31, 47])
def test_a_cipher_text_cut_within_a_block_is_refused(cipher: Cipher, kept: int) -> None:
    raw = base64.b64decode(WORK_CIPHER)
    refused(DECRYPTION, cipher.decrypt, base64.b64encode(raw[:kept]).decode())


def test_a_cipher_text_cut_between_blocks_is_refused(cipher: Cipher) -> None:
    raw = base64.b64decode(WORK_CIPHER)
    for blocks in range(1, len(raw) // 16):
        refused(BUFFER, cipher.decrypt, base64.b64encode(raw[: blocks * 16]).decode())


@pytest.mark.parametrize(
    "text",
    [
        WORK_ECHO[:-1],
        WORK_ECHO + "=",
        WORK_ECHO + "\n",
        " " + WORK_ECHO,
        WORK_ECHO.replace("+", "-").replace("/", "_"),
        WORK_ECHO.replace("+", " "),  # what a query string makes of it when it was not quoted
        WORK_ECHO[:-3] + "r==",  # the same bytes with spare bits set
        "值" * 16,
        "é" * 16,
        "\ud800" * 16,
        "A",
        "====",
    ],
)
def test_what_is_no_base64_is_refused(cipher: Cipher, text: str) -> None:
    refused(BASE64, cipher.decrypt, text)


@pytest.mark.parametrize(
    "key",
    ["", "A", *(WORK_KEY + end for end in ("A", "=", "==")), *(WORK_KEY[:-1] + end for end in ("", "=", "-", " ")), "钥" * 43],
)
def test_a_key_that_is_none_is_refused(key: str) -> None:
    refused(KEY, Cipher, key, WORK_ID)
    if key:
        refused(KEY, Codec, "AAAAA", key, WORK_ID)


def test_what_cannot_be_written_is_refused(cipher: Cipher) -> None:
    refused(ENCRYPTION, cipher.encrypt, "\ud800")
    refused(ENCRYPTION, cipher.encrypt, "text", b"short")


# -- XML --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"<xml/>", {}),
        (b"<xml></xml>", {}),
        (b"<xml>\n  text of its own\n</xml>", {}),
        (b"<xml><A>1</A><B/></xml>", {"A": "1", "B": ""}),
        (b"<xml><A><![CDATA[ a ]]>&lt;b&gt;<![CDATA[&amp;]]></A></xml>", {"A": " a <b>&amp;"}),
        (b"<xml><A>x<!-- comment -->y</A></xml>", {"A": "xy"}),
        (b"<xml><A>1</A><A>2</A></xml>", {"A": "1"}),
        (b"<xml><A n='1'>&#24800;&#x1F600;</A></xml>", {"A": "惠😀"}),
        (b"\xef\xbb\xbf<xml><A>1</A></xml>\n", {"A": "1"}),
        (b'<?xml version="1.0" encoding="UTF-8"?>\n<xml><A>1</A></xml>', {"A": "1"}),
        # The platform writes UTF-8 whatever else is declared.
        ('<?xml version="1.0" encoding="gbk"?><xml><A>惠</A></xml>'.encode(), {"A": "惠"}),
        (b"<xml><A><![CDATA[<!DOCTYPE html><?php ?>]]></A></xml>", {"A": "<!DOCTYPE html><?php ?>"}),
        (b"<xml><O> <I>1</I> <P><Q>2</Q></P> </O></xml>", {"O": "", "O.I": "1", "O.P": "", "O.P.Q": "2"}),
    ],
)
def test_xml_is_read(body: bytes, fields: dict[str, str]) -> None:
    assert parse_xml(body) == fields
    assert list(parse_xml(body)) == list(fields)


def test_the_deepest_event_of_the_platform_is_read() -> None:
    fields = parse_xml(PHOTOS)
    assert fields["Event"] == "pic_sysphoto"
    assert fields["SendPicsInfo"] == ""
    assert fields["SendPicsInfo.Count"] == "2"
    assert fields["SendPicsInfo.PicList.item.PicMd5Sum"] == "1b5f7c23b5bf75682a53e7b6d163e185"


LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"\xef\xbb\xbf", id="nothing but a mark"),
        pytest.param(b"hello", id="no XML"),
        pytest.param(b'{"encrypt": "x"}', id="JSON"),
        pytest.param(b"<root><A>1</A></root>", id="another root"),
        pytest.param(b"<xmlx><A>1</A></xmlx>", id="a longer root"),
        pytest.param(b"<x:xml xmlns:x='u'/>", id="a root with a prefix"),
        pytest.param(b"<xml><A>1</A>", id="not ended"),
        pytest.param(b"<xml><A>1</B></xml>", id="crossed"),
        pytest.param(b"<xml/><xml/>", id="two roots"),
        pytest.param(b"<xml><A>1</A></xml>x", id="text after the root"),
        pytest.param(b"<xml><A>\x00</A></xml>", id="a NUL"),
        pytest.param(b"<xml><A>&#0;</A></xml>", id="a NUL by number"),
        pytest.param(b"<xml><A>&#xD800;</A></xml>", id="half a surrogate pair by number"),
        pytest.param(b"<xml><A>\xff</A></xml>", id="not UTF-8"),
        pytest.param(b"<xml><A>\xed\xa0\x80</A></xml>", id="half a surrogate pair"),
        pytest.param(b"<xml><A>\xc0\xbc</A></xml>", id="overlong UTF-8"),
        pytest.param("<xml><A>惠企</A></xml>".encode("gbk"), id="GBK"),
        pytest.param('<?xml version="1.0" encoding="gbk"?><xml><A>惠企</A></xml>'.encode("gbk"), id="GBK, declared"),
        pytest.param("<xml><A>惠</A></xml>".encode("utf-16"), id="UTF-16"),
        pytest.param("<xml><A>惠</A></xml>".encode("utf-16-le"), id="UTF-16 without a mark"),
        pytest.param("<xml><A>惠</A></xml>".encode("utf-32"), id="UTF-32"),
        pytest.param(b"<!DOCTYPE xml><xml><A>1</A></xml>", id="DOCTYPE"),
        pytest.param(b'<?xml version="1.0"?>\n<!DOCTYPE xml><xml/>', id="DOCTYPE after the declaration"),
        pytest.param(b'<!-- c --><!DOCTYPE xml [<!ENTITY a "b">]><xml>&a;</xml>', id="DOCTYPE after a comment"),
        pytest.param(b"<xml/><!DOCTYPE xml>", id="DOCTYPE after the root"),
        pytest.param(b"<xml><!DOCTYPE xml></xml>", id="DOCTYPE within the root"),
        pytest.param(b'<!DOCTYPE xml [<!ENTITY l0 "ha">' + LAUGHS + b"]><xml><A>&l9;</A></xml>", id="a billion laughs"),
        pytest.param(b'<!DOCTYPE xml [<!ENTITY a "%s">]><xml>%s</xml>' % (b"x" * 9000, b"&a;" * 9000), id="quadratic"),
        pytest.param(b'<!DOCTYPE xml [<!ENTITY f SYSTEM "file:///etc/hostname">]><xml><A>&f;</A></xml>', id="a file"),
        pytest.param(b'<!DOCTYPE xml [<!ENTITY %% p SYSTEM "http://127.0.0.1:9/">%%p;]><xml/>', id="an address"),
        pytest.param(b'<!DOCTYPE xml SYSTEM "http://127.0.0.1:9/x.dtd"><xml/>', id="a DTD elsewhere"),
        pytest.param(b"<xml><A>&unknown;</A></xml>", id="an unknown entity"),
        pytest.param(b"<xml><?php echo 1 ?></xml>", id="a processing instruction"),
        pytest.param(b"<xml><A>1<?x?></A></xml>", id="a processing instruction within a text"),
        pytest.param(b"<?x?><xml/>", id="a processing instruction before the root"),
        pytest.param(b"<xml/><?x?>", id="a processing instruction after the root"),
        pytest.param(b'<?xml version="1.0"?><?xml-stylesheet href="x"?><xml/>', id="a style sheet"),
        pytest.param(b'<xml><?xml version="1.0"?></xml>', id="a declaration too late"),
        pytest.param(b"<xml><a><b><c><d><e/></d></c></b></a></xml>", id="five levels"),
        pytest.param(b"<xml>" + b"<a>" * 10_000 + b"</a>" * 10_000 + b"</xml>", id="ten thousand levels"),
        pytest.param(b"<xml>" + b"<a>" * 20_000, id="twenty thousand levels, never closed"),
        pytest.param(b"<xml><A a='1' a='2'/></xml>", id="an attribute twice"),
    ],
)
def test_xml_is_refused(body: bytes) -> None:
    refused(FORM, parse_xml, body)
    refused(FORM, encrypted_of_xml, body)


@pytest.mark.parametrize(
    "text",
    [
        *("", "]]>", "]]", "]]>]]>]]>", "]]]]>>", "a]]", "]", ">", "<![CDATA[x]]>", "&amp;<b>&"),
        *("行一\n行二\t", "👨‍👩‍👧‍👦\U0010ffff", "\ufffd", " x "),
    ],
)
def test_a_text_survives_xml(text: str) -> None:
    assert parse_xml(render_xml({"Content": text, "After": "x"}).encode()) == {"Content": text, "After": "x"}


def test_what_xml_forbids_is_left_out() -> None:
    forbidden = "".join(map(chr, [*range(9), 11, 12, *range(14, 32), 0xD800, 0xDFFF, 0xFFFE, 0xFFFF]))
    for character in forbidden:
        assert parse_xml(render_xml({"A": f"x{character}y"}).encode()) == {"A": "xy"}
        assert parse_xml(render_xml({"A": f"]]{character}>"}).encode()) == {"A": "]]>"}


def test_xml_is_written() -> None:
    written = render_xml({"CreateTime": 1714112445, "MsgType": "text", "TransInfo": {"KfAccount": "a@b", "N": 1}})
    assert written == (
        "<xml><CreateTime>1714112445</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        "<TransInfo><KfAccount><![CDATA[a@b]]></KfAccount><N>1</N></TransInfo></xml>"
    )


def test_a_sealed_reply_in_xml() -> None:
    assert sealed_xml(Sealed("E==", "5f", "1713424427", "415670741")) == (
        "<xml><Encrypt><![CDATA[E==]]></Encrypt><MsgSignature><![CDATA[5f]]></MsgSignature>"
        "<TimeStamp>1713424427</TimeStamp><Nonce><![CDATA[415670741]]></Nonce></xml>"
    )


# -- JSON -------------------------------------------------------------------------------------------------------------


def test_json_is_read() -> None:
    assert parse_json('{"msgid": "1", "text": {"content": "惠企 😀\\ud83d\\ude00"}}'.encode()) == {
        "msgid": "1",
        "text": {"content": "惠企 😀😀"},
    }


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"text"', id="a text"),
        pytest.param(b"1", id="a number"),
        pytest.param(b'{"a": 1', id="not ended"),
        pytest.param(b'{"a": 1} x', id="more after it"),
        pytest.param(b"{'a': 1}", id="single quotes"),
        pytest.param(b'{"a": "\xff"}', id="not UTF-8"),
        pytest.param('{"a": "惠"}'.encode("gbk"), id="GBK"),
        pytest.param('{"a": "惠"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'\xef\xbb\xbf{"a": 1}', id="a mark"),
        pytest.param(b'{"a": "\\ud800"}', id="half a surrogate pair"),
        pytest.param(b'{"\\ud800": 1}', id="half a surrogate pair in a name"),
        pytest.param(b'{"a": NaN}', id="NaN"),
        pytest.param(b'{"a": 1e999}', id="infinite"),
        pytest.param(b'{"a": %s}' % (b"1" * 60_000), id="a number of 60,000 digits"),
        pytest.param(b'{"a": %s' % (b"[" * 60_000), id="60,000 levels, never closed"),
        pytest.param(b'{"a": %s%s}' % (b"[" * 30_000, b"]" * 30_000), id="30,000 levels of lists"),
        pytest.param(b'{"a": ' * 10_000 + b"1" + b"}" * 10_000, id="10,000 levels of objects"),
    ],
)
def test_json_is_refused(body: bytes) -> None:
    refused(FORM, parse_json, body)
    refused(FORM, encrypted_of_json, body)


def test_a_sealed_reply_in_json() -> None:
    written = sealed_json(Sealed("E==", "5f", "1713424427", "值"))
    assert written == '{"encrypt": "E==", "msgsignature": "5f", "timestamp": 1713424427, "nonce": "值"}'
    assert encrypted_of_json(written.encode()) == "E=="


def test_a_body_without_an_encrypted_text() -> None:
    assert encrypted_of_xml(b"<xml><Content>x</Content></xml>") == ""
    assert encrypted_of_json(b'{"msgid": "1"}') == ""
    assert encrypted_of_json(b'{"encrypt": ["x"]}') == ""


# -- whatever comes ---------------------------------------------------------------------------------------------------


MISCHIEF = [b"<", b"]]>", b"&x;", b"<?a?>", b"<!DOCTYPE x>", b"\xff", b"\x00", b"[" * 99]


def spoilt(body: bytes, chance: random.Random) -> bytes:
    """A body with a few bytes changed, cut, doubled or put in."""
    spoiling = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(spoiling) + 1)
        match chance.randrange(5):
            case 0:
                spoiling[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del spoiling[place : place + chance.randint(1, 20)]
            case 2:
                del spoiling[place:]
            case 3:
                spoiling[place:place] = spoiling[max(0, place - 15) : place]
            case _:
                spoiling[place:place] = chance.choice(
                    [b"<", b"]]>", b"&x;", b"<?a?>", b"<!DOCTYPE x>", b"\xff", b"\x00", b"[" * 99]
                )
    return bytes(spoiling)


def bodies() -> Iterator[tuple[bytes, Callable[[bytes], object]]]:
    """Right bodies and the whole way that each goes."""
    sealed = WORK.seal("<xml><Content>惠企 👨‍👩‍👧</Content></xml>", "1409659813", "1372623149")

    def open_anyway(encrypted: str) -> str:
        # Whoever knew the token could sign anything: the signature is made for what came.
        return WORK.open(sign("QDG6eK", "1", "2", encrypted), "1", "2", encrypted)

    def by_xml(body: bytes) -> object:
        return parse_xml(open_anyway(encrypted_of_xml(body)).encode())

    def by_json(body: bytes) -> object:
        return open_anyway(encrypted_of_json(body))

    yield PHOTOS, parse_xml
    yield sealed_xml(sealed).encode(), by_xml
    yield sealed_json(sealed).encode(), by_json
    yield sealed.encrypted.encode(), lambda body: open_anyway(body.decode("latin-1"))
    yield json.dumps({"a": [{"b": "惠"}, 1.5, None]}, ensure_ascii=False).encode(), parse_json


@pytest.mark.parametrize("seed", range(4))
def test_spoilt_bodies_raise_nothing_else(seed: int) -> None:
    chance = random.Random(seed)
    for body, read in bodies():
        read(body)
        outcomes: set[int] = set()
        for _ in range(400):
            try:
                read(spoilt(body, chance))
                outcomes.add(0)
            except CodecError as refusal:
                outcomes.add(refusal.code)
        assert outcomes - {0}, "nothing was refused"


def test_spoilt_plain_bytes_raise_nothing_else() -> None:
    chance = random.Random(6)
    cipher = Cipher(WORK_KEY, WORK_ID)
    for _ in range(2000):
        content = bytearray(padded(content_of(chance.choice([b"", b"hello", "惠企".encode()]))))
        for _ in range(chance.randint(1, 3)):
            content[chance.randrange(16, len(content))] = chance.randrange(256)
        with contextlib.suppress(CodecError):
            cipher.decrypt(locked(bytes(content)))


def test_texts_of_every_kind_go_there_and_back() -> None:
    chance = random.Random(7)
    alphabet = string.printable + "惠企]]>&<\U0001f600\u200d\ufe0f\x00\x1f"
    for _ in range(300):
        text = "".join(chance.choices(alphabet, k=chance.randrange(120)))
        sealed = OFFICIAL.seal(text, "1", "2")
        assert OFFICIAL.open(sealed.signature, "1", "2", sealed.encrypted) == text


# -- the house --------------------------------------------------------------------------------------------------------


def test_the_codec_needs_no_server() -> None:
    heavy = {"rasa", "tensorflow", "sanic", "aiohttp", "jieba"}
    program = f"import sys, bot.channels.wechat.codec; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert done.stdout.strip() == "[]"
