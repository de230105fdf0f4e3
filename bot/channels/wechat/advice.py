"""What an operator has to do about an error code of the platform's APIs.

The codes: https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html (公众号) and
https://developer.work.weixin.qq.com/document/path/90313 (企业微信).
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

_IP_TO_ADD = "请在后台把 {ip} 加入 IP 白名单（企业微信叫“企业可信IP”）"
_LIMIT = "接口调用次数用完了或太频繁，请在后台看这个接口的调用量"
_NOT_NOW = "答案留到用户下次发消息时给"
# What the operator has to do, by error code; None: no host answered. An empty text is no matter of his.
ADVICE: Mapping[int | None, str] = {
    None: f"连不上微信的接口，{_NOT_NOW}；请检查服务器能否访问外网的 443 端口、能否解析域名",
    -1: f"微信的接口一直繁忙，{_NOT_NOW}",
    40001: "access_token 或 AppSecret（Secret）不对；请核对密钥，并确认没有别的程序在强制刷新这个账号的 access_token",
    40003: "用户不属于这个账号；请核对 AppID（CorpID）和回调地址是不是同一个账号的",
    40013: "AppID（CorpID）不对，请核对 credentials.yml 里的 id",
    40014: "access_token 无效；请确认没有别的程序在强制刷新这个账号的 access_token",
    40056: "AgentId 不对，请核对 credentials.yml 里的 agent",
    40125: "AppSecret 不对，请核对密钥",
    40164: _IP_TO_ADD,
    40243: "AppSecret 已被冻结，请在后台解除冻结",
    42001: "access_token 刚取得就已过期，请检查服务器的时间",
    43004: "",
    45002: f"消息超过微信的长度限制，{_NOT_NOW}",
    45009: _LIMIT,
    45011: _LIMIT,
    45015: f"用户 48 小时内没有发过消息，不能主动发送，{_NOT_NOW}",
    45033: _LIMIT,
    45047: f"给这位用户的客服消息已到条数上限，{_NOT_NOW}",
    48001: "账号没有客服消息的权限；没有微信认证的账号请在 credentials.yml 里写 verified: false",
    48002: "应用没有调用这个接口的权限，请在管理后台检查应用的权限",
    60020: _IP_TO_ADD,
    60111: "",
    61004: _IP_TO_ADD,
    81013: "用户不在应用的可见范围里，请在管理后台检查“可见范围”",
    89501: "{ip} 正等管理员确认，请管理员在微信里同意",
    89503: "{ip} 的调用要管理员确认，请管理员在微信里同意",
    89506: "{ip} 被管理员拒绝了两次，24 小时后才能再用",
    89507: "{ip} 被管理员拒绝了一次，1 小时后才能再用",
    301002: "应用没有发送的权限，请核对 Secret 和 agent 是不是同一个应用的",
}
_UNKNOWN = "微信的接口不接受这次发送，原因请按错误码查“全局返回码”"
_IP = re.compile(r"[0-9A-Fa-f:.]{7,45}")


def advice_on(code: int | None, errmsg: str) -> str:
    """A sentence in Chinese, "" where there is nothing to do. Of what the platform says only an IP address is repeated."""
    return ADVICE.get(code, _UNKNOWN).format(ip=_ip_in(errmsg))


def _ip_in(errmsg: str) -> str:
    """The address that the platform saw, as in "invalid ip 203.0.113.7 ipv6 ::ffff:203.0.113.7, not in whitelist"."""
    for found in _IP.findall(errmsg):
        try:
            return str(ipaddress.ip_address(found.strip(".")))
        except ValueError:
            continue
    return "服务器的出口 IP"
