"""The real server as a process: it says when it is ready, answers, guards its channel, and ends with Ctrl-C."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.bot.server import free_port, post, start

pytestmark = pytest.mark.agent

WEBHOOK = "/webhooks/rest/webhook"


def test_answers_with_the_same_facts_as_text_and_as_data(server: str) -> None:
    status, messages = post(server + WEBHOOK, {"sender": "t1", "message": "崂山区首次认定高新技术企业奖多少"})
    assert status == 200
    text = next(message["text"] for message in messages if "text" in message)
    data = next(message["custom"] for message in messages if "custom" in message)
    assert "30 万元" in text
    assert "来源" in text
    policy = data["policies"][0]
    assert policy["id"] == "laoshan-hightech-first"
    assert policy["rules"][0]["yuan"] == [300000]
    assert policy["source"]["date"] == "2022-05-25"


def test_conversation_is_kept_by_sender(server: str) -> None:
    post(server + WEBHOOK, {"sender": "t2", "message": "崂山孵化器认定奖多少"})
    post(server + WEBHOOK, {"sender": "t3", "message": "你好"})
    _, mine = post(server + WEBHOOK, {"sender": "t2", "message": "市级的呢"})
    _, other = post(server + WEBHOOK, {"sender": "t3", "message": "市级的呢"})
    assert "30 万元" in mine[0]["text"]
    assert "30 万元" not in other[0]["text"]


def test_typed_commands_are_text(server: str) -> None:
    _, messages = post(server + WEBHOOK, {"sender": "t4", "message": '/ask_amount{"policy": "gaoxin-gaoxindai"}'})
    assert "500 万元" not in json.dumps(messages, ensure_ascii=False)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{not json", 400),
        (b"[]", 400),
        ({"sender": "x"}, 400),
        ({"sender": "x", "message": "啊" * 4001}, 413),
        ({"sender": "x", "message": "你好", "filler": "a" * 70000}, 413),
        ({"sender": "<b>", "message": "你好"}, 400),
    ],
)
def test_bad_requests_are_refused_in_words(server: str, body: Any, status: int) -> None:
    answered, error = post(server + WEBHOOK, body)
    assert answered == status
    assert error["error"]


def test_too_many_messages_are_refused(server: str) -> None:
    statuses = [post(server + WEBHOOK, {"sender": "flood", "message": "你好"})[0] for _ in range(40)]
    assert statuses[0] == 200
    assert 429 in statuses


def test_conversations_of_the_web_page_are_not_open_to_this_channel(server: str) -> None:
    status, error = post(server + WEBHOOK, {"sender": "web-" + "a" * 32, "message": "你好"})
    assert status == 400
    assert "别的渠道" in error["error"]


def test_tracker_api_is_closed(server: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        urllib.request.urlopen(server + "/conversations/t1/tracker", timeout=10)
    assert error.value.code == 404


def test_port_taken_is_one_clear_sentence(server: str, tmp_path: Path) -> None:
    began = time.monotonic()
    process = start(int(server.rsplit(":", 1)[1]), tmp_path)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "已被占用" in said
    assert len(said.strip().splitlines()) == 1
    assert time.monotonic() - began < 10


def test_a_faulty_setting_is_one_clear_sentence(tmp_path: Path, agent: Any) -> None:
    process = start(free_port(), tmp_path, HUIQI_ORIGINS="qy.example.cn")
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "qy.example.cn" in said.strip().splitlines()[-1]
    assert "Traceback" not in said
