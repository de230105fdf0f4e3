"""Who answers in the console: the assistant in this process with its traces, and a running server."""

# ruff: noqa: PLC0415 - Rasa is imported only where it is needed

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Coroutine, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from actions import turns
from actions.knowledge.aspect import Aspect
from actions.knowledge.focus import Focus
from actions.knowledge.profile import Profile
from actions.knowledge.ranking import Ranking
from actions.knowledge.reading import Reader
from actions.knowledge.store import store
from bot import project
from bot.channels.guard import MOST_CHARACTERS, RefusedError
from bot.console import local
from bot.console.assistants import Assistant, InProcess, Remote, Said, Unreachable
from bot.console.rating import reasons_of
from tests.bot.server import free_port

Play = Callable[[Coroutine[Any, Any, Any]], Any]


@pytest.fixture
def play(loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> Play:
    monkeypatch.setenv("HUIQI_TODAY", "2026-11-22")
    return loop.run_until_complete


@pytest.fixture
def assistant(agent: Any) -> InProcess:
    return InProcess(agent)


def talk(play: Play, assistant: Assistant, *questions: str) -> list[Said]:
    async def all_of_them() -> list[Said]:
        return [await assistant.say(question) for question in questions]

    found: list[Said] = play(all_of_them())
    return found


# -- in this process --


@pytest.mark.agent
def test_a_turn_is_answered_and_traced(play: Play, assistant: InProcess) -> None:
    _, turn = talk(play, assistant, "你好", "崂山區孵化器認定获国家级獎多少？")
    trace = turn.trace
    assert trace is not None
    assert "100 万元" in turn.messages[0]["text"]
    assert trace.text == "崂山区孵化器认定获国家级奖多少?"
    assert "".join(trace.tokens) == trace.text
    assert trace.intents[0][0] == "ask_amount"
    assert [share for _, share in trace.intents] == sorted((share for _, share in trace.intents), reverse=True)
    region = next(entity for entity in trace.entities if entity["kind"] == "region")
    assert (region["text"], region["values"], region["start"], region["end"]) == ("崂山区", ["laoshan"], 0, 3)
    assert region["extractor"] == "LexiconExtractor"
    assert trace.focus_before["policies"] == []
    assert trace.focus_after["policies"] == ["laoshan-incubator"]
    assert trace.actions == [("action_answer", "RulePolicy", 1.0)]
    assert trace.rules == ["laoshan-incubator/national"]
    assert trace.used == ["laoshan-incubator"]
    assert json.loads(json.dumps(trace.plain(), ensure_ascii=False))["text"] == trace.text


@pytest.mark.agent
def test_the_scores_are_those_of_the_ranking(play: Play, assistant: InProcess) -> None:
    (turn,) = talk(play, assistant, "崂山区孵化器国家级奖多少")
    assert turn.trace is not None
    (search,) = turn.trace.searches
    book = store().current()
    query = Reader(book).query(search.text, Aspect.AMOUNT, Focus())
    ranked = Ranking(book, query, Aspect.AMOUNT).candidates(book.places("laoshan"))[:6]
    assert [hit.policy for hit in search.hits] == [candidate.policy.id for candidate in ranked]
    assert [hit.score for hit in search.hits] == pytest.approx([candidate.score for candidate in ranked])
    assert turn.trace.records[0][0] == "laoshan-incubator"


@pytest.mark.agent
def test_the_times_add_up(play: Play, assistant: InProcess) -> None:
    for turn in talk(play, assistant, "崂山区孵化器奖多少", "找哪个部门", "我们能申请什么", "崂山区"):
        trace = turn.trace
        assert trace is not None
        assert min(trace.nlu_ms, trace.dialogue_ms, trace.action_ms) > 0
        assert trace.nlu_ms + trace.dialogue_ms + trace.action_ms == pytest.approx(trace.total_ms)
        assert trace.total_ms == pytest.approx(1000 * turn.seconds)
        assert sum(spent for _, spent in trace.called) == pytest.approx(trace.action_ms)


@pytest.mark.agent
def test_several_questions_are_several_searches(play: Play, assistant: InProcess) -> None:
    (turn,) = talk(play, assistant, "崂山孵化器奖多少？高新贷找谁办？")
    assert turn.trace is not None
    assert [(search.aspect, search.found) for search in turn.trace.searches] == [
        ("amount", ("laoshan-incubator",)),
        ("department", ("gaoxin-gaoxindai",)),
    ]


@pytest.mark.agent
def test_a_calculation_names_its_policy(play: Play, assistant: InProcess) -> None:
    (turn,) = talk(play, assistant, "上合示范区年薪60万能补多少")
    assert turn.trace is not None
    (calculation,) = turn.trace.calculations
    assert (calculation["policy"], calculation["rule"], calculation["result"]) == ("shanghe-talent-urgent", "living", 300000)


@pytest.mark.agent
def test_the_interview_is_traced_turn_by_turn(play: Play, assistant: InProcess) -> None:
    turns = talk(play, assistant, "我们能申请什么", "崂山区", "算了")
    traces = [turn.trace for turn in turns if turn.trace]
    assert [trace.text for trace in traces] == ["我们能申请什么", "崂山区", "算了"]
    loops = [(trace.loop_before, trace.loop_after) for trace in traces]
    assert loops == [(None, "match_form"), ("match_form", "match_form"), ("match_form", None)]
    assert [name for name, _, _ in traces[0].actions] == ["action_answer", "match_form"]
    assert [name for name, _, _ in traces[2].actions] == ["match_form", "action_match_result"]
    assert [name for name, _ in traces[1].called] == ["validate_match_form", "action_ask_match_form_match_answer"]
    assert traces[1].profile["region"] == "laoshan"


@pytest.mark.agent
def test_nothing_is_watched_between_turns(play: Play, assistant: InProcess, agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    searches = vars(turns)["resolve"]
    talk(play, assistant, "崂山区孵化器奖多少")

    async def broken(*_: Any, **__: Any) -> None:
        raise OSError("broken")

    monkeypatch.setattr(type(agent.processor), "parse_message", broken)
    with pytest.raises(OSError, match="broken"):
        talk(play, assistant, "崂山区孵化器奖多少")
    assert vars(turns)["resolve"] is searches
    assert "parse_message" not in vars(agent.processor)
    assert "request" not in vars(agent.processor.action_endpoint)


@pytest.mark.agent
def test_what_no_channel_passes_on_is_refused(play: Play, assistant: InProcess) -> None:
    for text in ("  ", "字" * (MOST_CHARACTERS + 1)):
        with pytest.raises(RefusedError):
            talk(play, assistant, text)
    (turn,) = talk(play, assistant, "/restart")
    assert turn.question == "／restart"
    assert turn.messages


@pytest.mark.agent
def test_a_new_conversation_knows_nothing_of_the_old(play: Play, assistant: InProcess, agent: Any) -> None:
    talk(play, assistant, "崂山区孵化器奖多少")
    old = assistant.session
    play(assistant.reset())
    assert assistant.session != old
    assert not play(agent.tracker_store.exists(old))
    (turn,) = talk(play, assistant, "找哪个部门")
    assert "崂山区科技创新奖励" not in turn.messages[0]["text"]


@pytest.mark.agent
def test_the_profile_can_be_set(play: Play, assistant: InProcess) -> None:
    assert play(assistant.profile()) == Profile()
    profile = Profile().learn(store().current(), "laoshan", yes=["building-owner"])
    play(assistant.set_profile(profile))
    assert play(assistant.profile()) == profile
    (turn,) = talk(play, assistant, "我们能申请什么政策")
    assert turn.messages[0]["text"].startswith("按您说的情况（崂山区、楼宇投资商或运营商）")


@pytest.mark.agent
def test_a_rating_is_kept_where_the_server_keeps_it(
    play: Play, assistant: InProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from rasa.core.tracker_store import TrackerStore

    from bot import feedback, serving

    monkeypatch.setenv("HUIQI_DATABASE", str(tmp_path / "kept.db"))
    turn, chat = talk(play, assistant, "崂山区孵化器国家级奖多少", "谢谢")
    play(assistant.rate(turn, False, "金额不对、已过期"))
    play(assistant.rate(chat, True))
    kept = feedback.beside(TrackerStore.create(serving.endpoints(http_actions=True).tracker_store)).all()
    assert [(rating.good, rating.reasons, rating.question) for rating in kept] == [
        (False, ("amount", "expired"), "崂山区孵化器国家级奖多少"),
        (True, (), "谢谢"),
    ]
    assert kept[0].policies == ("laoshan-incubator",)
    assert any("金额不对、已过期  问：崂山区孵化器国家级奖多少" in line for line in feedback.lines(kept))
    with pytest.raises(LookupError, match="没有“太慢”"):
        play(assistant.rate(turn, False, "太慢"))
    with pytest.raises(LookupError, match="没有可以评价的"):
        play(assistant.rate(Said("问", [], 0.0), True))


@pytest.mark.agent
def test_reasons_are_named_as_people_read_them() -> None:
    assert reasons_of("") == ()
    assert reasons_of("金额不对，没找到 amount") == ("amount", "missing")


def test_without_a_model_one_sentence_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(project, "MODEL", tmp_path / "none.tar.gz")
    told: list[str] = []
    with pytest.raises(Unreachable, match="huiqi train"):
        InProcess.load(told.append)
    assert told == ["加载政策库……"]


@pytest.mark.agent
def test_a_model_that_cannot_be_loaded_is_one_sentence(agent: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "huiqi.tar.gz").write_bytes(b"no model")
    monkeypatch.setattr(project, "MODEL", tmp_path / "huiqi.tar.gz")
    monkeypatch.setattr("bot.conversation.load_agent.__defaults__", (str(project.MODEL),))
    with pytest.raises(Unreachable, match=r"模型加载不了.*huiqi train --force"):
        InProcess.load(lambda step: None)


@pytest.mark.agent
def test_loading_tells_its_progress_and_leaves_no_trace(play: Play, agent: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.conversation.load_agent", lambda: agent)
    told: list[str] = []

    async def within_a_loop() -> InProcess:
        return InProcess.load(told.append)

    loaded = play(within_a_loop())
    assert told == ["加载政策库……", "加载对话引擎……", "加载模型……", "试答一句……"]
    assert loaded.session.startswith(local.CHANNEL)
    assert not play(agent.tracker_store.exists(loaded.session))


# -- a running server --


@pytest.fixture
def served(agent: Any, loop: asyncio.AbstractEventLoop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The address of the web channel's plain requests with the assistant behind them."""
    from sanic import Blueprint, Sanic

    from bot.channels.conversations import Conversations
    from bot.channels.guard import RateLimiter
    from bot.channels.web.desk import Desk, Limits
    from bot.channels.web.http import add_routes
    from bot.channels.web.origins import Sites
    from bot.channels.web.service import Service

    monkeypatch.chdir(tmp_path)  # ratings beside conversations in memory lie in the current folder
    conversations = Conversations("web", agent.handle_message, lambda: agent)
    limits = Limits(RateLimiter(3, 1), RateLimiter(100, 1), RateLimiter(100, 1))
    routes = Blueprint("console_web", url_prefix="/webhooks/web")
    add_routes(routes, Service(Desk(conversations), limits), Sites(), 0)
    app = Sanic("console_server", configure_logging=False)
    app.blueprint(routes)
    port = free_port()
    server = loop.run_until_complete(app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False))
    loop.run_until_complete(server.startup())
    yield f"http://127.0.0.1:{port}"
    server.close()
    loop.run_until_complete(server.wait_closed())
    Sanic._app_registry.pop(app.name)


@pytest.mark.agent
def test_a_server_is_asked_like_the_assistant_here(play: Play, served: str, assistant: InProcess, agent: Any) -> None:
    from bot.feedback import FeedbackStore

    async def scenario() -> None:
        remote = await asyncio.to_thread(Remote, served + "/")
        assert (remote.name, remote.local) == (served, False)
        for question in ("崂山区孵化器国家级奖多少", "找哪个部门"):
            there, here = await remote.say(question), await assistant.say(question)
            assert [each["text"] for each in there.messages] == [each["text"] for each in here.messages]
            assert there.trace is None
            assert there.seconds > 0
        await remote.rate(there, True)
        await remote.rate(there, False, "部门不对")
        with pytest.raises(LookupError, match="原因只收"):
            await remote.rate(there, False, "太慢")
        for text, status in (("", 400), ("字" * (MOST_CHARACTERS + 1), 413)):
            with pytest.raises(RefusedError) as refused:
                await remote.say(text)
            assert refused.value.status == status
        old = remote.session
        assert await agent.tracker_store.exists(old)
        await remote.reset()
        assert remote.session != old
        assert not await agent.tracker_store.exists(old)
        await remote.close()

    play(scenario())
    (rating,) = FeedbackStore("sqlite:///feedback.db").all()
    assert (rating.good, rating.reasons, rating.policies) == (False, ("department",), ("laoshan-incubator",))


class Stub(ThreadingHTTPServer):
    """Answers every request with the next of some answers: (status, body), the last one again and again."""

    def __init__(self, *answers: tuple[int, Any]):
        self.answers, self.heard = list(answers), []  # type: list[tuple[int, Any]], list[tuple[str, Any]]
        super().__init__(("127.0.0.1", 0), StubHandler)
        self.address = f"http://127.0.0.1:{self.server_port}"

    def __enter__(self) -> Stub:
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.shutdown()
        self.server_close()


class StubHandler(BaseHTTPRequestHandler):
    server: Stub

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.heard.append((self.path, body))
        status, answer = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        content = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing."""


SESSION = (200, {"ok": True, "session_id": "web-1", "resumed": False})


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, "<html>"), "不是惠企问答"),
        ((404, "没有"), "不是惠企问答"),
        ((200, [1]), "不是惠企问答"),
        ((403, {"ok": False, "status": 403, "error": "没有许可。"}), "没有许可"),
    ],
)
def test_who_is_no_assistant_is_found_out_at_once(answer: tuple[int, Any], why: str) -> None:
    with Stub(answer) as stub, pytest.raises(Unreachable, match=why):
        Remote(stub.address)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1", "make serve"),
        ("ftp://a.example", "不是服务的地址"),
        ("http://", "不是服务的地址"),
        ("", "不是服务的地址"),
    ],
)
def test_an_address_without_a_server_is_found_out_at_once(url: str, why: str) -> None:
    with pytest.raises(Unreachable, match=why):
        Remote(url)


def test_a_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.console.remote._KNOCK", 0.2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(Unreachable, match="没有应答"):
            Remote(f"127.0.0.1:{silent.getsockname()[1]}")


def test_what_speaks_no_http_is_no_assistant() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:

        def greet() -> None:
            connection, _ = other.accept()
            with connection:
                heard = b""
                while not heard.endswith(b"{}"):  # a connection with something unread would be reset
                    heard += connection.recv(1024)
                connection.sendall(b"SSH-2.0-x\r\n")

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(Unreachable, match="不是惠企问答"):
            Remote(f"http://127.0.0.1:{other.getsockname()[1]}")


def test_a_proxy_is_not_asked_for_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with Stub(SESSION) as stub:
        assert Remote(stub.address).session == "web-1"


def test_what_came_too_soon_is_sent_again() -> None:
    busy = (429, {"ok": False, "status": 429, "error": "太频繁", "retry_after": 0.05})
    answer = (200, {"ok": True, "turn": "t", "messages": [{"id": "t.0", "text": "好"}]})
    with Stub(SESSION, busy, busy, answer) as stub:
        turn = asyncio.run(Remote(stub.address).say("问"))
        assert turn.messages == [{"id": "t.0", "text": "好"}]
        assert turn.seconds < 0.1
        (_, first), *_, (path, again) = stub.heard[1:]
    assert path == "/webhooks/web/message"
    assert first == again


def test_a_server_that_forgot_or_failed_is_told_in_a_sentence() -> None:
    gone = (401, {"ok": False, "status": 401, "error": "对话已失效"})
    with Stub(SESSION, gone) as stub, pytest.raises(Unreachable, match="不认得这段对话"):
        asyncio.run(Remote(stub.address).say("问"))
    with Stub(SESSION, gone, SESSION) as stub:
        remote = Remote(stub.address)
        asyncio.run(remote.reset())
        assert [path for path, _ in stub.heard] == [f"/webhooks/web/{name}" for name in ("session", "forget", "session")]
    failed = (500, {"ok": False, "status": 500, "error": "抱歉，系统出了点问题"})
    with Stub(SESSION, failed) as stub, pytest.raises(Unreachable, match="系统出了点问题"):
        asyncio.run(Remote(stub.address).say("问"))
