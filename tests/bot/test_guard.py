"""Messages of public channels: what passes, what is refused, what is defused."""

from __future__ import annotations

import pytest

from bot.channels.guard import RateLimiter, RefusedError, guarded_sender, guarded_text


@pytest.mark.parametrize(
    ("typed", "passed"),
    [
        ("高新贷利率", "高新贷利率"),
        ("  高新贷利率\n", "高新贷利率"),
        ("/restart", "／restart"),
        ('/ask_amount{"policy": "x"}', '／ask_amount{"policy": "x"}'),
        (" //restart", "／/restart"),
        ("／restart", "／restart"),
        ("\ufeff/restart", "／restart"),
        ("/", "／"),
        ("补贴/奖励", "补贴/奖励"),  # only a leading slash commands
        ("啊" * 4000, "啊" * 4000),
        (" " + "啊" * 4000 + " ", "啊" * 4000),
    ],
)
def test_text_is_passed_without_commands(typed: str, passed: str) -> None:
    assert guarded_text(typed) == passed


@pytest.mark.parametrize("typed", ["/restart", "／restart", "//greet", " /ask_amount", "/greet{}", "\u200b/greet", "<b>/greet"])
def test_no_command_is_left_when_the_text_has_been_read(typed: str) -> None:
    """Rasa looks for commands after the pipeline, which makes full-width letters plain ones."""
    pytest.importorskip("rasa")
    from rasa.engine.storage.resource import Resource
    from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
    from rasa.shared.nlu.constants import INTENT, TEXT
    from rasa.shared.nlu.training_data.message import Message

    from bot.nlu.normalizer import TextNormalizer

    (read,) = TextNormalizer(None, Resource("unused"), {}).process([Message({TEXT: guarded_text(typed)})])
    assert YAMLStoryReader.unpack_regex_message(read).get(INTENT) is None


@pytest.mark.parametrize(("typed", "status"), [(None, 400), (3, 400), ("", 400), ("  ", 400), ("啊" * 4001, 413)])
def test_text_is_refused(typed: object, status: int) -> None:
    with pytest.raises(RefusedError) as refusal:
        guarded_text(typed)
    assert refusal.value.status == status


@pytest.mark.parametrize("sender", ["default", "score-c-001a-1f2e3d4c", "wx.o9AgO5Kd5ggOC-bXrbNODIiE3bGY", "a@b:1"])
def test_sender_is_passed(sender: str) -> None:
    assert guarded_sender(sender) == sender


@pytest.mark.parametrize("sender", [None, 7, "", "a b", "../x", "名字", "x" * 129, "a\n"])
def test_sender_is_refused(sender: object) -> None:
    with pytest.raises(RefusedError):
        guarded_sender(sender)


def test_rate_limit_lets_a_burst_pass_and_recovers() -> None:
    now = [0.0]
    limiter = RateLimiter(3, 6, clock=lambda: now[0])
    for _ in range(3):
        limiter.check("one")
    with pytest.raises(RefusedError) as refusal:
        limiter.check("one")
    assert refusal.value.status == 429
    limiter.check("another")
    now[0] = 2.1
    limiter.check("one")
    with pytest.raises(RefusedError):
        limiter.check("one")


def test_rate_limiter_forgets_the_oldest_keys() -> None:
    limiter = RateLimiter(1, 1000, clock=lambda: 0.0, keys=2)
    for key in ("a", "b", "c"):
        limiter.check(key)
    limiter.check("a")  # forgotten, so it may speak again
    with pytest.raises(RefusedError):
        limiter.check("c")
