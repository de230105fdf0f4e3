"""What fits a company, in words: every condition marked, the status of each policy, and the one question more."""

from __future__ import annotations

from collections.abc import Sequence

from actions.knowledge.book import PolicyBook
from actions.knowledge.matching import Assessment, Fit, Verdict, fitting_rules
from actions.knowledge.models import Policy
from actions.knowledge.profile import REGION, Profile
from actions.replies import parts
from actions.replies.facts import facts
from actions.replies.figures import figure
from actions.replies.message import Button, Reply
from actions.replies.sources import source_name

SHOWN = 6
YES, NO, UNSURE = "是", "不是", "不清楚"
FACETS = {"size": "规模", "qualification": "资质", "sector": "行业", "event": "情况", "people": "人员", "need": "需求"}


def told_text(book: PolicyBook, profile: Profile) -> str:
    """What was told, in one phrase: 崂山区、小微企业、首次认定高新技术企业."""
    names = [book.facts[id].name for id in _spoken(book, profile) if profile.facts[id]]
    return "、".join([*([book.regions[profile.region].name] if profile.region else []), *names])


def _spoken(book: PolicyBook, profile: Profile) -> list[str]:
    """The facts told, without those that merely follow from others."""
    told = [id for id, so in profile.facts.items() if so]
    follow = {other for id in told for other in (*book.facts[id].implies, *book.facts[id].excludes)}
    return [id for id in profile.facts if id not in follow]


def status_text(assessment: Assessment) -> str:
    """符合, 不符合, or 可能符合; the marks say what must be confirmed."""
    return {Fit.FITS: "符合", Fit.NOT: "不符合", Fit.MAYBE: "可能符合，需确认"}[assessment.fit]


def mark_line(book: PolicyBook, assessment: Assessment) -> str:
    """The conditions by verdict: 满足：…；不满足：…；待确认：…."""
    place = f"在{book.region_name(assessment.policy)}"
    texts = {Verdict.MET: [], Verdict.FAILED: [], Verdict.OPEN: []}  # type: dict[Verdict, list[str]]
    texts[assessment.place].append(place)
    for need, verdict in assessment.marks:
        texts[verdict].append(need.text + {"gate": "", "bonus": "（加成）", "discretion": "（由部门认定）"}[need.kind.value])
    names = {Verdict.MET: "满足", Verdict.FAILED: "不满足", Verdict.OPEN: "待确认"}
    return "。".join(f"{names[verdict]}：{'；'.join(items)}" for verdict, items in texts.items() if items)


def assessment_lines(book: PolicyBook, assessment: Assessment, profile: Profile) -> list[str]:
    """One policy against what was told, to stand before its answer."""
    about = told_text(book, profile)
    subject = f"对照您说的情况（{about}）" if about else "对照您说的情况"
    return [f"{subject}：{status_text(assessment)}。", f"{mark_line(book, assessment)}。"]


def _headline(policy: Policy, profile: Profile) -> str:
    rules = [rule for rule in fitting_rules(policy, profile) if rule.receivable and figure(rule)]
    return "，".join(dict.fromkeys(f"{'、'.join(rule.levels)} {figure(rule)}".strip() for rule in rules[:3]))


def matches(book: PolicyBook, profile: Profile, found: Sequence[Assessment], *, last: bool = False) -> Reply:
    """The policies that fit or may fit what was told; `last` tells that nothing more will be asked."""
    about = told_text(book, profile)
    shown = list(found[:SHOWN])
    if not shown:
        return _nothing(book, profile, about)
    lines = [f"按您说的情况（{about}），政策库里有 {len(found)} 项可能用得上：" if about else "可能用得上的政策："]
    if profile.region and not book.of_region(profile.region):
        lines.insert(0, f"政策库未收录{book.regions[profile.region].name}自己的政策。")
    for number, assessment in enumerate(shown, 1):
        policy = assessment.policy
        headline = _headline(policy, profile)
        lines.append(f"{number}. {parts.title(book, policy)}{'：' + headline if headline else ''}")
        lines.append(f"   {status_text(assessment)}。{mark_line(book, assessment)}。")
    if len(found) > SHOWN:
        lines.append(f"还有 {len(found) - SHOWN} 项，说“还有别的吗”接着看。")
    sources = dict.fromkeys(source_name(book, assessment.policy) for assessment in shown)
    lines.append(f"来源：{'；'.join(list(sources)[:3])}{' 等' if len(sources) > 3 else ''}。")
    lines.append("这是按报道写明的条件对照的，能不能享受以主管部门审核为准。")
    policies = [assessment.policy for assessment in shown]
    buttons = tuple(Button(parts.label(policy), f"介绍一下{parts.short_name(policy)}") for policy in policies)
    custom = facts(book, "match", policies) | {"profile": profile.plain(), "fits": _fits(shown)}
    return Reply("\n".join(lines), buttons if last else (), custom)


def _fits(shown: Sequence[Assessment]) -> list[dict[str, object]]:
    return [
        {
            "policy": assessment.policy.id,
            "fit": assessment.fit.value,
            "place": assessment.place.value,
            "conditions": [
                {"kind": need.kind.value, "text": need.text, "verdict": verdict.value} for need, verdict in assessment.marks
            ],
        }
        for assessment in shown
    ]


def _nothing(book: PolicyBook, profile: Profile, about: str) -> Reply:
    text = f"按您说的情况（{about}），政策库里没有找到对得上的政策。" if about else "还不知道您企业的情况，没法对照。"
    text += f"可以再说说行业、资质或最近的变化（如认定高企、引进人才、要融资）；也可拨 {book.hotline.number} 向当地核实。"
    return Reply(text, (), facts(book, "match", []) | {"profile": profile.plain(), "fits": []})


def begin(book: PolicyBook, profile: Profile) -> Reply:
    """The first words of the interview, where nothing is known to match by."""
    about = told_text(book, profile)
    known = f"您在{about}，我记下了。" if about else ""
    text = f"好的，{known}我按政策库的条件帮您对照，先问几件事，每次一件；不想答就说“跳过”，想停就说“算了”。"
    return Reply(text, (), facts(book, "match", []) | {"profile": profile.plain(), "fits": []})


def question(book: PolicyBook, fact: str, places: Sequence[str], opening: str) -> Reply:
    """The question for a missing fact, or for the place (`places`: ids of the regions to offer)."""
    custom = {"type": "question", "policies": [], "fact": fact}
    if fact == REGION:
        names = [book.regions[id].name for id in places]
        return Reply(f"{opening}：您的企业注册在哪个区市？", tuple(Button(name, f"我们在{name}") for name in names), custom)
    text = f"{opening}：{book.facts[fact].question}"
    return Reply(text, tuple(Button(answer, answer) for answer in (YES, NO, UNSURE)), custom)


def profile_reply(book: PolicyBook, profile: Profile) -> Reply:
    """What was told, to be read and forgotten at will."""
    custom = {"type": "profile", "policies": [], "profile": profile.plain()}
    if profile.empty:
        text = "您还没有告诉我企业的情况。可以说说地区、规模、行业、资质，例如：我们是一家小微企业，刚认定高企。"
        return Reply(text, (), custom)
    lines = ["您在这次对话里告诉我的："]
    if profile.region:
        lines.append(f"· 地区：{book.regions[profile.region].name}")
    for facet, name in FACETS.items():
        facts = [id for id in _spoken(book, profile) if book.facts[id].facet == facet]
        names = [book.facts[id].name if profile.facts[id] else f"不符合“{book.facts[id].name}”" for id in facts]
        if names:
            lines.append(f"· {name}：{'、'.join(names)}")
    lines.append("只用于这次对话里的政策匹配；说“清除我的信息”就会忘掉。")
    return Reply("\n".join(lines), (Button("清除我的信息", "清除我的信息"), Button("我能申请什么", "我能申请什么政策？")), custom)


def forgotten() -> Reply:
    """Told after the profile was cleared."""
    return Reply("已清除您在这次对话里说的企业情况。", (), {"type": "forgotten", "policies": []})
