"""The day on which answers are given; Rasa-free, so that the pages can ask, too."""

from __future__ import annotations

import os
from datetime import date


def today() -> date:
    """The day on which answers are given: $HUIQI_TODAY (YYYY-MM-DD) for replays, else the clock's."""
    fixed = os.environ.get("HUIQI_TODAY")
    return date.fromisoformat(fixed) if fixed else date.today()
