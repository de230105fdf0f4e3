"""From times to the figures of the tables."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from typing import TypedDict


class Spread(TypedDict):
    """What is told of many times, all in one unit (ms where nothing else is said)."""

    count: int
    p50: float
    p95: float
    p99: float


def spread(times: Sequence[float]) -> Spread:
    """The median and the 95th and 99th percentile. Raises ValueError when there are no times."""
    return Spread(
        count=len(times),
        p50=round(statistics.median(times), 3),
        p95=round(percentile(times, 0.95), 3),
        p99=round(percentile(times, 0.99), 3),
    )


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest of the times that such a share of them (0 to 1) does not exceed. Raises ValueError when there are none."""
    if not times:
        raise ValueError("no times were measured")
    return sorted(times)[math.ceil(share * len(times)) - 1]


def shown(value: float) -> str:
    """A figure to three digits, large ones in full."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
