"""Figures in words. Every one says what it is: 最高, 每家, 资金总额, 门槛."""

from __future__ import annotations

from actions.knowledge.benefits import Cap, Discount, Fixed, Matching, PerUnit, Quantity, Rate, Service, Unstated
from actions.knowledge.models import Rule, Scope
from actions.knowledge.money import Number, exact, number_text, yuan_text

SCOPE_NAMES = {
    Scope.PER_APPLICANT: "",
    Scope.POOL_TOTAL: "资金总额，不是单个申请者可得",
    Scope.THRESHOLD: "门槛，不是奖补金额",
    Scope.EXAMPLE_CASE: "个案，不是标准",
    Scope.ACHIEVEMENT_TOTAL: "累计成果，不是奖补金额",
    Scope.TARGET_TOTAL: "工作目标，不是奖补金额",
    Scope.PROJECT_INVESTMENT: "项目投资额，不是扶持资金",
    Scope.MEASURE: "",
}


def qualified(text: str, unit: str, qualifier: str) -> str:
    """A number with its unit and the source's qualifier in its place: 超 5 亿元, 80 余家, 40 万元以上."""
    if qualifier == "余":
        scale = unit[:1] if unit[:1] in ("万", "亿") else ""
        return f"{text} {scale}余{unit.removeprefix(scale)}"
    if qualifier == "以上":
        return f"{text} {unit}以上"
    return f"{qualifier} {text} {unit}".strip()


def sum_text(amount: Number, qualifier: str = "", currency: str = "CNY") -> str:
    """A sum with its qualifier."""
    number, unit = yuan_text(amount, "美元" if currency == "USD" else "元").split(" ", 1)
    return qualified(number, unit, qualifier)


def percent(share: Number) -> str:
    """0.3 → 30%."""
    return f"{number_text(exact(share) * 100)}%"


def figure(rule: Rule) -> str:
    """The figure of a rule in words, empty where it has none."""
    benefit = rule.benefit
    if isinstance(benefit, Fixed):
        years = f"，共 {benefit.years} 年" if benefit.years else ""
        return f"{benefit.per} {sum_text(benefit.amount, benefit.qualifier, benefit.currency)}{years}".strip()
    if isinstance(benefit, Cap):
        years = f"，共 {benefit.years} 年" if benefit.years and "年" not in benefit.per else ""
        return f"{benefit.per}最高 {yuan_text(benefit.amount)}{years}"
    if isinstance(benefit, Rate):
        text = f"按{benefit.base}的 {percent(benefit.rate)} 计"
        if benefit.cap is not None:
            text += f"，{benefit.per}最高 {yuan_text(benefit.cap)}"
        return text + (f"，最多连续 {benefit.years} 年" if benefit.years else "")
    if isinstance(benefit, PerUnit):
        return f"每{benefit.unit} {yuan_text(benefit.amount)}（{number_text(benefit.amount)} 元/{benefit.unit}）"
    if isinstance(benefit, Matching):
        return f"按{benefit.base} 1:{number_text(benefit.ratio)} 配套"
    if isinstance(benefit, Discount):
        return f"{benefit.base} {number_text(exact(benefit.factor) * 10)} 折（付 {percent(benefit.factor)}）"
    if isinstance(benefit, Quantity):
        large = benefit.value >= 10_000 and benefit.value % 1000 == 0
        number = number_text(exact(benefit.value) / 10_000) if large else number_text(benefit.value)
        return qualified(number, ("万" if large else "") + benefit.unit, benefit.qualifier)
    return ""


def short_figure(rule: Rule) -> str:
    """The part of a figure that is shown large; the whole stands in `figure`."""
    benefit = rule.benefit
    if isinstance(benefit, Rate):
        return f"{benefit.per}最高 {yuan_text(benefit.cap)}" if benefit.cap is not None else percent(benefit.rate)
    if isinstance(benefit, PerUnit):
        return f"每{benefit.unit} {yuan_text(benefit.amount)}"
    if isinstance(benefit, Matching):
        return f"1:{number_text(benefit.ratio)} 配套"
    if isinstance(benefit, Discount):
        return f"{number_text(exact(benefit.factor) * 10)} 折"
    return figure(rule)


def rule_line(rule: Rule) -> str:
    """A rule in one line: condition, benefit, figure, what the figure is where it is nothing to receive, its note."""
    return _line(rule) + (f"；{rule.note}" if rule.note else "")


def benefit_text(rule: Rule) -> str:
    """A rule without its condition."""
    return rule_line(rule).removeprefix(f"{rule.condition}：")


def measure(rule: Rule) -> tuple[str, str, int | None]:
    """What a sum is counted in and by; 每家 says no more than nothing does."""
    benefit = rule.benefit
    if not isinstance(benefit, (Fixed, Cap)):
        return ("", "", None)
    per = "" if benefit.per in ("每家", "每座", "每个", "每家企业") else benefit.per
    return (benefit.currency if isinstance(benefit, Fixed) else "CNY", per, benefit.years)


def _line(rule: Rule) -> str:
    benefit, shown = rule.benefit, figure(rule)
    if isinstance(benefit, Unstated):
        return f"{rule.condition}：{benefit.name}，报道未写金额{'（' + benefit.text + '）' if benefit.text else ''}"
    if isinstance(benefit, Service):
        return f"{rule.condition}：{benefit.text or benefit.name}"
    scope = SCOPE_NAMES[rule.scope] if rule.scope else ""
    return f"{rule.condition}：{benefit.name} {shown}{'（' + scope + '）' if scope else ''}"
