"""Who sent it: the signature of a request."""

from __future__ import annotations

import hashlib
import hmac


def _bytes(text: str) -> bytes:
    # Anything may stand in a query string: half a surrogate pair is a wrong signature, not a crash.
    return text.encode("utf-8", "surrogatepass")


def sign(*parts: str) -> str:
    """The SHA-1 of the sorted parts, joined, as 40 hexadecimal digits.

    The parts are Token, timestamp and nonce, and the encrypted text where there is one:
    https://developers.weixin.qq.com/doc/offiaccount/Basic_Information/Access_Overview.html
    """
    return hashlib.sha1(_bytes("".join(sorted(parts)))).hexdigest()


def signed(signature: str, *parts: str) -> bool:
    """Whether this is the signature of the parts. Takes the same time however much of it is right, and never raises."""
    return hmac.compare_digest(_bytes(signature), _bytes(sign(*parts)))
