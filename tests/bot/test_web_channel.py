"""The web channel on the real server: Rasa's events by a stock client, plain requests, limits, what is kept and deleted."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from typing import Any

import pytest
import socketio

from bot.channels.conversations import Conversations
from bot.channels.web.desk import Desk
from tests.bot.server import post

pytestmark = pytest.mark.agent

ROUTE = "/webhooks/web/"


class StockClient(socketio.Client):
    """python-socketio's own client, made to leave without waiting for the end of its last poll (25 s)."""

    def disconnect_now(self) -> None:
        self.eio.http.close()
        self.eio.disconnect(abort=True)


class Client:
    """A stock Socket.IO client that keeps what it hears."""

    def __init__(self, address: str, **headers: str):
        self.heard: list[tuple[str, Any]] = []
        self._socket = StockClient(reconnection=False)
        for event in ("session_confirm", "bot_typing", "bot_uttered", "turn_end", "user_echo", "session_forgotten"):
            self._socket.on(event, self._hear(event))
        self._socket.connect(address, transports=["polling"], headers=headers)

    def _hear(self, event: str) -> Any:
        return lambda *data: self.heard.append((event, data[0] if data else None))

    def ask(self, event: str, data: Any) -> dict[str, Any]:
        answer: dict[str, Any] = self._socket.call(event, data, timeout=20)
        return answer

    def emit(self, event: str, data: Any) -> None:
        self._socket.emit(event, data)

    def wait_for(self, event: str, count: int = 1) -> list[Any]:
        """The data of so many events of a name."""
        until = time.monotonic() + 20
        while time.monotonic() < until:
            found = [data for name, data in list(self.heard) if name == event]
            if len(found) >= count:
                return found
            time.sleep(0.01)
        raise AssertionError(f"{event} was heard {len(found)} times, not {count}: {self.heard}")

    def close(self) -> None:
        self._socket.disconnect_now()


@pytest.fixture
def client(server: str) -> Iterator[Client]:
    found = Client(server)
    yield found
    found.close()


def opened(client: Client, session: str | None = None) -> str:
    return str(client.ask("session_request", {"session_id": session})["session_id"])


def test_a_client_of_rasas_own_protocol_is_answered(client: Client) -> None:
    client.emit("session_request", {"session_id": None})
    session = client.wait_for("session_confirm")[0]
    client.emit("user_uttered", {"message": "崂山孵化器认定奖多少", "session_id": session, "customData": {}})
    (said,) = client.wait_for("bot_uttered")
    assert "100 万元" in said["text"]
    assert {"content_type": "text", "title": "申请条件"}.items() <= said["quick_replies"][0].items()
    client.emit("user_uttered", {"message": said["quick_replies"][1]["payload"], "session_id": session})
    assert "12345" in client.wait_for("bot_uttered", 2)[1]["text"]


def test_a_client_that_never_asked_for_a_session_gets_one(client: Client) -> None:
    client.emit("user_uttered", {"message": "高新贷最高多少"})
    assert client.wait_for("session_confirm")[0].startswith("web-")
    assert "500 万元" in client.wait_for("bot_uttered")[0]["text"]


def test_a_refusal_is_heard_by_a_client_without_acknowledgements(client: Client) -> None:
    client.emit("session_request", {})
    client.wait_for("session_confirm")
    client.emit("user_uttered", {"message": "啊" * 4001})
    assert "太长" in client.wait_for("bot_uttered")[0]["text"]


def test_ids_are_issued_here_and_long(client: Client) -> None:
    first = opened(client)
    assert len(first) >= len("web-") + 128 / 6
    for wished in ("mine", "web-" + "a" * 32, 7, ["x"], {"a": 1}, "web-" + "é" * 32):
        answer = client.ask("session_request", {"session_id": wished})
        assert answer["ok"]
        assert not answer["resumed"]
        assert answer["session_id"] != wished
    assert client.ask("session_request", {"session_id": first}) == {"ok": True, "session_id": first, "resumed": True}


def test_a_turn_has_typing_answer_and_end_in_this_order(client: Client) -> None:
    opened(client)
    assert client.ask("user_uttered", {"message": "高新贷最高多少", "id": "turn-0001"}) == {"ok": True, "turn": "turn-0001"}
    client.wait_for("turn_end")
    assert [event for event, _ in client.heard] == ["session_confirm", "bot_typing", "bot_uttered", "turn_end"]
    (message,) = client.wait_for("bot_uttered")
    assert message["id"] == "turn-0001.0"
    assert message["custom"]["type"] == "policy"
    assert message["custom"]["blocks"][0]["kind"] == "title"
    assert message["custom"]["phones"] == ["12345"]


def test_the_same_id_makes_one_turn_and_is_answered_again(client: Client) -> None:
    opened(client)
    for _ in range(3):
        assert client.ask("user_uttered", {"message": "高新贷最高多少", "id": "turn-0002"})["ok"]
    first, *again = client.wait_for("bot_uttered", 3)
    assert again == [first, first]
    assert [message["who"] for message in client.ask("history_request", {})["messages"]] == ["user", "bot"]


def test_a_button_is_known_by_its_id_and_shown_by_its_title(client: Client) -> None:
    opened(client)
    client.ask("user_uttered", {"message": "崂山区有哪些政策", "id": "turn-0003"})
    (listed,) = client.wait_for("bot_uttered")
    button = listed["quick_replies"][0]
    client.ask("user_uttered", {"message": button["title"], "choice": button["id"], "id": "turn-0004"})
    entry = next(block for block in client.wait_for("bot_uttered", 2)[1]["custom"]["blocks"] if block["kind"] == "option")
    client.ask("user_uttered", {"message": entry["title"], "choice": entry["id"], "id": "turn-0005"})
    told = client.wait_for("bot_uttered", 3)[2]
    assert [policy["id"] for policy in told["custom"]["policies"]] == [entry["policy"]]
    said = [message["text"] for message in client.ask("history_request", {})["messages"] if message["who"] == "user"]
    assert said == ["崂山区有哪些政策", button["title"], entry["title"]]


def test_an_unknown_choice_is_but_the_words_with_it(client: Client) -> None:
    opened(client)
    client.ask("user_uttered", {"message": "高新贷最高多少", "choice": "turn-9999.0.0", "id": "turn-0006"})
    assert "500 万元" in client.wait_for("bot_uttered")[0]["text"]


@pytest.mark.parametrize("typed", ["/restart", '/ask_amount{"policy": "gaoxin-gaoxindai"}', "／session_start"])
def test_typed_commands_are_text(client: Client, typed: str) -> None:
    opened(client)
    client.ask("user_uttered", {"message": "高新贷最高多少", "id": "turn-0007"})
    client.ask("user_uttered", {"message": typed, "id": "turn-0008"})
    assert "500 万元" not in client.wait_for("bot_uttered", 2)[1]["text"]
    client.ask("user_uttered", {"message": "找谁办", "id": "turn-0009"})
    assert "高新贷" in client.wait_for("bot_uttered", 3)[2]["text"]  # nothing was reset


def test_the_greeting_is_a_turn_without_words_of_the_user(client: Client) -> None:
    opened(client)
    assert client.ask("greeting_request", {})["ok"]
    (hello,) = client.wait_for("bot_uttered")
    assert any(block["kind"] == "topics" for block in hello["custom"]["blocks"])
    (kept,) = client.ask("history_request", {})["messages"]
    assert kept | {"at": 0} == hello | {"at": 0}  # sent and stored a moment apart


def test_two_windows_share_a_session(server: str, client: Client) -> None:
    session = opened(client)
    client.ask("user_uttered", {"message": "高新贷最高多少", "id": "turn-0010"})
    other = Client(server)
    try:
        assert other.ask("session_request", {"session_id": session})["resumed"]
        assert len(other.ask("history_request", {})["messages"]) == 2
        client.ask("user_uttered", {"message": "找谁办", "id": "turn-0011"})
        assert other.wait_for("user_echo")[0]["text"] == "找谁办"
        assert "12345" in other.wait_for("bot_uttered")[0]["text"]
        assert not [event for event, _ in client.heard if event == "user_echo"]
        assert client.ask("forget_request", {})["ok"]
        other.wait_for("session_forgotten")
        assert other.ask("history_request", {})["status"] == 401
    finally:
        other.close()


def test_what_was_deleted_is_gone(client: Client) -> None:
    session = opened(client)
    client.ask("user_uttered", {"message": "高新贷最高多少", "id": "turn-0012"})
    assert client.ask("forget_request", {})["ok"]
    answer = client.ask("session_request", {"session_id": session})
    assert not answer["resumed"]
    assert client.ask("history_request", {})["messages"] == []


@pytest.mark.parametrize(
    ("event", "data", "status"),
    [
        ("user_uttered", {"message": "", "id": "turn-0013"}, 400),
        ("user_uttered", {"message": 7, "id": "turn-0013"}, 400),
        ("user_uttered", {"message": "你好", "id": "no"}, 400),
        ("user_uttered", {"message": "你好", "id": "../../etc/passwd"}, 400),
        ("user_uttered", {"message": "啊" * 4001, "id": "turn-0013"}, 413),
        ("user_uttered", ["你好"], 400),
        ("feedback", {"message": "turn-0013.0", "good": True}, 404),
        ("feedback", {"message": "turn-0013.0", "good": "yes"}, 400),
        ("feedback", {"message": "turn-0013.0", "good": False, "reasons": ["<b>"]}, 400),
        ("feedback", {"message": "turn-0013.0", "good": False, "reasons": "amount"}, 400),
    ],
)
def test_faulty_requests_are_refused_in_words(client: Client, event: str, data: Any, status: int) -> None:
    opened(client)
    answer = client.ask(event, data)
    assert not answer["ok"]
    assert answer["status"] == status
    assert answer["error"]


def test_too_many_messages_of_a_session_are_refused_for_a_while(client: Client) -> None:
    opened(client)
    answers = [client.ask("history_request", {}) for _ in range(25)]
    assert answers[0]["ok"]
    refused = next(answer for answer in answers if not answer["ok"])
    assert refused["status"] == 429
    assert 0 < refused["retry_after"] <= 1


def test_one_address_opens_so_many_sessions_and_no_more(server: str) -> None:
    """The proxy in front, played by the test, tells the address; others are served as before."""
    forwarded = {"X-Forwarded-For": "192.0.2.1, 203.0.113.7"}
    answers = [post(f"{server}{ROUTE}session", {}, **forwarded) for _ in range(62)]
    assert answers[0][0] == 200
    status, refusal = answers[-1]
    assert status == 429
    assert refusal["retry_after"] > 0
    assert post(f"{server}{ROUTE}session", {}, **{"X-Forwarded-For": "203.0.113.8"})[0] == 200
    assert post(f"{server}{ROUTE}session", {})[0] == 200


# -- the same by plain requests --


def test_plain_requests_hold_the_same_conversation(server: str) -> None:
    status, answer = post(f"{server}{ROUTE}session", {})
    assert status == 200
    session = answer["session_id"]
    status, answer = post(f"{server}{ROUTE}message", {"session_id": session, "message": "高新贷最高多少", "id": "turn-0020"})
    assert status == 200
    assert "500 万元" in answer["messages"][0]["text"]
    _, answer = post(f"{server}{ROUTE}history", {"session_id": session})
    assert [message["who"] for message in answer["messages"]] == ["user", "bot"]
    rating = {"session_id": session, "message": "turn-0020.0", "good": True}
    assert post(f"{server}{ROUTE}feedback", rating) == (200, {"ok": True})
    assert post(f"{server}{ROUTE}forget", {"session_id": session}) == (200, {"ok": True})
    assert post(f"{server}{ROUTE}history", {"session_id": session})[0] == 401


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("message", {"message": "你好"}, 401),
        ("message", {"session_id": "web-" + "a" * 32, "message": "你好"}, 401),
        ("session", b"{not json", 400),
        ("session", b"[]", 400),
        ("session", {"filler": "a" * 70_000}, 413),
        ("no-such-thing", {}, 404),
    ],
)
def test_faulty_plain_requests_are_refused_in_words(server: str, name: str, body: Any, status: int) -> None:
    answered, answer = post(server + ROUTE + name, body)
    assert answered == status
    assert not answer["ok"]
    assert answer["error"]


def test_pages_of_other_sites_are_refused(server: str) -> None:
    status, answer = post(f"{server}{ROUTE}session", {}, Origin="https://evil.example")
    assert status == 403
    assert "许可" in answer["error"]
    assert post(f"{server}{ROUTE}session", {}, Origin="null")[0] == 403
    with pytest.raises(socketio.exceptions.ConnectionError):
        Client(server, Origin="https://evil.example")


def test_pages_of_configured_sites_and_our_own_are_served(server: str) -> None:
    for origin in ("https://qye.example.cn", server):
        assert post(f"{server}{ROUTE}session", {}, Origin=origin)[0] == 200
        client = Client(server, Origin=origin)
        assert opened(client)
        client.close()


def test_what_memory_has_lost_the_tracker_store_knows(agent: Any, loop: asyncio.AbstractEventLoop) -> None:
    """A new desk over the same store is what a restarted server has. (The browser tests restart the process.)"""
    delivered: list[tuple[str, Any]] = []

    async def deliver(event: str, data: Any) -> None:
        delivered.append((event, data))

    def desk() -> Desk:
        return Desk(Conversations("web", agent.handle_message, lambda: agent))

    async def test() -> None:
        before = desk()
        session = (await before.session(None))["session_id"]
        await before.say(session, {"message": "崂山区有哪些政策", "id": "turn-0030"}, deliver, deliver)
        told = (await before.history(session))["messages"]
        after = desk()
        assert await after.session(session) == {"ok": True, "session_id": session, "resumed": True}
        # Sent again after the answer was lost: answered again, without a second turn.
        delivered.clear()
        await after.say(session, {"message": "崂山区有哪些政策", "id": "turn-0030", "retry": True}, deliver, deliver)
        assert delivered == [("bot_uttered", told[1])]
        assert (await after.history(session))["messages"] == told
        # A button from before still asks its question.
        button = told[1]["quick_replies"][0]
        await after.say(session, {"message": button["title"], "choice": button["id"], "id": "turn-0031"}, deliver, deliver)
        asked = [event.text for event in (await agent.tracker_store.retrieve(session)).events if event.type_name == "user"]
        assert asked[1] == button["payload"]

    loop.run_until_complete(test())
