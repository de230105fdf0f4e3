"""A JSON Schema as a quick check: yes, the value is surely valid; or perhaps not, and jsonschema must say what is wrong.

Only what the schemas of the book use is known here. Any other word in a schema makes the answer “perhaps not”.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from operator import ge, gt, le, lt
from typing import Any

Check = Callable[[Any], bool]

_ABOUT = {"$schema", "title", "description", "definitions"}
# By exact type: a bool is no number. That 1.0 may pass for an integer is left to jsonschema.
_TYPES: dict[str, set[type]] = {
    "object": {dict},
    "array": {list},
    "string": {str},
    "number": {int, float},
    "integer": {int},
    "null": {type(None)},
}
_LIMITS = {"minimum": ge, "exclusiveMinimum": gt, "maximum": le, "exclusiveMaximum": lt}


def quick_check(schema: dict[str, Any]) -> Check:
    """The quick check of a whole schema."""
    return _Maker(schema).check(schema)


class _Maker:
    """Makes the checks of one schema; a part that others refer to is made once."""

    def __init__(self, schema: dict[str, Any]):
        self._schema = schema
        self._made: dict[str, Check] = {}

    def check(self, schema: dict[str, Any]) -> Check:
        """The check of a part. What stands beside a $ref means nothing in draft 7."""
        if "$ref" in schema:
            return self._referred(schema["$ref"])
        words = {word: wanted for word, wanted in schema.items() if word not in _ABOUT}
        checks = []
        if words.keys() & {"properties", "required", "additionalProperties"}:
            wanted = (words.pop("properties", {}), words.pop("required", []), words.pop("additionalProperties", True))
            checks.append(self._object(*wanted))
        if "if" in words:
            checks.append(self._choice(words.pop("if"), words.pop("then", {})))
        checks += [self._word(word, wanted) for word, wanted in words.items()]
        return checks[0] if len(checks) == 1 else _all(checks)

    def _referred(self, reference: str) -> Check:
        if reference not in self._made:
            part = self._schema
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]
            self._made[reference] = self.check(part)
        return self._made[reference]

    def _object(self, properties: dict[str, Any], required: list[str], others: Any) -> Check:
        parts = {key: self.check(part) for key, part in properties.items()}
        needed = frozenset(required)
        if not isinstance(others, bool):
            return _perhaps_not

        def check(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            if not needed <= value.keys() or not (others or value.keys() <= parts.keys()):
                return False
            return all(parts[key](item) for key, item in value.items() if key in parts)

        return check

    def _choice(self, condition: dict[str, Any], then: dict[str, Any]) -> Check:
        """Only for a condition of which a quick no is a sure no: one key is one of some texts."""
        keys = condition.get("properties", {})
        if condition.keys() != {"properties"} or len(keys) != 1:
            return _perhaps_not
        ((key, wanted),) = keys.items()
        values = wanted.get("enum", [wanted.get("const")])
        if wanted.keys() not in ({"enum"}, {"const"}) or not _texts(values):
            return _perhaps_not
        check = self.check(then)
        # An object without the key fulfils the condition, too.
        return lambda value: not isinstance(value, dict) or (key in value and value[key] not in values) or check(value)

    def _word(self, word: str, wanted: Any) -> Check:
        """The check of a single word of a schema."""
        if word == "type":
            kinds = set().union(*(_TYPES.get(name, ()) for name in ([wanted] if isinstance(wanted, str) else wanted)))
            return lambda value: type(value) in kinds
        if word == "enum" and _texts(wanted):
            known = frozenset(wanted)
            return lambda value: isinstance(value, str) and value in known
        if word == "pattern":
            found = re.compile(wanted).search
            return lambda value: not isinstance(value, str) or found(value) is not None
        if word == "items" and isinstance(wanted, dict):
            each = self.check(wanted)
            return lambda value: not isinstance(value, list) or all(map(each, value))
        if word == "uniqueItems" and wanted is True:
            return lambda value: _texts(value) and len(set(value)) == len(value)
        if word in ("minItems", "minLength", "minProperties"):
            return lambda value: isinstance(value, (str, list, dict)) and len(value) >= wanted
        if word == "allOf":
            return _all([self.check(part) for part in wanted])
        if word in _LIMITS:
            compare = _LIMITS[word]
            return lambda value: type(value) in _TYPES["number"] and compare(value, wanted)
        return _perhaps_not


def _all(checks: list[Check]) -> Check:
    return lambda value: all(check(value) for check in checks)


def _perhaps_not(value: Any) -> bool:
    return False


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
