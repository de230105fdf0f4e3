"""What people tell of their company in passing: 我们是崂山的小微企业，刚认定高企."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from actions.knowledge import asking
from actions.knowledge.lexicon import Mention
from actions.knowledge.query import Query

if TYPE_CHECKING:
    from actions.knowledge.book import PolicyBook

_CLAUSES = re.compile("[^，。；！？、,;!?]+")
_VERB = "是|为|在|属|注册|刚|新|做|搞|缺|想|要|准备|打算|有|没|不|目前|现在|今年|去年"
_SELF = re.compile(
    f"我|咱|俺|本(公司|企业|单位|店|厂)|敝司|作为|身为|注册[在地]|^(公司|企业|单位|厂里?|店里?)({_VERB})|厂子|自己|家里|名下"
)
# 我国 and 咱们市 are not the asker's company, nor is a friend's.
_OTHERS = re.compile(
    "我国|(我|我们|咱|咱们)(省(?!级)|市(?![级北南场])|区(?!级)|县|镇|这(里|边|儿)?[的有])"
    "|(?<![和跟与])朋友|别人|(别的|其他|他们)(公司|企业)|隔壁|同行"
)
_ASKS = re.compile(
    "(?<!没)什么|哪|吗|(?<![这那什])么|多少|几([万成折天点号时]|.*[?？呢]$)|怎|咋|啥|谁|能不能|能否|是否|有没有|是不是|算不算"
    "|可不可以|可以.*不$|能.*不$|呢$|[?？]"
)
# 我想问高企的奖励 tells nothing of the asker; 我想申请小微贷款 is no word on what he is.
_INFORMS = re.compile(
    "(?<!顾)问(?!题)|(?<!不)了解|知道|晓得|(给我|帮我)介绍|介绍(一?下|介绍)|讲讲|讲一?下|说说|说的是|查(一?下|查|看)"
    "|看看|看一?下|[想要]看|看到|看见|听说|告诉|比较(?=.*[和与跟])|关心|关注|咨询(?!公司|企业|机构|服务)|感兴趣|搞清|弄清"
)
_APPLIES = re.compile("申请|申报|享受|[能想]拿|领取|领到|兑现")
_BECOMES = "成为|变成|评|认定|申报|申请|升|冲|拿|创|转"
_STRIVES = re.compile(f"((想|(?<!主)要|快|希望)[^是]{{0,3}}({_BECOMES})|申报|冲刺|争取|准备|打算|计划|正在|努力)[^是]{{0,4}}$")
_DEALS_WITH = re.compile("(招|引进|聘|请[了来过]|想请|缺|培养|供应|卖|对接|服务|面向|跟|与|和|找|给|向|帮)[^是，]{0,6}$")
_TOGETHER = re.compile("合作|提供|服务|打交道|签|共建")
_NOUN = re.compile(
    "(的|类|型)?(认定|相关|有关|专项)?(政策|奖|补贴|补助|扶持|支持|优惠|贷(?!款难)|条件|标准|材料|流程|待遇|资金|门槛|好处|名单)"
)
_IS = re.compile("(是|属于|算|作为)(一?[家个名位])?([^，是]{0,6}的)?$")
_AM = re.compile("(是|属于|算|作为|身为)[^，是]{0,6}$")
_TAIL = re.compile("(的|了|吗|么|呢|吧|啊|呀|不|[?？])*")
_DOUBTS = re.compile("(是不是|是否|算不算|有没有|在不在|属不属于)[^，。；]{0,5}$")
_NOT = re.compile(
    "((?<!是)不是|(?<!算)不算|不属于|(?<!在)不在|(?<!有)没有|没|并非|非(?![常公])|未(?!来)|无|还不|不做|不搞|不用|不需要|不想|不打算)"
    "[^，。；是但而]{0,5}$|不$"
)
_UNDONE = re.compile(".{0,4}((还没|没|未)有?(批|拿|认定|通过|评|办|下来|过)|过期|失效|到期|被取消|被撤|算不上|谈不上)")
_LEFT = re.compile("(从|由|离开)[^，]{0,2}$")
# What one is oneself; 招博士 and 服务小微企业 speak of others.
_STATES = ("size", "qualification")


@dataclass(frozen=True)
class Told:
    """The place and the facts that a text tells: what is so, and what is not."""

    region: str | None = None
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Whether anything is told."""
        return bool(self.region or self.yes or self.no)


@dataclass(frozen=True)
class _Clause:
    """A clause with what it mentions; `free` where every clause tells, else only what it says of the asker counts."""

    text: str
    mentions: tuple[Mention, ...]  # placed within the clause
    free: bool
    listed: bool  # goes on with an enumeration (不是高企、专精特新)

    def states(self, start: int, end: int) -> bool:
        """Whether the words [start, end) are told, not asked for: the question comes after them, and asks for more."""
        if _DOUBTS.search(self.text[:start]):
            return False
        if self.free:
            return not (_IS.search(self.text, 0, start) and _ASKS.search(self.text, end) and _TAIL.fullmatch(self.text, end))
        if _INFORMS.search(self.text, 0, end) or _APPLIES.search(self.text, 0, start):
            return False
        question = _ASKS.search(self.text)
        return question is None or (question.start() >= end and not _TAIL.fullmatch(self.text, end))


def asks(text: str) -> bool:
    """Whether a text asks something, by its words."""
    return bool(_ASKS.search(text))


def told(book: PolicyBook, query: Query, *, asked: bool, stated: bool = False) -> Told:
    """What a text tells of the asker's company.

    `asked`: it answers a question for facts, or asks what fits the company; then every clause tells, otherwise only
    those that speak of the asker, go on from one that does, or state the asker's place. `stated`: it is a statement;
    then its other clauses tell what happened (刚认定高企), but a bare name in them (孵化器，崂山的) tells nothing.
    """
    yes: dict[str, None] = {}
    no: dict[str, None] = {}
    region: str | None = None
    negated = False
    for clause in _clauses(query, asked, stated):
        inherits, negated = clause.listed and negated, False
        for id, start, end in _spoken(book, clause):
            negated = _denied(clause.text, start, end) or (inherits and start == 0)
            (no if negated else yes)[id] = None
        for mention in clause.mentions:
            before = clause.text[: mention.start]
            if mention.kind != "region" or _NOT.search(before) or _LEFT.search(before):
                continue
            if clause.states(mention.start, mention.end) and (region is None or region in book.around(mention.ids[0])):
                region = mention.ids[0]
    if asked:  # what happened may be told over several clauses: 还建了个重点实验室，上个月新批的
        for id, start, end in book.sayings.find(query.text):
            if id not in no and not _denied(query.text, start, end) and not _DOUBTS.search(query.text[:start]):
                yes[id] = None
    return Told(region, tuple(yes), tuple(id for id in no if id not in yes))


def _clauses(query: Query, asked: bool, stated: bool) -> Iterator[_Clause]:
    """The clauses that speak of the asker; one that asks nothing goes on from one that does."""
    own = asking.tells_own_place(query.text)
    goes_on = False
    for match in _CLAUSES.finditer(query.text):
        text, start, end = match[0], match.start(), match.end()
        heard = text + ("?" if query.text[end : end + 1] == "?" else "")
        goes_on = not _OTHERS.search(text) and (bool(_SELF.search(text)) or ((goes_on or own) and not asks(heard)))
        if asked or goes_on or stated:
            inside = tuple(
                Mention(m.kind, m.ids, m.text, m.start - start, m.end - start)
                for m in query.mentions
                if start <= m.start and m.end <= end and (asked or goes_on)
            )
            listed = query.text[start - 1 : start] == "、"
            yield _Clause(heard, inside, asked, listed)


def _spoken(book: PolicyBook, clause: _Clause) -> Iterator[tuple[str, int, int]]:
    """(fact, start, end) for every fact that a clause tells, so or not."""
    for id, start, end in book.sayings.find(clause.text):
        if clause.states(start, end):
            yield id, start, end
    for mention in clause.mentions:
        if mention.kind == "audience" and _of_asker(book, clause, mention) and clause.states(mention.start, mention.end):
            for id in mention.ids:
                if id in book.facts:
                    yield id, mention.start, mention.end


def _of_asker(book: PolicyBook, clause: _Clause, mention: Mention) -> bool:
    """Whether an audience is what the asker is, not whom he deals with, wants to become or asks a policy of."""
    before, after = clause.text[: mention.start], clause.text[mention.end :]
    if all(book.facts[id].facet == "people" for id in mention.ids if id in book.facts):
        return bool(_AM.search(before))  # 员工三十人 and 引进博士 are not what the asker is
    deals = _DEALS_WITH.search(before)
    if deals and (_TOGETHER.search(after) if deals[1] in "跟与和" else not (clause.free and deals[1] in "找给向帮")):
        return False
    if any(book.facts[id].facet in _STATES for id in mention.ids if id in book.facts) and _STRIVES.search(before):
        return False
    return clause.free or bool(_IS.search(before)) or not _NOUN.match(after)


def _denied(text: str, start: int, end: int) -> bool:
    return bool(_NOT.search(text[:start]) or _UNDONE.match(text[end:]))
