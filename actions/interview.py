"""The interview behind the matching form, without Rasa: is a message an answer, what to ask next, what came out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.knowledge.aspect import Aspect
from actions.knowledge.book import PolicyBook
from actions.knowledge.focus import Focus
from actions.knowledge.lexicon import squeeze
from actions.knowledge.matching import Assessment, Fit, assess, candidates, next_question
from actions.knowledge.profile import REGION, Profile
from actions.knowledge.query import Query
from actions.knowledge.telling import asks as asks_something
from actions.knowledge.telling import told
from actions.replies import matching, parts
from actions.replies.message import Reply

_TAIL = "(的|滴|呢|吧|啊|呀|了|哦|呗|嘞|哈|一个)?"
_LEAD = "嗯|恩|哎|哦|噢|额|呃|那|对|我们?|咱们?|俺们?|公司|这个|目前|现在|暂时|当然|肯定|确实|其实|一直|已经|早就|都|也"
_SO = "是|对头|对|有|在|算是|算|属于|符合|没错|确实|当然|肯定|必须|需要|要|想|yes|yep|yeah|y|shide|shi|duide|dui|youde|you"
_NOT_SO = (
    "不是|不对|不算|不在|不属于|不符合|不需要|不要|不用|不想|不|没有|没得|没|木有|冇|否|从来没有?|根本没有?|根本不是"
    "|nope|no|n|bushi|bu|meiyou|mei"
)
_YES = re.compile(f"({_LEAD})*(({_SO}){_TAIL})+|嗯+呐?|恩+|en+")
_NO = re.compile(f"({_LEAD}|还|并|真)*(({_NOT_SO}){_TAIL})+")
_UNSURE = re.compile(
    "不清楚|不知道|不确定|不一定|说不准|说不好|拿不准|吃不准|不好说|没了解|不了解|没听说|没听过|跳过|不太清楚|不懂|不晓得|忘了|忘记"
    "|记不清|记不得|搞不清|不想说|不告诉|下一个|随便|buqingchu|buzhidao|^pass"
    "|^(我们)?(应该|大概|可能|也许|好像|或许)(不?是|没?有|没|不?算|不|不?在)?(吧|的)*$"
)
_END = (
    "算了|不问了|不匹配了|别匹配了?|停止|取消|退出|结束|停|不用再?问了|别再?问了?|不想答了|不想继续了?|不弄了|不玩了|不填了"
    "|到此为止|够了|quit|stop|exit|suanle"
)
_STOP = re.compile(f"[哎呀唉嗯好那就先还是我们请给]*(({_END})(吧|了|啊|呀|匹配|提问|对照|继续|这个)*)+")
# How a question begins: the first, the next, and one that was passed over.
FIRST, NEXT, AGAIN = "为了对得更准，先确认一件事", "好的，再确认一件事", "接着刚才的问题"
# What is never an answer to the interview's question.
ASIDES = frozenset(("start_over", "show_profile", "forget_profile", "greet", "goodbye", "thank", "ask_human", "complain"))
MOST_ANSWER, MOST_SHORT, MOST_SAID, MOST_PLACES = 40, 12, 3, 8


def stops(text: str) -> bool:
    """Whether a text ends the interview: 算了, 不问了."""
    squeezed = squeeze(text)[0]
    return len(squeezed) <= MOST_SHORT and bool(_STOP.fullmatch(squeezed))


def heard(book: PolicyBook, query: Query, intent: Mapping[str, Any], profile: Profile) -> Profile | None:
    """The profile after an answer to the pending question; None where the message is something else."""
    fact, text = profile.pending, squeeze(query.text)[0]
    name, sure = str(intent.get("name")), float(intent.get("confidence") or 0.0) >= 0.5
    if fact is None or (name in ASIDES and sure):
        return None
    short = fact != REGION and len(text) <= MOST_SHORT
    if short and _YES.fullmatch(text):
        return profile.learn(book, yes=[fact])
    if short and _NO.fullmatch(text):
        return profile.learn(book, no=[fact])
    if (name == "unsure" and sure) or (len(text) <= 15 and _UNSURE.search(text)):
        return profile.declining()
    asks = (name.startswith("ask_") and sure) or asks_something(query.text)
    if asks or query.ids("policy") or query.ids("level") or len(text) > MOST_ANSWER:
        return None
    news = told(book, query, asked=True)
    learnt = profile.learn(book, news.region, news.yes, news.no)
    # Whoever tells more than was asked begins the matching anew, with all of it.
    more = set(news.yes) - {fact, *profile.facts} if fact != REGION else set(news.yes)
    answers = news.region is not None if fact == REGION else learnt.knows(fact)
    return learnt if answers and not more else None


def ask(book: PolicyBook, profile: Profile) -> tuple[Reply, Profile] | None:
    """The next question with the profile after it; the pending one again where it was interrupted; None at the end."""
    fact, opening = profile.pending, AGAIN
    if fact is None:
        fact, opening = next_question(book, profile), NEXT if profile.asked else FIRST
        if fact is None:
            return None
        profile = profile.asking(fact)
    return matching.question(book, fact, places(book) if fact == REGION else (), opening), profile


def decided(book: PolicyBook, before: Profile, after: Profile) -> str:
    """What an answer decides, in one line: the policies that now fit for sure, or no longer; empty where none does."""
    old = {a.policy.id: a.fit for a in candidates(book, before)}
    new = {id: assess(book, book.policies[id], after).fit for id in old}
    said = []
    for fit, word in ((Fit.FITS, "符合"), (Fit.NOT, "不符合")):
        names = [parts.label(book.policies[id]) for id in old if new[id] is fit and old[id] is not fit]
        said += [f"这样“{'”“'.join(names[:MOST_SAID])}”：{word}。"] if names else []
    return "".join(said)


def places(book: PolicyBook) -> list[str]:
    """The regions that have something to match, those with most first."""
    return list(book.matched[:MOST_PLACES])


def listed(focus: Focus, profile: Profile, found: Sequence[Assessment]) -> Focus:
    """The focus on a list of candidates."""
    ids = tuple(assessment.policy.id for assessment in found)
    return focus.listing(ids, shown=matching.SHOWN, region=profile.region, topics=(), aspect=Aspect.MATCH)


def result(book: PolicyBook, focus: Focus, profile: Profile) -> tuple[Reply, Focus]:
    """What fits, after all that was told, and the focus on that list."""
    found = candidates(book, profile)
    return matching.matches(book, profile, found, last=True), listed(focus, profile, found)
