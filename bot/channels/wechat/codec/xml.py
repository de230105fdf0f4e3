"""The XML of WeChat: read without a risk, written without a gap."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.parsers import expat

from bot.channels.wechat.codec.errors import FORM, CodecError

DEEPEST = 4  # levels below the root: a photo menu's event has that many (SendPicsInfo.PicList.item.PicMd5Sum)

# A DOCTYPE, and with it every entity, can stand only before the root: where <xml> comes first there is none.
_START = re.compile(rb"(\xef\xbb\xbf)?(<\?xml\s[^<>]*\?>)?\s*<xml[\s/>]")
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # by XML 1.0, 2.2

Fields = Mapping[str, "str | int | Mapping[str, str | int]"]


def parse_xml(body: bytes) -> dict[str, str]:
    """The elements below <xml>, in their order: {"MsgType": "event", "ScanCodeInfo": "", "ScanCodeInfo.ScanType": "qrcode"}.

    Of elements of the same name the first counts. Raises CodecError (-40002) for what is no such XML: another root, a
    DOCTYPE, an entity of its own, a processing instruction, more than four levels, an encoding other than UTF-8.
    """
    if not _START.match(body):
        raise CodecError(FORM)
    fields: dict[str, str] = {}
    path: list[str] = []
    texts: list[str] = []

    def name_of_path() -> str:
        return ".".join(path[1:])

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(path) > DEEPEST:
            raise CodecError(FORM)
        if len(path) > 1:  # the text around inner elements is white space
            fields.setdefault(name_of_path(), "")
        path.append(name)
        texts.clear()

    def end(name: str) -> None:
        if len(path) > 1:
            fields.setdefault(name_of_path(), "".join(texts))
        path.pop()

    def refuse(target: str, data: str) -> None:
        raise CodecError(FORM)

    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = texts.append
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(body, True)
    except expat.ExpatError:
        raise CodecError(FORM) from None
    return fields


def render_xml(fields: Fields) -> str:
    """<xml> with these elements: texts in CDATA, numbers bare, a mapping as elements within; what XML forbids is left out."""
    return f"<xml>{_elements(fields)}</xml>"


def _elements(fields: Fields) -> str:
    return "".join(f"<{name}>{_content(value)}</{name}>" for name, value in fields.items())


def _content(value: str | int | Mapping[str, str | int]) -> str:
    if isinstance(value, Mapping):
        return _elements(value)
    if isinstance(value, int):
        return str(value)
    # Forbidden characters go first: one may stand inside a "]]>".
    text = _FORBIDDEN.sub("", value).replace("]]>", "]]]]><![CDATA[>")
    return f"<![CDATA[{text}]]>"
