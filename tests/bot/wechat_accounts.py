"""The WeChat accounts of the tests, as the assistant knows them and as the platform does."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.channels.wechat.accounts import secret_variable
from bot.wechatsim.accounts import Side

TOKEN, SECRET = "tokenOfTheTests", "secretOfTheTests"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP_ID, CORP_ID, AGENT = "wxa1b2c3d4e5f60718", "ww0a1b2c3d4e5f6071", 1000002
# What an account is, without secrets: `api` is put in for those that may send.
ACCOUNTS: dict[str, dict[str, Any]] = {
    "plain": {"kind": "official", "id": APP_ID, "mode": "plain"},
    "compatible": {"kind": "official", "id": APP_ID, "mode": "compatible"},
    "safe": {"kind": "official", "id": APP_ID},
    "verified": {"kind": "official", "id": APP_ID, "verified": True, "service": True, "menu": {"LOAN": "高新贷什么条件"}},
    "app": {"kind": "application", "id": CORP_ID, "agent": AGENT},
    "robot": {"kind": "robot"},
}


def secrets_of(names: Iterable[str]) -> dict[str, str]:
    """The environment that holds the secrets of accounts."""
    values = {"TOKEN": TOKEN, "KEY": KEY, "SECRET": SECRET}
    return {secret_variable(name, what): value for name in names for what, value in values.items()}


def side(name: str, base: str) -> Side:
    """The platform's side of one of the accounts."""
    account = ACCOUNTS[name]
    id, mode, agent = account.get("id", ""), account.get("mode", "safe"), account.get("agent", 0)
    return Side(name, account["kind"], f"{base}/webhooks/wechat/{name}", TOKEN, KEY, id, SECRET, mode, agent)
