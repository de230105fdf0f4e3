"""The platform's error codes that the simulator answers, in the platform's own words.

Sources: developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html and
developer.work.weixin.qq.com/document/path/90313.
"""

from __future__ import annotations

OK, BUSY = 0, -1
BAD_CREDENTIAL, BAD_GRANT, BAD_OPENID, BAD_TYPE, BAD_ID, BAD_TOKEN = 40001, 40002, 40003, 40008, 40013, 40014
ESCAPED, BAD_AGENT, BAD_SECRET, NO_TOKEN, EXPIRED = 40033, 40056, 40125, 41001, 42001
NOT_FOLLOWING, EMPTY, TOO_LONG, NOT_JSON = 43004, 44004, 45002, 47001
DAILY, TOO_LATE, TOO_MANY, NOBODY = 45009, 45015, 45047, 81013

MESSAGES = {
    BUSY: "system error",
    OK: "ok",
    BAD_CREDENTIAL: "invalid credential, access_token is invalid or not latest",
    BAD_GRANT: "invalid grant_type",
    BAD_OPENID: "invalid openid",
    BAD_TYPE: "invalid message type",
    BAD_ID: "invalid appid",
    BAD_TOKEN: "invalid access_token",
    ESCAPED: "invalid charset. please check your request, if include \\uxxxx will create fail!",
    BAD_AGENT: "invalid agentid",
    BAD_SECRET: "invalid appsecret",
    40164: "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist",
    40243: "secret is frozen",
    NO_TOKEN: "access_token missing",
    EXPIRED: "access_token expired",
    NOT_FOLLOWING: "require subscribe",
    EMPTY: "empty content",
    TOO_LONG: "content size out of limit",
    DAILY: "reach max api daily quota limit",
    TOO_LATE: "response out of time limit or subscription is canceled",
    TOO_MANY: "out of response count limit",
    NOT_JSON: "data format error",
    48001: "api unauthorized",
    61004: "access clientip is not registered, requestIP: 203.0.113.7",
    NOBODY: "user & party & tag all invalid",
    89503: "this ip request requires confirmation by the administrator",
}


def answer(code: int) -> dict[str, object]:
    """The body that tells of an error, or of success."""
    return {"errcode": code, "errmsg": MESSAGES.get(code, "error")}
