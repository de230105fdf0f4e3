"""Rasa checks every action's result against a JSON schema, and that schema against its own, at every turn.

The second check is three quarters of a turn's time and always ends the same: it is done once here.
"""

from __future__ import annotations

from typing import Any

import jsonschema
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def compile_action_validation() -> None:
    """Let all actions share one compiled validator. The results are checked as before."""
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    compiled = kind(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        error = jsonschema.exceptions.best_match(compiled.iter_errors(result))
        if error is not None:
            error.message += "（动作服务器返回的内容不合格式）"
            raise error
        return True

    RemoteAction._validate_action_result = validate
