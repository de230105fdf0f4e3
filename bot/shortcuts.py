"""What Rasa works out anew at every turn and that always comes out the same, worked out once."""

from __future__ import annotations

from functools import cache
from typing import Any

import jsonschema
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses


@cache
def take_shortcuts() -> None:
    """Replace the slow ways, once; what they give stays the same."""
    compile_action_validation()
    remember_event_classes()


def compile_action_validation() -> None:
    """Check the results of actions by one compiled validator, and only those that come from another process.

    Rasa checks the schema itself each time, too: three quarters of a turn.
    """
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema)
    kind.check_schema(schema)
    compiled = kind(schema)

    def validate(self: RemoteAction, result: dict[str, Any]) -> bool:
        if getattr(self.action_endpoint, "in_process", False):
            return True
        error = jsonschema.exceptions.best_match(compiled.iter_errors(result))
        if error is not None:
            error.message += "（动作服务器返回的内容不合格式）"
            raise error
        return True

    RemoteAction._validate_action_result = validate


def remember_event_classes() -> None:
    """Find the class of an event by its name without walking through all classes, for each of a conversation's events."""
    known: dict[str, type[Event]] = {}
    for kind in all_subclasses(Event):
        known.setdefault(getattr(kind, "type_name", ""), kind)

    search = Event.resolve_by_type

    def resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
        found: type[Event] | None = known.get(type_name) or search(type_name, default)
        return found

    Event.resolve_by_type = staticmethod(resolve_by_type)
