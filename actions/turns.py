"""One turn of a conversation, without Rasa: what was understood in, the reply and what is remembered out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from actions import interview, several
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
from actions.knowledge.reading import entities
from actions.knowledge.resolution import resolve
from actions.knowledge.sums import bare_numbers
from actions.knowledge.telling import told
from actions.replies import calculations, choices, matching, smalltalk
from actions.replies.answers import Answers
from actions.replies.message import Reply
from actions.understanding import Message, aspect_of, gist, intent_of, query_of

# How sure the classifier must be that a message is outside the job, by what of the book speaks against it:
# (evidence, limit), the strongest first. Held by data/evaluation/development and tests/conversations.
NAMED = ((0.95, 0.95),)  # a policy by its name
IN_HAND = ((0.55, 0.97),)  # what was spoken of before
PLACED = ((0.82, 0.985), (0.55, 0.8), (0.0, 0.6))  # a place
UNPLACED = ((0.55, 0.45), (0.0, 0.3))  # nothing but words that stand in records
NAMES_A_RECORD = frozenset(("policy", "region", "topic", "level", "department"))
# Replies that help nobody; after so many in a row people are named.
UNHELPFUL = frozenset(("decline", "nothing", "unclear"))
PATIENCE = 2
# A message so surely outside the job is not looked through for names that it comes near.
CERTAIN = 0.97
# Below this share a message is only doubtfully small talk; a call for a person is always heard.
HARDLY = 0.5


@dataclass(frozen=True)
class Memory:
    """What a conversation remembers from turn to turn."""

    focus: Focus = field(default_factory=Focus)
    profile: Profile = field(default_factory=Profile)
    failures: int = 0  # how many replies in a row were of no help
    offered: Mapping[str, Any] | None = None  # the message of the last 您是想问…吗


@dataclass(frozen=True)
class Turn:
    """A reply, what is remembered after it, and whether the interview for a match begins (True) or ends (False)."""

    reply: Reply
    memory: Memory
    interview: bool | None = None


def answer(book: PolicyBook, today: date, message: Message, memory: Memory) -> Turn:
    """The turn that answers a message on policies; several questions are answered one by one."""
    turn = _several(book, today, several.questions_of(message), memory) or _answer(book, today, message, memory)
    if turn.reply.custom["type"] in UNHELPFUL:
        turn = _guessed(book, today, message, memory) or turn
    return _counted(book, turn, memory)


def _guessed(book: PolicyBook, today: date, message: Message, memory: Memory) -> Turn | None:
    """Asks whether a message that leads nowhere means a name that it comes near; None where that leads nowhere either."""
    name, confidence = intent_of(message)
    meant = book.guesses.guess(message["text"]) if name != "out_of_scope" or confidence < CERTAIN else None
    if meant is None:
        return None
    intent = message["intent"] if aspect_of(name) else {"name": "inform", "confidence": 1.0}
    offered = {"text": meant, "intent": intent, "entities": entities(book, meant)}
    if not _answer(book, today, offered, memory).reply.custom["policies"]:
        return None
    return Turn(choices.confirm(meant), replace(memory, offered=offered))


def _several(book: PolicyBook, today: date, messages: list[dict[str, Any]], memory: Memory) -> Turn | None:
    """The answers to several questions as one; None where one of them alone is no question for the book."""
    replies = []
    for message in messages:
        turn = _answer(book, today, message, memory)
        if turn.interview is not None or turn.reply.custom["type"] in several.FAILED:
            return None
        replies.append(turn.reply)
        memory = turn.memory
    return Turn(several.joined(replies), memory) if replies else None


def _counted(book: PolicyBook, turn: Turn, before: Memory) -> Turn:
    """The turn with the number of failures in a row; from the second on the reply shows the way to people."""
    failed = turn.reply.custom["type"] in UNHELPFUL
    offered = turn.memory.offered if turn.reply.custom["type"] == "confirm" else None
    memory = replace(turn.memory, failures=before.failures + 1 if failed else 0, offered=offered)
    if memory.failures < PATIENCE:
        return replace(turn, memory=memory)
    people = smalltalk.people(book, memory.focus.region or memory.profile.region)
    return replace(turn, reply=replace(turn.reply, text=f"{turn.reply.text}\n{people}"), memory=memory)


def _resolved(book: PolicyBook, query: Query) -> Finding:
    """The finding of a query; of a story its questions count first, and all of it where these say too little."""
    asked = gist(query)
    if asked is None:
        return resolve(book, query)
    finding = resolve(book, asked)
    if finding.outcome in (Outcome.FOUND, Outcome.LISTED):
        return finding
    whole = resolve(book, query)
    return whole if whole.outcome is Outcome.FOUND else finding


def _answer(book: PolicyBook, today: date, message: Message, memory: Memory) -> Turn:
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
    finding = _resolved(book, query)
    # A number for what is in hand (改成30万) is no talk of something else.
    numbers = query.sums or bare_numbers(query.text)
    calculates = bool(numbers) and finding.aspect is Aspect.CALCULATE and finding.focus.policies == focus.policies
    tells = bool(own) and confidence < HARDLY
    doubtful = name in ("out_of_scope", "nlu_fallback") and not tells and not calculates
    if doubtful and _outside(query, finding, name, confidence):
        return Turn(smalltalk.decline(book), memory)
    lost = finding.outcome is Outcome.UNCLEAR or (asking.fragment(query) and not focus.policies)
    if aspect is Aspect.MATCH and asking.asks_which(query.text) and lost and not any(profile.facts.values()):
        return _interview(book, focus, profile)
    fitting, best = what_fits(book, query, finding, profile, news=news, own=own, stated=stated)
    if fitting:
        return _match(book, finding.focus, profile, fitting, best)
    reply = Answers(book, today).reply(query, finding)
    reply = with_marks(book, query, finding, profile, reply)
    return Turn(reply, replace(memory, focus=_calculated(query, finding), profile=profile))


def _with_level_of_before(query: Query) -> Query:
    """A comparison that names one level (跟市级的差多少) means it with the level spoken of before."""
    before = query.focus.levels
    if query.aspect is not Aspect.COMPARE or len(query.ids("level")) != 1 or not before or set(before) & set(query.ids("level")):
        return query
    return replace(query, mentions=(*query.mentions, Mention("level", before[:1], "", 0, 0)))


def _outside(query: Query, finding: Finding, name: str, confidence: float) -> bool:
    """Whether a message is none of the assistant's business: the classifier against the evidence of the book."""
    if name == "nlu_fallback":
        return finding.evidence < 0.4
    remembered = {policy.id for policy in finding.policies} & {*query.focus.policies, *query.focus.recent}
    placed = query.ids("region") or query.ids("department")
    limits = (*NAMED, *(IN_HAND if remembered else ()), *(PLACED if placed else UNPLACED))
    return confidence >= next(limit for evidence, limit in limits if finding.evidence >= evidence)


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
    sure = [a.policy for a in fitting if a.fit is Fit.FITS and a.policy.receivable]
    best = best or (sure[0] if len(sure) == 1 else None)
    if best is not None:
        focus = focus.holding(best.id, best.topics)
    asks = interview.ask(book, profile) is not None
    return Turn(matching.matches(book, profile, fitting, last=not asks), Memory(focus, profile), asks or None)


def converse(book: PolicyBook, today: date, message: Message, memory: Memory) -> Turn:
    """The turn for small talk and for what is remembered. What also names a record, or is hardly small talk, is a question."""
    name, confidence = intent_of(message)
    kinds = {entity["entity"] for entity in message.get("entities") or ()}
    if name == "affirm" and memory.offered:
        return answer(book, today, memory.offered, memory)
    memory = replace(memory, offered=None)
    if name in REMEMBERING and not kinds & {"policy", "topic", "level"}:
        return REMEMBERING[name](book, memory)
    asks = str(message.get("text") or "").endswith(("?", "吗", "呢"))
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
