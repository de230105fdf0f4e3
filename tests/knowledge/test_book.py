"""The real policy book, against a table of its figures: a guard against edits that nobody meant."""

from __future__ import annotations

from collections import Counter

import pytest

from actions.knowledge import PolicyBook
from actions.knowledge.benefits import Cap, Discount, Fixed, Matching, PerUnit, Quantity, Rate
from actions.knowledge.models import Policy, Rule, Scope, Status
from tests.conftest import Checked

# (policy, rule, figure): yuan, (share, cap in yuan) of a rate, ratio of a match, factor of a discount.
Figure = float | tuple[float, float]

RECEIVABLE: list[tuple[str, str, type, Figure]] = [
    ("gaoxin-gaoxindai", "credit-line", Cap, 5_000_000),
    ("gaoxin-listing-subsidy", "staged-subsidy", Fixed, 10_000_000),
    ("laoshan-innovation-platform", "national", Fixed, 5_000_000),
    ("laoshan-innovation-platform", "provincial", Fixed, 1_000_000),
    ("laoshan-innovation-platform", "municipal", Fixed, 500_000),
    ("laoshan-hightech-first", "first-recognition", Fixed, 300_000),
    ("laoshan-incubator", "national", Fixed, 1_000_000),
    ("laoshan-incubator", "provincial", Fixed, 500_000),
    ("laoshan-incubator", "municipal", Fixed, 300_000),
    ("laoshan-intermediary-hq", "new-headquarters", Cap, 20_000_000),
    ("laoshan-intermediary-list", "first-500", Cap, 10_000_000),
    ("laoshan-intermediary-list", "top-20", Cap, 10_000_000),
    ("laoshan-intermediary-rent", "three-year-rent", Cap, 10_000_000),
    ("laoshan-building-facility", "facility-works", Cap, 5_000_000),
    ("laoshan-building-star", "super-five", Fixed, 700_000),
    ("laoshan-building-star", "five", Fixed, 500_000),
    ("laoshan-building-star", "four", Fixed, 300_000),
    ("laoshan-building-tax", "first-over", Cap, 10_000_000),
    ("laoshan-building-tenglong", "per-square-metre", PerUnit, 100),
    ("qdftz-talent-carrier-match", "offshore-base", Matching, 1),
    ("qdftz-talent-carrier-match", "skill-carrier", Matching, 0.5),
    ("qd-baiqianwan", "rd-micro", Rate, (0.05, 1_000_000)),
    ("qd-baiqianwan", "rd-other", Rate, (0.03, 1_000_000)),
    ("shanghe-talent-highlevel", "subsidy", Cap, 7_000_000),
    ("shanghe-talent-highlevel", "investment", Cap, 100_000_000),
    ("shanghe-talent-apartment", "discount", Discount, 0.6),
    ("shanghe-talent-special", "subsidy", Cap, 2_800_000),
    ("shanghe-talent-urgent", "living", Rate, (0.3, 100_000)),
    ("shanghe-talent-flexible", "subsidy", Rate, (0.1, 1_000_000)),
    ("shanghe-talent-elite", "award", Fixed, 50_000),
]

# Money that nobody receives.
OTHER: list[tuple[str, str, Scope, float]] = [
    ("laoshan-four-policies", "yearly-budget", Scope.POOL_TOTAL, 260_000_000),
    ("laoshan-equity-fund", "funds-size", Scope.POOL_TOTAL, 3_370_000_000),
    ("laoshan-rural-fund", "fund-size", Scope.POOL_TOTAL, 2_000_000_000),
    ("gaoxin-guide-fund", "fund-size", Scope.POOL_TOTAL, 3_000_000_000),
    ("gaoxin-angel-mufund", "fund-size", Scope.POOL_TOTAL, 300_000_000),
    ("gaoxin-industry-mufund", "fund-size", Scope.POOL_TOTAL, 1_000_000_000),
    ("gaoxin-industry-policies", "total-budget", Scope.POOL_TOTAL, 200_000_000),
    ("jimo-20yi-fund", "fund-size", Scope.POOL_TOTAL, 2_000_000_000),
    ("jimo-1yi-sme-fund", "fund-total", Scope.POOL_TOTAL, 100_000_000),
    ("shanghe-huibaotong", "pool", Scope.POOL_TOTAL, 30_000_000),
    ("shanghe-huibaotong", "first-case", Scope.EXAMPLE_CASE, 450_000),
    ("gaoxin-gaoxindai", "case-loan", Scope.EXAMPLE_CASE, 2_000_000),
    ("sd-worker-innovation-prize", "grand-prize", Scope.EXAMPLE_CASE, 1_000_000),
    ("laoshan-building-tax", "threshold-lowest", Scope.THRESHOLD, 500_000_000),
    ("qdftz-employer-talent-reward", "salary-threshold", Scope.THRESHOLD, 400_000),
    ("laoshan-yiyeyice", "paid-2018", Scope.ACHIEVEMENT_TOTAL, 1_490_000_000),
    ("haiyang-yike-project", "investment", Scope.PROJECT_INVESTMENT, 80_000_000),
]

PLANNED = {
    "jiaozhou-getihu-next", "jimo-1yi-sme-fund", "jimo-20yi-fund", "jimo-culture-creative", "jimo-finance-platform",
    "jimo-five-platforms", "jimo-green-building", "jimo-industrial-park", "jimo-job-training", "jimo-listing",
    "jimo-market-service", "jimo-notify-commit", "jimo-rural-ecommerce", "jimo-startup-platform", "jimo-talent-plan",
    "jimo-tax-cut", "jimo-tech-platform", "jimo-trade-facilities", "jimo-zhengyinbao", "jimo-zhirongbao",
    "laoshan-financing-platforms", "laoshan-future-vr-micro", "laoshan-growth-plan", "laoshan-incubators-2019",
    "laoshan-industry-cloud", "laoshan-innovation-2019", "laoshan-listing-2019", "laoshan-overseas",
    "laoshan-policy-officer", "laoshan-private-kindergarten", "laoshan-property-award", "laoshan-talent-apartment",
    "laoshan-vr-platform", "laoshan-weizhuce", "qdftz-bulk-commodity", "qdftz-crossborder-ecommerce", "qdftz-gene-valley",
    "shanghe-capital-port-plan", "shanghe-capital-supermarket", "shanghe-qdlp-qflp", "shanghe-vc-base",
}  # fmt: skip
HISTORIC = {
    "gaoxin-incubation-space", "gaoxin-medical-cluster", "gaoxin-projects-14", "haiyang-yike-project",
    "jiaozhou-digital-infra", "jiaozhou-smart-factory", "jimo-2018-results", "jimo-internet-sme", "jimo-kezhuanzhai-fund",
    "jimo-kids-ip-fund", "jimo-talent-apartment", "laoshan-2018-results", "laoshan-buildings-35", "laoshan-ip-pilot",
    "laoshan-shuangbao", "laoshan-startup-jobs", "qd-engineering-research-center", "qd-industrial-internet-2020",
    "qd-soe-mixed-reform", "qdftz-176", "sd-worker-innovation-prize", "shanghe-zhichuang", "xhn-smart-mfg-standard",
}  # fmt: skip


def rule_of(book: PolicyBook, policy: str, rule: str) -> Rule:
    (found,) = [item for item in book.policies[policy].rules if item.id == rule]
    return found


def rules(book: PolicyBook) -> list[tuple[Policy, Rule]]:
    return [(policy, rule) for policy in book.policies.values() for rule in policy.rules]


def figure_of(rule: Rule) -> Figure:
    """The number of a receivable rule as the table writes it."""
    benefit = rule.benefit
    if isinstance(benefit, Rate):
        assert benefit.cap is not None
        return benefit.rate, benefit.cap
    if isinstance(benefit, Matching):
        return benefit.ratio
    if isinstance(benefit, Discount):
        return benefit.factor
    assert isinstance(benefit, (Fixed, Cap, PerUnit))
    return benefit.amount


def test_book_has_neither_faults_nor_warnings(checked: Checked) -> None:
    assert [str(problem) for problem in checked[0]] == []


def test_number_of_records(book: PolicyBook) -> None:
    assert len(book.policies) == 155
    assert Counter(policy.region for policy in book.policies.values()) == {
        "laoshan": 50,
        "jimo": 32,
        "shanghe": 19,
        "gaoxin": 16,
        "qdftz": 12,
        "qingdao": 9,
        "jiaozhou": 7,
        "cangma": 3,
        "xihaian": 2,
        "cbd": 2,
        "shibei": 2,
        "haiyang": 1,
    }


@pytest.mark.parametrize(("policy", "rule", "kind", "figure"), RECEIVABLE)
def test_what_an_applicant_can_receive(book: PolicyBook, policy: str, rule: str, kind: type, figure: Figure) -> None:
    found = rule_of(book, policy, rule)
    assert found.scope is Scope.PER_APPLICANT
    assert found.receivable
    assert type(found.benefit) is kind
    assert figure_of(found) == figure


def test_nothing_else_can_be_received(book: PolicyBook) -> None:
    found = {(policy.id, rule.id) for policy, rule in rules(book) if rule.receivable}
    assert found == {(policy, rule) for policy, rule, _, _ in RECEIVABLE}


@pytest.mark.parametrize(("policy", "rule", "scope", "yuan"), OTHER)
def test_money_that_nobody_receives(book: PolicyBook, policy: str, rule: str, scope: Scope, yuan: float) -> None:
    found = rule_of(book, policy, rule)
    assert found.scope is scope
    assert not found.receivable
    assert found.yuan == (yuan,)


def test_no_figure_of_another_scope_is_receivable(book: PolicyBook) -> None:
    for policy, rule in rules(book):
        assert rule.receivable == (rule.scope is Scope.PER_APPLICANT), (policy.id, rule.id)
        if rule.yuan or isinstance(rule.benefit, Quantity):
            assert rule.scope, (policy.id, rule.id)


def test_only_phone_is_the_one_that_a_source_gives(book: PolicyBook) -> None:
    assert {(d.id, d.phone) for d in book.departments.values() if d.phone} == {("jimo-96711-hotline", "96711")}
    assert (book.hotline.number, book.hotline.basis) == ("12345", "国办发〔2020〕53号")


def test_plans_and_past_results(book: PolicyBook) -> None:
    by_status = {status: {p.id for p in book.policies.values() if p.status is status} for status in Status}
    assert by_status[Status.PLANNED] == PLANNED
    assert by_status[Status.HISTORIC] == HISTORIC


def test_plans_and_past_results_promise_no_figure(book: PolicyBook) -> None:
    assert [(p.id, r.id) for p, r in rules(book) if r.receivable and p.status is not Status.IN_FORCE] == []


def test_silence_of_a_source_is_recorded(book: PolicyBook) -> None:
    for policy in book.policies.values():
        department = book.department_of(policy)
        stated = {
            "process": bool(policy.process),
            "materials": bool(policy.materials),
            "deadline": bool(policy.deadline),
            "phone": bool(department and department.phone),
        }
        for field, is_stated in stated.items():
            assert is_stated != (field in policy.unstated), (policy.id, field)


def test_no_receivable_sum_beside_an_unstated_amount(book: PolicyBook) -> None:
    assert [p.id for p, r in rules(book) if r.receivable and "amount" in p.unstated] == []


@pytest.mark.parametrize(
    ("policy", "basis", "name"),
    [
        ("gaoxin-promise-start", "named", "行政审批服务部"),
        ("shanghe-huibaotong", "named", "上合示范区管委会"),
        ("jimo-96711", "named", "96711"),
        ("laoshan-hightech-first", "issuing_body", "崂山区"),
        ("gaoxin-gaoxindai", "example_case", "财政金融部门"),
    ],
)
def test_departments(book: PolicyBook, policy: str, basis: str, name: str) -> None:
    assert book.policies[policy].contact.basis == basis
    department = book.department_of(book.policies[policy])
    assert department is not None
    assert name in department.name


def test_places(book: PolicyBook) -> None:
    assert book.around("cangma") == ["xihaian", "qingdao"]
    assert {"jiaozhou", "shanghe"} <= book.places("jiaozhou")
    assert "shanghe" not in book.places("laoshan")
    assert book.of_region("pingdu") == []
    regions = [policy.region for policy in book.of_region("jiaozhou")]
    assert regions == ["jiaozhou"] * 7 + ["shanghe"] * 19


def test_of_topic_gives_what_is_mainly_on_it_and_usable_first(book: PolicyBook) -> None:
    order = [Status.IN_FORCE, Status.PLANNED, Status.HISTORIC]
    for topic in book.topics:
        found = book.of_topic(topic)
        assert {policy.id for policy in found} == {policy.id for policy in book.policies.values() if topic in policy.topics}
        keys = [(policy.topics[0] != topic, order.index(policy.status)) for policy in found]
        assert keys == sorted(keys), topic
