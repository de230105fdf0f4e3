"""One turn of a conversation, without Rasa: what was understood in, the reply and what is remembered out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions import interview
from actions.fitting import what_fits, with_marks
from actions.knowledge import asking
from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.lexicon import Mention
from actions.knowledge.matching import Assessment, Fit
from actions.knowledge.models import Policy
from actions.knowledge.profile import Profile
from actions.knowledge.query import Finding, Outcome, Query
from actions.knowledge.resolution import resolve
from actions.knowledge.sums import Sum, bare_numbers
from actions.knowledge.telling import told
from actions.replies import calculations, matching, smalltalk
from actions.replies.answers import Answers
from actions.replies.message import Reply

# (evidence of the book, how sure the classifier must be that a message is outside the job), strongest first.
SURELY_OUTSIDE = ((0.95, 0.6), (0.85, 0.75), (0.75, 0.65), (0.6, 0.4), (0.0, 0.3))
NAMES_A_RECORD = frozenset(("policy", "region", "topic", "level", "department"))
# Below this share a message is only doubtfully small talk; a call for a person is always heard.
HARDLY = 0.5


@dataclass(frozen=True)
class Memory:
    """What a conversation remembers from turn to turn."""

    focus: Focus = field(default_factory=Focus)
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True)
class Turn:
    """A reply, what is remembered after it, and whether the interview for a match begins (True) or ends (False)."""

    reply: Reply
    memory: Memory
    interview: bool | None = None


def aspect_of(intent: str) -> Aspect | None:
    """ask_amount → AMOUNT; None for intents that ask for nothing of their own."""
    name = intent.removeprefix("ask_")
    return Aspect(name) if intent.startswith("ask_") and name in Aspect._value2member_map_ else None


def query_of(message: Mapping[str, Any], focus: Focus, aspect: Aspect | None) -> Query:
    """A query from the latest message of a tracker, whose text and entities come from the NLU pipeline."""
    mentions, sums = [], []
    for entity in message.get("entities") or ():
        start, end, value = entity.get("start"), entity.get("end"), entity.get("value")
        if start is None or end is None:
            continue
        if entity["entity"] in ("sum", "area"):
            sums.append(Sum(float(value), "yuan" if entity["entity"] == "sum" else "square_metre", start, end))
        else:
            ids = tuple(value) if isinstance(value, list) else (str(value),)
            mentions.append(Mention(entity["entity"], ids, str(entity.get("text", "")), start, end))
    return Query(message.get("text") or "", aspect, tuple(mentions), tuple(sums), focus)


def answer(book: PolicyBook, today: date, message: Mapping[str, Any], memory: Memory) -> Turn:
    """The turn that answers a message on policies."""
    profile = memory.profile
    focus = replace(memory.focus, region=memory.focus.region or profile.region)  # nobody is asked for what he told
    name, confidence = intent_of(message)
    aspect = aspect_of(name)
    if name == "ask_rephrase" and focus.policies:
        query = Query(message.get("text") or "", Aspect.INTRODUCTION, focus=focus)
    elif name == "ask_more":
        query = replace(query_of(message, focus, None), more=True)
    else:
        query = _with_level_of_before(query_of(message, focus, aspect))
    own = told(book, query, asked=aspect is Aspect.MATCH)
    stated = name == "inform"
    news = told(book, query, asked=False, stated=True) if stated else own
    profile = profile.learn(book, news.region, news.yes, news.no)
    finding = resolve(book, query)
    # A number for what is in hand (改成30万) is no talk of something else.
    numbers = query.sums or bare_numbers(query.text)
    calculates = bool(numbers) and finding.aspect is Aspect.CALCULATE and finding.focus.policies == focus.policies
    tells = bool(own) and confidence < HARDLY
    doubtful = name in ("out_of_scope", "nlu_fallback") and not tells and not calculates
    if doubtful and _outside(finding, name, confidence):
        return Turn(smalltalk.decline(book), memory)
    lost = finding.outcome is Outcome.UNCLEAR or (asking.fragment(query) and not focus.policies)
    if aspect is Aspect.MATCH and asking.asks_which(query.text) and lost and not any(profile.facts.values()):
        return _interview(book, focus, profile)
    fitting, best = what_fits(book, query, finding, profile, news=news, own=own, stated=stated)
    if fitting:
        return _match(book, finding.focus, profile, fitting, best)
    reply = Answers(book, today).reply(query, finding)
    reply = with_marks(book, query, finding, profile, reply)
    return Turn(reply, Memory(_calculated(query, finding), profile))


def _with_level_of_before(query: Query) -> Query:
    """A comparison that names one level (跟市级的差多少) means it with the level spoken of before."""
    before = query.focus.levels
    if query.aspect is not Aspect.COMPARE or len(query.ids("level")) != 1 or not before or set(before) & set(query.ids("level")):
        return query
    return replace(query, mentions=(*query.mentions, Mention("level", before[:1], "", 0, 0)))


def intent_of(message: Mapping[str, Any]) -> tuple[str, float]:
    """The intent of a message and how sure it is (0 to 1)."""
    intent = message.get("intent") or {}
    return str(intent.get("name")), float(intent.get("confidence") or 0.0)


def _outside(finding: Finding, name: str, confidence: float) -> bool:
    """Whether a message is none of the assistant's business: the classifier against the evidence of the book."""
    if name == "nlu_fallback":
        return finding.evidence < 0.4
    return confidence >= next(limit for evidence, limit in SURELY_OUTSIDE if finding.evidence >= evidence)


def _calculated(query: Query, finding: Finding) -> Focus:
    """The focus with the number that the answer calculated from."""
    if finding.outcome is not Outcome.FOUND or len(finding.policies) != 1:
        return finding.focus
    base = calculations.used_base(query, finding.policies[0])
    return finding.focus.with_base(*base) if base else finding.focus


def _interview(book: PolicyBook, focus: Focus, profile: Profile) -> Turn:
    """Somebody asks what fits and has told nothing to go by: ask from the beginning."""
    profile = profile.afresh()
    return Turn(matching.begin(book, profile), Memory(focus, profile), interview=True)


def _match(book: PolicyBook, focus: Focus, profile: Profile, fitting: list[Assessment], best: Policy | None) -> Turn:
    focus, profile = interview.listed(focus, profile, fitting), profile.afresh()
    sure = [a.policy for a in fitting if a.fit is Fit.FITS and any(rule.receivable for rule in a.policy.rules)]
    best = best or (sure[0] if len(sure) == 1 else None)
    if best is not None:
        focus = focus.holding(best.id, best.topics)
    asks = interview.ask(book, profile) is not None
    return Turn(matching.matches(book, profile, fitting, last=not asks), Memory(focus, profile), asks or None)


def converse(book: PolicyBook, today: date, message: Mapping[str, Any], memory: Memory) -> Turn:
    """The turn for small talk and for what is remembered. What also names a record, or is hardly small talk, is a question."""
    name, confidence = intent_of(message)
    kinds = {entity["entity"] for entity in message.get("entities") or ()}
    if name in REMEMBERING and not kinds & {"policy", "topic", "level"}:
        return REMEMBERING[name](book, memory)
    asks = str(message.get("text") or "").endswith(("?", "吗"))
    doubtful = bool(memory.focus.policies) and (confidence < HARDLY or asks or kinds & {"sum", "attribute"})
    if kinds & NAMES_A_RECORD or (doubtful and name != "ask_human"):
        return answer(book, today, {**message, "intent": {"name": "inform", "confidence": 1.0}}, memory)
    return Turn(smalltalk.TALK.get(name, smalltalk.greet)(book), memory)


def _start_over(book: PolicyBook, memory: Memory) -> Turn:
    return Turn(smalltalk.start_over(book), Memory(), interview=False)


def _show_profile(book: PolicyBook, memory: Memory) -> Turn:
    return Turn(matching.profile_reply(book, memory.profile), memory)


def _forget_profile(book: PolicyBook, memory: Memory) -> Turn:
    return Turn(matching.forgotten(), replace(memory, profile=Profile()), interview=False)


REMEMBERING = {"start_over": _start_over, "show_profile": _show_profile, "forget_profile": _forget_profile}
