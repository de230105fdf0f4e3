"""The aspects of a policy that people ask for."""

from __future__ import annotations

from enum import Enum


class Aspect(str, Enum):
    """What a question wants to know of a policy."""

    AMOUNT = "amount"
    CALCULATE = "calculate"
    CONDITIONS = "conditions"
    AUDIENCE = "audience"
    DEPARTMENT = "department"
    CONTACT = "contact"
    PROCESS = "process"
    MATERIALS = "materials"
    DEADLINE = "deadline"
    SOURCE = "source"
    INTRODUCTION = "introduction"
    LIST = "list"
    MATCH = "match"
    COMPARE = "compare"
    STATUS = "status"
    DETAIL = "detail"
