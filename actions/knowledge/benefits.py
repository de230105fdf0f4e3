"""What a rule gives: a sum, a limit, a share, a count or a service, each as its source states it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fixed:
    """A stated sum, `amount` in units of `currency` (yuan unless said otherwise)."""

    name: str
    amount: float
    per: str = ""
    qualifier: str = ""
    currency: str = "CNY"
    years: int | None = None


@dataclass(frozen=True)
class Cap:
    """An upper limit (最高), `amount` in yuan."""

    name: str
    amount: float
    per: str = ""
    years: int | None = None


@dataclass(frozen=True)
class Rate:
    """A share `rate` of `base`, with an optional `cap` in yuan counted `per`, for at most `years`."""

    name: str
    rate: float
    base: str
    base_words: tuple[str, ...] = ()
    cap: float | None = None
    per: str = ""
    years: int | None = None
    base_unclear: str = ""


@dataclass(frozen=True)
class PerUnit:
    """`amount` yuan for each `unit`."""

    name: str
    amount: float
    unit: str


@dataclass(frozen=True)
class Matching:
    """`ratio` yuan for every yuan of `base`."""

    name: str
    ratio: float
    base: str
    base_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Discount:
    """The payer pays `factor` of `base`."""

    name: str
    factor: float
    base: str
    base_words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Quantity:
    """A count or measure that is no money."""

    name: str
    value: float
    unit: str
    qualifier: str = ""


@dataclass(frozen=True)
class Service:
    """Support without a figure."""

    name: str
    text: str = ""


@dataclass(frozen=True)
class Unstated:
    """Money that the source promises without saying how much."""

    name: str
    text: str = ""


Benefit = Fixed | Cap | Rate | PerUnit | Matching | Discount | Quantity | Service | Unstated

BENEFIT_TYPES: dict[str, type] = {
    "fixed": Fixed,
    "cap": Cap,
    "rate": Rate,
    "per_unit": PerUnit,
    "matching": Matching,
    "discount": Discount,
    "quantity": Quantity,
    "service": Service,
    "unstated": Unstated,
}
