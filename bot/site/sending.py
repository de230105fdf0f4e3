"""A body ready to be sent: compressed once, known by its ETag."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from hashlib import sha256

from sanic.request import Request
from sanic.response import HTTPResponse

# Below this a packet is a packet.
WORTH_COMPRESSING = 1000


@dataclass(frozen=True)
class Body:
    """The bytes of a page or file; `zipped` is None where compressing gains nothing."""

    plain: bytes
    zipped: bytes | None
    etag: str
    content_type: str


def prepared(plain: bytes, content_type: str, *, compressible: bool = True) -> Body:
    """A body with all that sending it takes."""
    zipped = gzip.compress(plain, 6, mtime=0) if compressible and len(plain) >= WORTH_COMPRESSING else None
    return Body(plain, zipped, sha256(plain).hexdigest()[:24], content_type)


def sent(request: Request, body: Body, *, status: int = 200, headers: dict[str, str] | None = None) -> HTTPResponse:
    """The response with a body, or 304 where the client has it already."""
    zipped = body.zipped is not None and _takes_gzip(request.headers.get("accept-encoding", ""))
    etag = f'"{body.etag}-gz"' if zipped else f'"{body.etag}"'
    common = {"ETag": etag, "Cache-Control": "no-cache", "Vary": "Accept-Encoding", **(headers or {})}
    if status == 200 and _matches(request.headers.get("if-none-match", ""), etag):
        return HTTPResponse(status=304, headers=common)
    if zipped:
        common["Content-Encoding"] = "gzip"
    return HTTPResponse(body.zipped if zipped else body.plain, status, common, body.content_type)


def _takes_gzip(accepted: str) -> bool:
    for item in accepted.lower().split(","):
        name, _, rest = item.partition(";")
        if name.strip() in ("gzip", "*"):
            return rest.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False


def _matches(known: str, etag: str) -> bool:
    tags = [tag.strip().removeprefix("W/") for tag in known.split(",")]
    return etag in tags or "*" in tags
