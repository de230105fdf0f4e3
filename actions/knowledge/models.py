"""The records of a policy book: plain immutable values, no behaviour beyond reading themselves."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from actions.knowledge.benefits import Benefit, Cap, Discount, Fixed, Matching, PerUnit, Rate


class Status(str, Enum):
    """Where a policy stands, as its source tells it."""

    IN_FORCE = "in_force"
    PLANNED = "planned"
    HISTORIC = "historic"


class Scope(str, Enum):
    """What a figure measures. Only PER_APPLICANT is something a company or person can receive."""

    PER_APPLICANT = "per_applicant"
    POOL_TOTAL = "pool_total"
    THRESHOLD = "threshold"
    EXAMPLE_CASE = "example_case"
    ACHIEVEMENT_TOTAL = "achievement_total"
    TARGET_TOTAL = "target_total"
    PROJECT_INVESTMENT = "project_investment"
    MEASURE = "measure"


@dataclass(frozen=True)
class Term:
    """A word of the vocabulary (level, kind, topic, audience, attribute, synonym) with its other forms."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    nature: str = ""


class RequirementKind(str, Enum):
    """What a requirement does: decides, changes the amount only, or is left to the department's judgement."""

    GATE = "gate"
    BONUS = "bonus"
    DISCRETION = "discretion"


@dataclass(frozen=True)
class Fact:
    """Something that is or is not so of a company; `said` are the ways of saying it (see `sayings`)."""

    id: str
    name: str
    facet: str
    question: str
    said: tuple[str, ...] = ()
    implies: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactTest:
    """A check of facts by their ids: at least one of `any` and not one of `none`. Empty checks nothing."""

    any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of all facts that it looks at."""
        return (*self.any, *self.none)


@dataclass(frozen=True)
class Requirement:
    """A condition of a policy: its text for people, its test for the machine."""

    kind: RequirementKind
    text: str
    test: FactTest = FactTest()


@dataclass(frozen=True)
class Region:
    """A place that people ask about; `parent` is the id of the place that contains it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    parent: str | None = None


@dataclass(frozen=True)
class Examples:
    """Questions that show what can be asked on a topic (its id)."""

    topic: str
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Hotline:
    """The national hotline, the one contact that does not come from a policy's source."""

    number: str
    name: str
    basis: str


@dataclass(frozen=True)
class Department:
    """A body; `phone` only where the source `phone_source` prints it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    phone: str | None = None
    phone_source: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Source:
    """A report or document; `date` is YYYY, YYYY-MM or YYYY-MM-DD, None where it bears none."""

    id: str
    title: str
    publisher: str
    date: str | None
    file: str
    title_note: str = ""
    date_note: str = ""


@dataclass(frozen=True)
class Rule:
    """One condition and the benefit that follows from it."""

    id: str
    condition: str
    benefit: Benefit
    scope: Scope | None = None
    levels: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    note: str = ""
    test: FactTest = FactTest()

    @property
    def receivable(self) -> bool:
        """Whether its figure is something that an applicant can receive."""
        return self.scope is Scope.PER_APPLICANT

    @property
    def computable(self) -> bool:
        """Whether it computes something from the applicant's own number."""
        return self.receivable and isinstance(self.benefit, (Rate, PerUnit, Matching, Discount))

    @property
    def yuan(self) -> tuple[float, ...]:
        """The sums of money in yuan that this rule states."""
        benefit = self.benefit
        if isinstance(benefit, Fixed):
            return (benefit.amount,) if benefit.currency == "CNY" else ()
        if isinstance(benefit, (Cap, PerUnit)):
            return (benefit.amount,)
        if isinstance(benefit, Rate) and benefit.cap is not None:
            return (benefit.cap,)
        return ()


@dataclass(frozen=True)
class Remark:
    """A clarification or a gap; `about` are the words with which people raise the point."""

    text: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Confusion:
    """Another policy (`other`, its id) that this one is taken for, and the difference."""

    other: str
    text: str


@dataclass(frozen=True)
class Contact:
    """Who answers for a policy: `basis` is named, issuing_body, example_case or none."""

    basis: str
    department: str | None = None
    note: str = ""


@dataclass(frozen=True)
class Policy:
    """A programme, service or measure of a region, with its rules and its source."""

    id: str
    region: str
    name: str
    kind: str
    topics: tuple[str, ...]
    status: Status
    as_of: str | None
    summary: str
    audience: tuple[str, ...]
    rules: tuple[Rule, ...]
    unstated: frozenset[str]
    contact: Contact
    source: str
    source_where: str = ""
    aliases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    family: str = ""
    audiences: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    eligibility: tuple[Requirement, ...] = ()
    process: str = ""
    materials: tuple[str, ...] = ()
    deadline: str = ""
    valid_from: str | None = None
    valid_to: str | None = None
    gaps: tuple[Remark, ...] = ()
    notes: tuple[Remark, ...] = ()
    confusions: tuple[Confusion, ...] = ()

    def __hash__(self) -> int:
        """By the id alone: a set of policies need not look through their records."""
        return hash(self.id)

    @property
    def usable(self) -> bool:
        """Whether a company may still meet its requirements."""
        return bool(self.eligibility) and self.status is not Status.HISTORIC and self.kind != "achievement"

    @property
    def receivable(self) -> bool:
        """Whether an applicant can receive a figure of any of its rules."""
        return any(rule.receivable for rule in self.rules)
