"""Exact numbers: nothing that is money is ever added or multiplied as a float."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

Number = int | float | Decimal

MOST = Decimal(10) ** 18  # beyond any sum that means something; keeps the digits of a prank out of arithmetic
_CENT = Decimal("0.01")
_UNITS = ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万"))


def exact(value: Number) -> Decimal:
    """The number that was written: 0.3 is three tenths, not the nearest binary fraction."""
    return value if isinstance(value, Decimal) else Decimal(repr(value))


def cents(value: Decimal) -> Decimal:
    """A sum rounded to the cent, halves up; what cannot be a sum of money is cut at MOST."""
    return max(-MOST, min(MOST, value)).quantize(_CENT, ROUND_HALF_UP)


def plain(value: Decimal) -> int | float:
    """A number as JSON has it: whole numbers as integers."""
    return int(value) if value == value.to_integral_value() else float(value)


def number_text(value: Number) -> str:
    """A number without a needless fraction: 3.7, 100."""
    return f"{exact(value):.4f}".rstrip("0").rstrip(".")


def yuan_text(value: Number, currency: str = "元") -> str:
    """A sum as people read it: 300000 → 30 万元, 3370000000 → 33.7 亿元. In a unit that needs no rounding."""
    value = exact(value)
    for unit, name in _UNITS:
        scaled = value / unit
        if abs(value) >= unit and scaled == round(scaled, 4):
            return f"{number_text(scaled)} {name}{currency}"
    return f"{number_text(cents(value))} {currency}"
