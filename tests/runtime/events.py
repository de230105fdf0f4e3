"""Conversations of all kinds of events, made up by chance but the same each time."""

from __future__ import annotations

import random
from collections.abc import Callable

from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)

INTENTS = ("ask_amount", "ask_department", "greet", "thank", "ask_match", "nlu_fallback")
ACTIONS = ("action_answer", "action_converse", "match_form", "action_match_result")


def begin() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def user(chance: random.Random) -> list[Event]:
    intent, text = chance.choice(INTENTS), f"问题{chance.randrange(1000)}"
    entities = [{"entity": "region", "value": ["laoshan"], "start": 0, "end": 2}] if chance.random() < 0.3 else []
    name = {"name": intent, "confidence": chance.random()}
    parsed = {"text": text, "intent": name, "entities": entities, "text_tokens": [[0, 2]]}
    heard = UserUttered(text, name, entities, parsed, input_channel="rest", message_id="m")
    return [heard, *([DefinePrevUserUtteredFeaturization(False)] if chance.random() < 0.9 else [])]


def act(chance: random.Random) -> list[Event]:
    name = chance.choice(ACTIONS)
    done: list[Event] = [ActionExecuted(name, "RulePolicy", 1.0, hide_rule_turn=chance.random() < 0.6)]
    done.append(BotUttered("答", {"custom": {"kind": "answer"}}))
    done += [SlotSet("focus", {"policies": [str(chance.randrange(9))]}), SlotSet("failures", 0)]
    if name == "match_form":
        done.append(chance.choice((ActiveLoop("match_form"), ActiveLoop(None), SlotSet("requested_slot", "match_answer"))))
    return done


def listen(chance: random.Random) -> list[Event]:
    return [ActionExecuted("action_listen", "RulePolicy", 1.0, hide_rule_turn=chance.random() < 0.6)]


# The usual turn is by far the most frequent; what is rare in life is not rare here.
STEPS: list[tuple[int, Callable[[random.Random], list[Event]]]] = [
    (40, lambda chance: user(chance) + act(chance) + listen(chance)),
    (6, lambda chance: user(chance) + act(chance) + act(chance) + listen(chance)),
    (4, lambda chance: user(chance) + act(chance) + [FollowupAction("match_form")]),
    (3, lambda chance: [ActionExecutionRejected("match_form")]),
    (3, lambda chance: [LoopInterrupted(chance.random() < 0.5)]),
    (2, lambda chance: [ActionReverted()]),
    (2, lambda chance: [UserUtteranceReverted()]),
    (1, lambda chance: [AllSlotsReset()]),
    (1, lambda chance: [ConversationPaused(), ConversationResumed()]),
    (1, lambda chance: [Restarted()]),
    (1, lambda chance: begin()),
]


def conversation(seed: int, steps: int) -> list[list[Event]]:
    """Steps of events, the first of which begins a session."""
    chance = random.Random(seed)
    makers = chance.choices([maker for _, maker in STEPS], [weight for weight, _ in STEPS], k=steps)
    return [begin(), *(maker(chance) for maker in makers)]
