"""From a query to the policies it is about. Deterministic: the same query and focus give the same finding."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from actions.knowledge.book import PolicyBook, usefulness
from actions.knowledge.lexicon import Mention, squeeze
from actions.knowledge.models import Policy, Status
from actions.knowledge.query import Aspect, Finding, Focus, Outcome, Query
from actions.knowledge.search import policy_texts
from actions.knowledge.text import features, fold

# Words of asking, which say nothing of what is asked about.
_ASKING = re.compile(
    "请问|您好|你好|我想|想问|问一下|咨询|了解|一下|介绍|讲讲|说说|告诉|帮我|麻烦|能不能|可不可以|可以|是不是|有没有|怎么回事|是什么|什么|怎么样|怎么"
    "|怎样|如何|多少钱|多少|几个|哪些|哪个|哪里|哪|啥|咋|吗|呢|吧|呀|啊|哦|的话|这个|那个|这|那|我们|咱们|咱|俺|我|你们|你|您|他们|公司|企业|单位|老板|一家|一个"
    "|那边|这边|刚刚|其中|里头|里面|行吧|好吧|就说|说的|算了|正事|给|能|要|想|有|是|在|了|的|和|跟|与|对|被|把|就|都|也|还|不|没|到底|具体|请|谢谢|对了|刚才|回到|说回|来着|区里|市里|政府"
    "|补贴|奖励|补助|政策|支持|扶持|钱|拿|领|申请|申报|办理|办|享受|符合|条件|标准|部门|电话|材料|时间|流程|依据"
)
# The asker's own place, as against a place whose policies are asked for.
_OWN_PLACE = re.compile(
    "(公司|企业|厂|店|注册|我们?|咱们?|俺)(是|就|都|注册)?在|的话|能(办|享受|申请|领|用|拿)|行不行|可不可以|可以(办|享受|申请|吗)"
)
_CHANGE = re.compile("换成|换到|换")
_BACK = re.compile("说回|回到|刚才|那个|前面|上面|之前")
_ASKS = re.compile("[吗呢么不没吧?]$|哪|谁|几|多|啥|什么|怎|咋|能|会")
_FOLLOW_UP = 10

# Words that put two things side by side, and the aspects for which two answers make sense.
_JOINED = re.compile("和|跟|与|、|还是|又|以及|分别|比")
_JOINABLE = (Aspect.AMOUNT, Aspect.COMPARE, Aspect.CONDITIONS, Aspect.DETAIL, Aspect.CALCULATE)

# Evidence in the units of Index scores; set on held-out questions (docs/理解与检索.md).
NAMED, TOPIC, AUDIENCE, LEVEL, SUM = 40.0, 9.0, 3.0, 4.0, 10.0
IN_HAND, RECENT, SAME_PLACE = 18.0, 8.0, 8.0
ENOUGH_SCORE, ENOUGH_COVERAGE = 22.0, 0.30
GOES_ON = 0.25


@dataclass(frozen=True)
class _Candidate:
    policy: Policy
    score: float
    coverage: float
    named: bool
    topical: bool
    figured: bool = False  # a sum in the question stands in its record

    @property
    def enough(self) -> bool:
        backed = self.coverage >= ENOUGH_COVERAGE or self.topical or self.figured
        return self.named or (self.score >= ENOUGH_SCORE and backed)


def resolve(book: PolicyBook, query: Query) -> Finding:
    """Find what the query is about."""
    return _Resolution(book, query).finding()


class _Resolution:
    def __init__(self, book: PolicyBook, query: Query):
        self.book, self.query, self.focus = book, query, query.focus
        self.topics = query.ids("topic")
        self.regions = self._regions()
        self.aspect = query.aspect or query.focus.aspect or Aspect.INTRODUCTION
        self.residue = self._residue()
        self.fragment = not features(self.residue)

    # -- what the question says --

    def _regions(self) -> tuple[str, ...]:
        """The places named, without one that contains another of them."""
        named = self.query.ids("region")
        around = {outer for region in named for outer in self.book.around(region)}
        return tuple(region for region in named if region not in around)

    def _residue(self) -> str:
        """The question without places, levels, sums and words of asking: what it is about."""
        text = list(self.query.text)
        spans = [(m.start, m.end) for m in self.query.mentions if m.kind in ("region", "level", "attribute")]
        spans += [(s.start, s.end) for s in self.query.sums]
        for start, end in spans:
            text[start:end] = " " * (end - start)
        return " ".join(_ASKING.sub(" ", fold("".join(text))).split())

    def _inside(self, policy: Policy, strict: bool = False) -> bool:
        """Whether a policy belongs to a place named in the question (or holds for it, being of a larger place)."""
        if not self.regions:
            return True
        if any(policy.region in self.book.places(region) for region in self.regions):
            return True
        return not strict and any(policy.region in self.book.around(region) for region in self.regions)

    # -- candidates --

    def _named(self) -> list[list[Policy]]:
        """The policies that the question names, one list for every name."""
        groups = []
        for mention in self.query.mentions:
            if mention.kind == "policy":
                groups.append([self.book.policies[id] for id in mention.ids if id in self.book.policies])
        return [group for group in groups if group]

    def _candidates(self, region: str | None = None) -> list[_Candidate]:
        text = self.residue
        hits = {hit.policy: hit for hit in self.book.index.search(text)}
        named: dict[str, float] = {}
        for mention in self.query.mentions:
            if mention.kind == "policy":
                for id in mention.ids:
                    weight = NAMED + 2 * min(len(mention.text), 12)
                    named[id] = max(named.get(id, 0.0), weight if not self._is_topic(mention) else TOPIC * 2)
        found = []
        for policy in self.book.policies.values():
            if region is not None:
                if policy.region not in self.book.places(region):
                    continue
            elif not self._inside(policy, strict=True):
                continue
            hit = hits.get(policy.id)
            score = (hit.score if hit else 0.0) + named.get(policy.id, 0.0)
            coverage = hit.coverage if hit else 0.0
            topical = bool(set(self.topics) & set(policy.topics))
            score += self._bonus(policy)
            if score > 0:
                is_named = policy.id in named and named[policy.id] > TOPIC * 2
                figured = self._figured(policy)
                found.append(_Candidate(policy, score, coverage, is_named, topical or policy.id in named, figured))
        return sorted(found, key=lambda c: (-c.score, usefulness(c.policy), c.policy.id))

    def _is_topic(self, mention: Mention) -> bool:
        """Whether the word that names a policy is also an everyday word for a whole topic."""
        return bool({"topic", "audience"} & self.book.lexicon.kinds(squeeze(mention.text)[0]))

    def _bonus(self, policy: Policy) -> float:
        query, bonus = self.query, 0.0
        for topic in self.topics:
            if topic in policy.topics:
                bonus += TOPIC if topic == policy.topics[0] else TOPIC * 0.8
        if set(query.ids("audience")) & {*policy.audiences, *(a for rule in policy.rules for a in rule.audiences)}:
            bonus += AUDIENCE
        levels = set(query.ids("level"))
        if levels and any(levels & set(rule.levels) for rule in policy.rules):
            bonus += LEVEL
        if self._figured(policy):
            bonus += SUM if self.regions or self.topics or policy.id in self.focus.recent else SUM / 2
        if policy.id in self.focus.policies:
            bonus += IN_HAND
        elif policy.id in self.focus.recent:
            bonus += RECENT
        if not self.regions and self.focus.region and policy.region in self.book.places(self.focus.region):
            bonus += SAME_PLACE
        if bonus:
            if policy.status is Status.IN_FORCE:
                bonus += 1.5
            if policy.kind == "achievement":
                bonus -= 3
            if self.aspect in (Aspect.AMOUNT, Aspect.CALCULATE, Aspect.MATCH) and any(r.receivable for r in policy.rules):
                bonus += 2.5
        return bonus

    def _figured(self, policy: Policy) -> bool:
        figures = {yuan for rule in policy.rules for yuan in rule.yuan}
        return any(item.value in figures for item in self.query.sums)

    # -- the finding --

    def finding(self) -> Finding:
        groups = self._named()
        if self._keeps_focus(groups):
            policies = [self.book.policies[id] for id in self.focus.policies]
            evidence = self._follow_up_evidence(policies)
            if self.aspect is Aspect.COMPARE and len(policies) == 1 and len(self.focus.recent) > 1 and self.fragment:
                policies += [self.book.policies[id] for id in self.focus.recent if id != policies[0].id][:1]
            return self._found(policies, outside=self._outside_of_focus(), evidence=evidence)
        if len(groups) > 1 and self.aspect not in (Aspect.LIST,):
            several = self._best_of_each(groups)
            if len(several) > 1:
                return self._found(several, evidence=1.0)
        by_topic = self._best_of_topics() if not groups else []
        if len(by_topic) > 1:
            return self._found(by_topic, evidence=0.9)
        if len(self.regions) > 1:
            by_region = self._best_of_regions()
            if len(by_region) > 1:
                return self._found(by_region, evidence=0.8)
        candidates = self._candidates()
        if self.regions and groups and not any(c.named for c in candidates):
            moved = self._named_elsewhere(groups, candidates)
            if moved is not None:
                return moved
        if self.aspect in (Aspect.LIST, Aspect.MATCH) or self._only_place():
            listed = self._listed(candidates)
            if listed is not None:
                return listed
        if candidates and candidates[0].enough:
            return self._single(candidates)
        return self._nothing(candidates)

    def _keeps_focus(self, groups: list[list[Policy]]) -> bool:
        """Whether the question goes on about the policies in hand, whatever else it mentions."""
        focus = [self.book.policies[id] for id in self.focus.policies]
        if not focus or groups:
            return False
        goes_on = self._goes_on(focus)
        new_topics = set(self.topics) - {topic for policy in focus for topic in policy.topics}
        if self.regions and not all(self._inside(policy) for policy in focus):
            return bool(_OWN_PLACE.search(self.query.text)) and not _CHANGE.search(self.query.text) and not new_topics
        if self.aspect is Aspect.LIST and goes_on < 0.5:
            return False
        if self.fragment and not new_topics:
            return True
        best = self._candidates()
        if not best:
            return True
        if best[0].policy in focus or not best[0].enough:
            return goes_on >= GOES_ON or not new_topics
        return goes_on > best[0].coverage and not best[0].topical

    def _follow_up_evidence(self, focus: list[Policy]) -> float:
        """How sure a follow-up belongs to the records in hand: it speaks their words, or it is a short question."""
        short = len(squeeze(self.query.text)[0]) <= _FOLLOW_UP and bool(_ASKS.search(self.query.text))
        spoken = 0.5 + self._goes_on(focus) / 2 if not self.fragment else 0.5
        return max(spoken, 0.8 if short else 0.0)

    def _goes_on(self, focus: list[Policy]) -> float:
        """The share of the question that stands in the records in hand (0 to 1)."""
        wanted = set(features(self.residue))
        if not wanted:
            return 1.0
        known = {feature for policy in focus for _, text in policy_texts(policy) for feature in features(fold(text))}
        whole = sum(self.book.index.idf(feature) for feature in wanted)
        return sum(self.book.index.idf(feature) for feature in wanted & known) / whole

    def _outside_of_focus(self) -> str | None:
        focus = [self.book.policies[id] for id in self.focus.policies]
        for region in self.regions:
            if not any(policy.region in (*self.book.places(region), *self.book.around(region)) for policy in focus):
                return region
        return None

    def _best_of_each(self, groups: list[list[Policy]]) -> list[Policy]:
        order = {candidate.policy.id: -candidate.score for candidate in self._candidates()}
        chosen: list[Policy] = []
        for group in groups:
            inside = [policy for policy in group if self._inside(policy)] or group
            best = min(inside, key=lambda policy: (order.get(policy.id, 0.0), usefulness(policy)))
            if best not in chosen:
                chosen.append(best)
        return chosen[:3]

    def _best_of_topics(self) -> list[Policy]:
        """Where a question joins things of several topics (孵化器和重点实验室), the best policy on each."""
        if len(set(self.topics)) < 2 or not _JOINED.search(self.query.text) or self.aspect not in _JOINABLE:
            return []
        chosen: list[Policy] = []
        candidates = self._candidates()
        for topic in dict.fromkeys(self.topics):
            best = next((c.policy for c in candidates if c.policy.topics[0] == topic and c.enough), None)
            if best and best not in chosen:
                chosen.append(best)
        return chosen[:3]

    def _best_of_regions(self) -> list[Policy]:
        chosen = []
        for region in self.regions:
            candidates = self._candidates(region)
            if candidates and (candidates[0].enough or candidates[0].score >= SUM):
                chosen.append(candidates[0].policy)
        return chosen[:3]

    def _named_elsewhere(self, groups: list[list[Policy]], candidates: list[_Candidate]) -> Finding | None:
        """A policy is named together with a place to which it does not belong."""
        named = [policy for group in groups for policy in group]
        larger = [policy for policy in named if self._inside(policy)]
        local = candidates[0] if candidates and candidates[0].enough and candidates[0].coverage >= ENOUGH_COVERAGE else None
        if local and any(set(local.policy.topics) & set(policy.topics) for policy in named):
            return self._found([local.policy], related=tuple(named[:1]), evidence=0.9)
        if larger:
            return self._found(larger[:1], evidence=1.0)
        topics = {policy.topics[0] for policy in named}
        here = [c.policy for c in candidates if topics & set(c.policy.topics)]
        if here and not self._applies_elsewhere():
            return self._found(here[:1], related=tuple(named[:2]), evidence=0.9)
        return self._found(named[:1], outside=self.regions[0], evidence=1.0)

    def _applies_elsewhere(self) -> bool:
        return self.aspect in (Aspect.AUDIENCE, Aspect.CONDITIONS)

    def _only_place(self) -> bool:
        return bool(self.regions) and self.fragment and not self.topics and not self.focus.policies

    def _listed(self, candidates: list[_Candidate]) -> Finding | None:
        """A choice of policies, or None where one stands out or nothing fits."""
        region = self.regions[0] if len(self.regions) == 1 else None
        if region and not self.book.of_region(region):
            return self._uncovered(region)
        general = self.fragment or (
            bool(self.topics) and set(self.topics) <= {"overview"} and not any(c.named for c in candidates)
        )
        if general and region and not (candidates and candidates[0].coverage > 0.5):
            here = self.book.of_region(region)
            fit = [p for p in here if set(p.topics) & set(self.focus.topics)] if self.aspect is Aspect.MATCH else []
            return self._choice(tuple(fit or here), region)
        fitting = [c for c in candidates if c.enough or (c.topical and c.score >= TOPIC)]
        if not fitting:
            return None
        top = fitting[0].score
        if self.aspect is Aspect.MATCH:
            fitting = [c for c in fitting if c.score >= 0.5 * top]
        else:
            fitting = [c for c in fitting if c.topical or c.score >= 0.6 * top]
        if len(fitting) == 1 or (self.aspect is Aspect.MATCH and fitting[1].score < 0.8 * top):
            return self._single(candidates)
        return self._choice(tuple(c.policy for c in fitting), region)

    def _choice(self, policies: tuple[Policy, ...], region: str | None) -> Finding:
        focus = replace(
            self.focus,
            policies=(),
            recent=_recent(self.focus, tuple(policy.id for policy in policies[:6])),
            region=region or self.focus.region,
            topics=self.topics,
            aspect=self.query.aspect,
        )
        return Finding(Outcome.LISTED, self.aspect, policies, region=region, topics=self.topics, evidence=0.7, focus=focus)

    def _single(self, candidates: list[_Candidate]) -> Finding:
        best = candidates[0]
        related = [c.policy for c in candidates[1:4] if c.enough and c.score >= 0.55 * best.score]
        evidence = 1.0 if best.named else min(0.9, 0.4 + best.coverage / 2 + (0.2 if best.topical else 0.0))
        return self._found([best.policy], related=tuple(related), evidence=evidence)

    def _found(
        self,
        policies: list[Policy],
        related: tuple[Policy, ...] = (),
        outside: str | None = None,
        evidence: float = 1.0,
    ) -> Finding:
        ids = tuple(policy.id for policy in policies)
        focus = Focus(
            policies=ids,
            recent=_recent(self.focus, ids),
            region=policies[0].region,
            topics=policies[0].topics,
            aspect=self.aspect,
        )
        return Finding(
            Outcome.FOUND,
            self.aspect,
            tuple(policies),
            related=related,
            region=self.regions[0] if self.regions else None,
            topics=self.topics,
            outside=outside,
            uncovered=tuple(region for region in self.regions if not self.book.of_region(region) and region != outside),
            evidence=evidence,
            focus=focus,
        )

    def _uncovered(self, region: str) -> Finding:
        topics = self.topics or (self.focus.topics[:1] if self.fragment else ())
        elsewhere = [policy for topic in topics for policy in self.book.of_topic(topic)]
        focus = replace(self.focus, policies=(), recent=_recent(self.focus, ()), region=region, topics=topics)
        return Finding(
            Outcome.UNCOVERED,
            self.aspect,
            related=tuple(dict.fromkeys(elsewhere))[:3],
            region=region,
            topics=topics,
            evidence=0.5,
            focus=focus,
        )

    def _nothing(self, candidates: list[_Candidate]) -> Finding:
        """What is left when nothing stands out: the subject of before, a choice on the topic, or the plain no."""
        if self.regions:
            switched = self._switched()
            if switched is not None:
                return switched
            here = tuple(c.policy for c in candidates if c.topical or c.figured)
            if here:
                return self._found([here[0]], evidence=0.6) if len(here) == 1 else self._choice(here, self.regions[0])
            back = self._back_to()
            if back is not None:
                return back
            return self._uncovered(self.regions[0])
        remembered = [
            c for c in candidates if c.policy.id in self.focus.recent and (c.topical or c.figured or c.score > RECENT + LEVEL)
        ]
        if remembered:
            return self._found([remembered[0].policy], evidence=0.6)
        if self.fragment and not self.topics:
            choice = tuple(self.book.policies[id] for id in self.focus.recent[:4]) if not self.focus.policies else ()
            return Finding(Outcome.UNCLEAR, self.aspect, related=choice, focus=self.focus, evidence=0.2)
        if self.topics:
            topical = tuple(dict.fromkeys(policy for topic in self.topics for policy in self.book.of_topic(topic)))
            if topical:
                return self._choice(topical, None)
        related = tuple(c.policy for c in candidates[:3] if c.coverage >= 0.2)
        evidence = candidates[0].coverage / 2 if candidates else 0.0
        return Finding(Outcome.NOTHING, self.aspect, related=related, focus=self.focus, evidence=evidence)

    def _back_to(self) -> Finding | None:
        """The policy of a place that was talked about before: 说回即墨那个."""
        for id in self.focus.recent:
            policy = self.book.policies[id]
            if self._inside(policy, strict=True) and (
                self.fragment or _BACK.search(self.query.text) or self._goes_on([policy]) >= 0.5
            ):
                return self._found([policy], evidence=0.6)
        return None

    def _switched(self) -> Finding | None:
        """The same subject in another place: 换成崂山呢 after a question on another region."""
        if not self.fragment or not self.focus.topics:
            return None
        shared = [policy for policy in self.book.of_region(self.regions[0]) if self.focus.topics[0] in policy.topics]
        here = sorted(shared, key=lambda policy: -len(set(policy.topics) & set(self.focus.topics)))
        return self._found(here[:1], evidence=0.8) if here else None


def _recent(focus: Focus, now: tuple[str, ...]) -> tuple[str, ...]:
    """The policies talked about so far, the latest first."""
    return tuple(dict.fromkeys((*now, *focus.policies, *focus.recent)))[:8]
