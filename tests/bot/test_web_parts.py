"""The parts of the web channel: who may connect, addresses, ids, pairing of messages, turns under load, ratings, deletion."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

pytest.importorskip("rasa")

from rasa.core.channels.channel import UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.tracker_store import InMemoryTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.addresses import address_of
from bot.channels.conversations import Conversations
from bot.channels.guard import RateLimiter, RefusedError
from bot.channels.messages import Replies, choices_of, history
from bot.channels.settings import SettingError, number, proxies_of
from bot.channels.web import WebInput
from bot.channels.web.desk import Desk, Limits
from bot.channels.web.origins import Sites
from bot.channels.web.service import Asker, Service
from bot.channels.web.sessions import Sessions
from bot.feedback import Feedback, FeedbackStore, lines, told
from bot.forgetting import CannotForgetError, forget


def run(coroutine: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.new_event_loop().run_until_complete(coroutine)


# -- turns at once --


def test_many_turns_at_once_leave_room_for_what_is_due() -> None:
    async def scenario() -> float:
        async def work(message: UserMessage) -> None:
            time.sleep(0.02)
            await message.output_channel.send_response(message.sender_id, {"text": "答"})

        conversations = Conversations("web", work, lambda: None)
        turns = [asyncio.ensure_future(conversations.turn(f"u{number}", "问", "t")) for number in range(20)]
        began = time.monotonic()
        await asyncio.sleep(0.01)
        late = time.monotonic() - began - 0.01
        await asyncio.gather(*turns)
        return late

    assert run(scenario()) < 0.1  # not 0.4


# -- who may connect --


@pytest.mark.parametrize(
    ("origin", "host", "allowed"),
    [
        (None, "bot.example.cn", True),
        ("https://bot.example.cn", "bot.example.cn", True),
        ("http://127.0.0.1:5005", "127.0.0.1:5005", True),
        ("https://a.example.cn", "bot.example.cn", True),
        ("https://A.Example.cn", "bot.example.cn", True),
        ("http://a.example.cn", "bot.example.cn", False),
        ("https://a.example.cn:8443", "bot.example.cn", False),
        ("https://a.example.cn.evil.com", "bot.example.cn", False),
        ("https://evil.com", "bot.example.cn", False),
        ("https://bot.example.cn.evil.com", "bot.example.cn", False),
        ("null", "bot.example.cn", False),
        ("", "bot.example.cn", True),
    ],
)
def test_only_configured_sites_and_our_own_pages_may_connect(origin: str | None, host: str, allowed: bool) -> None:
    assert Sites(["https://a.example.cn/", " "]).allow(origin, host) is allowed


@pytest.mark.parametrize("origin", ["a.example.cn", "https://a.example.cn/page", "ftp://a.example.cn", "https://", "https://a b"])
def test_a_faulty_origin_is_told_at_the_start(origin: str) -> None:
    with pytest.raises(SettingError, match="允许接入的网站"):
        Sites([origin])


def test_any_site_may_be_allowed_on_purpose() -> None:
    assert Sites(["*"]).allow("https://evil.com", "bot.example.cn")


def test_settings_of_the_environment_go_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUIQI_ORIGINS", "not an origin")
    with pytest.raises(SettingError, match="not an origin"):
        WebInput.from_credentials({"origins": ["https://a.example.cn"]})


# -- addresses --


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "address"),
    [
        ("203.0.113.9", None, 0, "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", 0, "203.0.113.9"),  # anyone can write that header
        ("127.0.0.1", "198.51.100.1", 1, "198.51.100.1"),
        ("127.0.0.1", "192.0.2.66, 198.51.100.1", 1, "198.51.100.1"),
        ("10.0.0.2", "192.0.2.66, 198.51.100.1, 10.0.0.1", 2, "198.51.100.1"),
        ("127.0.0.1", None, 0, None),
        ("127.0.0.1", None, 1, None),
        ("::1", None, 0, None),
        ("127.0.0.1", "nonsense", 1, None),
        ("2001:db8:1:2:3:4:5:6", None, 0, "2001:db8:1:2::/64"),
        (None, None, 0, None),
    ],
)
def test_an_address_is_the_one_that_our_proxies_saw(
    peer: str | None, forwarded: str | None, proxies: int, address: str | None
) -> None:
    assert address_of(peer, forwarded, proxies) == address


# -- ids of sessions --


def test_issued_ids_are_known_and_guessed_ones_are_looked_up_once() -> None:
    asked: list[str] = []

    async def stored(id: str) -> bool:
        asked.append(id)
        return id == "web-" + "s" * 32

    sessions = Sessions(stored)
    issued = {sessions.issue() for _ in range(100)}
    assert len(issued) == 100
    assert all(run(sessions.known(id)) for id in issued)
    assert asked == []
    assert not run(sessions.known("web-" + "x" * 32))
    assert run(sessions.known("web-" + "s" * 32))
    assert run(sessions.known("web-" + "s" * 32))
    assert asked == ["web-" + "x" * 32, "web-" + "s" * 32]
    for id in (None, 7, "", "web-short", "../" + "a" * 33, "web-" + "a" * 33):
        assert not run(sessions.known(id))
    assert len(asked) == 2


# -- messages --


def test_text_and_data_of_a_reply_are_one_message() -> None:
    replies = Replies("t")
    blocks: list[dict[str, Any]] = [
        {"kind": "option", "question": "介绍一下甲", "text": "甲"},
        {"kind": "topics", "groups": [{"name": "人才", "questions": [{"text": "问一"}, {"text": "问二"}]}]},
    ]
    assert replies.take("甲", [{"title": "题", "payload": "问"}], None, 1.0) == []
    (first,) = replies.take(None, (), {"type": "list", "blocks": blocks}, 1.0)
    assert first["id"] == "t.0"
    assert dict(choices_of(first)) == {"t.0.0": "问", "t.0.b0": "介绍一下甲", "t.0.b1": "问一", "t.0.b2": "问二"}
    assert "id" not in blocks[0]  # what the tracker keeps is untouched
    assert replies.take("乙", (), None, 2.0) == []
    (second,) = replies.take("丙", (), None, 3.0)
    assert (second["id"], second["text"]) == ("t.1", "乙")
    (third,) = replies.rest()
    assert (third["id"], third["text"], third["at"]) == ("t.2", "丙", 3000)
    assert replies.rest() == []


def test_history_tells_what_was_shown() -> None:
    events = [
        BotUttered("before any turn"),
        UserUttered("你好", message_id="t0", metadata={"hidden": True}, timestamp=1),
        BotUttered("您好", timestamp=1),
        UserUttered("奖励的", message_id="t1", metadata={"said": "奖励（16）"}, timestamp=2),
        BotUttered("有这些", data={"buttons": [{"title": "题", "payload": "问"}]}, timestamp=2),
        BotUttered(None, data={"custom": {"type": "list", "policies": []}}, timestamp=2),
        UserUttered("再见", message_id="t2", timestamp=3),
    ]
    found = history(events)
    assert [(message["who"], message["id"], message["text"]) for message in found] == [
        ("bot", "t0.0", "您好"),
        ("user", "t1", "奖励（16）"),
        ("bot", "t1.0", "有这些"),
        ("user", "t2", "再见"),
    ]
    assert found[2]["custom"]["type"] == "list"
    assert found[2]["quick_replies"][0]["id"] == "t1.0.0"


# -- turns --


class Office:
    """A desk whose assistant is told what to do with each message; keeps what was delivered."""

    def __init__(self, work: Callable[[UserMessage], Coroutine[Any, Any, None]], store: TrackerStore | None = None):
        self.turns: list[str] = []
        self.delivered: list[tuple[str, Any]] = []
        self.agent = SimpleNamespace(tracker_store=store or InMemoryTrackerStore(Domain.empty()), lock_store=InMemoryLockStore())

        async def handle(message: UserMessage) -> None:
            self.turns.append(str(message.text))
            await work(message)

        self.desk = Desk(Conversations("web", handle, lambda: self.agent))
        self.service = Service(self.desk, Limits(*(RateLimiter(1000, 1) for _ in range(3))))

    async def deliver(self, event: str, data: Any) -> None:
        await asyncio.sleep(0)  # as sending does
        self.delivered.append((event, data))

    async def ask(self, **data: Any) -> dict[str, Any]:
        return await self.service.answer("message", Asker("web-1", None), data, self.deliver, self.deliver)


async def says_so(message: UserMessage) -> None:
    await message.output_channel.send_response(message.sender_id, {"text": f"答：{message.text}"})


def test_a_message_sent_again_while_it_is_answered_joins_its_turn() -> None:
    async def test() -> None:
        go = asyncio.Event()

        async def slow(message: UserMessage) -> None:
            await go.wait()
            await says_so(message)

        office = Office(slow)
        asks = [asyncio.ensure_future(office.ask(message="问", id="turn-1234")) for _ in range(3)]
        await asyncio.sleep(0.01)
        go.set()
        assert all(answer["ok"] for answer in await asyncio.gather(*asks))
        assert office.turns == ["问"]
        said = [data for event, data in office.delivered if event == "bot_uttered"]
        assert [message["text"] for message in said] == ["答：问"] * 3
        assert len({message["id"] for message in said}) == 1

    run(test())


def test_who_hangs_up_does_not_stop_the_turn() -> None:
    async def test() -> None:
        go, done = asyncio.Event(), asyncio.Event()

        async def slow(message: UserMessage) -> None:
            await go.wait()
            await says_so(message)
            done.set()

        office = Office(slow)
        ask = asyncio.ensure_future(office.ask(message="问", id="turn-1234"))
        await asyncio.sleep(0.01)
        ask.cancel()
        go.set()
        await asyncio.wait_for(done.wait(), 5)
        assert (await office.ask(message="问", id="turn-1234"))["ok"]
        assert office.turns == ["问"]

    run(test())


def test_a_turn_that_failed_is_tried_again() -> None:
    broken = [True]

    async def work(message: UserMessage) -> None:
        if broken:
            broken.pop()
            raise OSError("the action server is away")
        await says_so(message)

    office = Office(work)
    failed = run(office.ask(message="问", id="turn-1234"))
    assert (failed["ok"], failed["status"]) == (False, 500)
    assert "action server" not in failed["error"]
    assert run(office.ask(message="问", id="turn-1234"))["ok"]
    assert office.turns == ["问", "问"]
    assert [event for event, _ in office.delivered].count("turn_end") == 2


def test_a_turn_without_an_answer_is_a_failure() -> None:
    async def silent(message: UserMessage) -> None:
        """As Rasa does when the action server is away."""

    assert run(Office(silent).ask(message="问", id="turn-1234"))["status"] == 500


def test_a_forged_choice_asks_no_more_than_words() -> None:
    office = Office(says_so)
    assert run(office.ask(message="/restart", choice="turn-1.0.0", id="turn-1234"))["ok"]
    assert office.turns == ["／restart"]


# -- limits --


def test_one_address_with_many_sessions_is_limited() -> None:
    limits = Limits(RateLimiter(100, 1000), RateLimiter(3, 1000), RateLimiter(2, 1000))
    for session in ("a", "b", "c"):
        limits.check(session, "203.0.113.9")
    with pytest.raises(RefusedError) as refusal:
        limits.check("d", "203.0.113.9")
    assert refusal.value.retry_after
    limits.check("d", "203.0.113.10")
    for _ in range(200):
        limits.check(None, None)  # an address that tells nothing is not counted
    limits.check_new("203.0.113.9")
    limits.check_new("203.0.113.9")
    with pytest.raises(RefusedError):
        limits.check_new("203.0.113.9")


# -- ratings --


@pytest.fixture
def ratings(tmp_path: Path) -> FeedbackStore:
    return FeedbackStore(f"sqlite:///{tmp_path}/feedback.db")


def test_a_rating_is_kept_and_replaced(ratings: FeedbackStore) -> None:
    ratings.save(Feedback("web-1", "t.0", True, question="高新贷最高多少", policies=("p",), rules=("p/r",)))
    ratings.save(Feedback("web-2", "t.0", True))
    ratings.save(Feedback("web-1", "t.0", False, ("amount", "expired"), "高新贷最高多少", ("p",), ("p/r",)))
    other, mine = ratings.all()
    assert (other.sender, other.good) == ("web-2", True)
    assert (mine.good, mine.reasons, mine.policies, mine.rules) == (False, ("amount", "expired"), ("p",), ("p/r",))
    assert mine.at


def test_a_forgotten_sender_leaves_a_rating_without_words(ratings: FeedbackStore) -> None:
    ratings.save(Feedback("web-1", "t.0", False, ("missing",), "我们公司叫什么", ("p",)))
    ratings.forget("web-1")
    (left,) = ratings.all()
    assert (left.sender, left.question) == (None, None)
    assert (left.reasons, left.policies) == (("missing",), ("p",))


def test_the_clerk_reads_what_was_wrong(ratings: FeedbackStore) -> None:
    ratings.save(Feedback("web-1", "t.0", True))
    ratings.save(Feedback("web-1", "u.0", False, ("amount", "expired"), "高新贷最高多少", ("p",), at="2026-11-22T08:05:00+00:00"))
    ratings.save(Feedback("web-2", "t.0", False))
    ratings.forget("web-2")
    local = [datetime.fromisoformat(rating.at).astimezone().strftime("%Y-%m-%d %H:%M") for rating in ratings.all()]
    assert lines(ratings.all()) == [
        "共 3 条反馈：有帮助 1 条，没帮助 2 条（金额不对 1、已过期 1）。",
        f"{local[1]}  金额不对、已过期  问：高新贷最高多少  回答用到：p",
        f"{local[2]}  没有说原因  （对话已删除）  回答用到：没有政策",
    ]
    assert lines([]) == ["共 0 条反馈：有帮助 0 条，没帮助 0 条。"]


def test_what_an_answer_told_of() -> None:
    custom = {"policies": [{"id": "a", "rules": [{"id": "x"}, {"id": "y"}]}, {"id": "b"}]}
    assert told(custom) == (("a", "b"), ("a/x", "a/y"))
    assert told({}) == ((), ())


# -- deletion --


def stores(folder: Path) -> list[TrackerStore]:
    return [InMemoryTrackerStore(Domain.empty()), SQLTrackerStore(Domain.empty(), db=f"{folder}/t.db")]


def test_a_deleted_conversation_is_gone_and_others_stay(tmp_path: Path) -> None:
    for store in stores(tmp_path):
        for sender in ("mine", "other"):
            run(store.save(DialogueStateTracker.from_events(sender, [UserUttered("你好"), BotUttered("您好")])))
        forget(SimpleNamespace(_tracker_store=store), "mine")
        assert not run(store.exists("mine"))
        assert run(store.exists("other"))


def test_a_store_that_cannot_delete_is_no_silent_success() -> None:
    with pytest.raises(CannotForgetError):
        forget(SimpleNamespace(), "mine")


def test_proxies_are_told_by_the_environment_before_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert proxies_of({"proxies": 2}) == 2
    monkeypatch.setenv("HUIQI_PROXIES", "1")
    assert proxies_of({"proxies": 2}) == 1
    assert proxies_of({}) == 1


@pytest.mark.parametrize("value", ["many", "-1", "1.5", None, [], "２"])
def test_a_setting_that_is_no_number_is_told_with_its_name(value: object) -> None:
    with pytest.raises(SettingError, match="messages 应当是"):
        number({"messages": value}, "messages", 20)
    assert number({}, "messages", 20) == 20
