"""The one version of Rasa whose machinery is known here."""

from __future__ import annotations

import logging
from functools import cache

import rasa

logger = logging.getLogger(__name__)

KNOWN = "3.6.21"


@cache
def known_rasa() -> bool:
    """Whether Rasa is the version that the shortcuts were written for; if not, it is said once, and none is taken."""
    if rasa.__version__ == KNOWN:
        return True
    logger.warning("当前的 Rasa 是 %s，提速只适用于 %s：照常运行，但不提速。", rasa.__version__, KNOWN)
    return False
