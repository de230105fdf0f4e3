"""The finished assistant asked what is none of its business: each utterance as a new conversation."""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any

from rasa.core.agent import Agent

from benchmarks.massive import kinds
from benchmarks.massive.corpus import Utterance
from benchmarks.massive.figures import percent
from bot.conversation import Conversation, load_agent

TOLD_EVERY = 500


def ask(utterances: Sequence[Utterance]) -> dict[str, Any]:
    """How many utterances get which kind of answer, and those that get one from the policy book."""
    return asyncio.run(_ask(load_agent(), utterances))


async def _ask(agent: Agent, utterances: Sequence[Utterance]) -> dict[str, Any]:
    counts: Counter[str] = Counter()
    answered, offered, clocks = [], [], []
    for number, utterance in enumerate(utterances, 1):
        began = time.perf_counter()
        messages = await Conversation(agent).say(utterance.text)
        clocks.append(1000 * (time.perf_counter() - began))
        kind = kinds.kind_of(messages)
        counts[kind] += 1
        if kind in kinds.ANSWERS:
            answered.append({**_asked(utterance, kind, messages), **await _understood(agent, utterance.text)})
        elif kinds.mentioned(messages):
            offered.append({"text": utterance.text, "kind": kind, "policies": kinds.mentioned(messages)})
        if number % TOLD_EVERY == 0:
            print(f"  已问 {number} 句，其中 {len(answered)} 句得到政策回答", file=sys.stderr, flush=True)
    return {
        "asked": len(utterances),
        "policy_answers": len(answered),
        "policy_answers_percent": percent(len(answered) / len(utterances)),
        "kinds": {kind: counts[kind] for kind in kinds.NAMES},
        "policies_offered": len(offered),
        "turn_ms_p50": round(statistics.median(clocks), 1),
        "answered": answered,
        "offered": offered,
    }


def _asked(utterance: Utterance, kind: str, messages: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """An utterance with what was answered."""
    data = kinds.data_of(messages)
    return {
        "id": utterance.id,
        "text": utterance.text,
        "massive_intent": utterance.intent,
        "kind": kind,
        "types": [found.get("type") for found in data],
        "policies": [policy["id"] for found in data for policy in found.get("policies") or ()],
        "says": next((str(message["text"]).split("\n", 1)[0] for message in messages if message.get("text")), ""),
    }


async def _understood(agent: Agent, text: str) -> dict[str, Any]:
    """What the NLU makes of a text: where a developer looks for the reason of an answer."""
    parsed = await agent.parse_message(text)
    return {
        "read": parsed["text"],
        "intent": parsed["intent"]["name"],
        "confidence": round(float(parsed["intent"]["confidence"]), 3),
        "entities": [{key: entity[key] for key in ("entity", "text", "value")} for entity in parsed["entities"]],
    }
