"""A JSON Schema as a quick check: yes, the value is surely valid; or perhaps not, and jsonschema must say what is wrong.

Only what the schemas of the book use is known here; any other word of a schema makes its answer “perhaps not”.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

Check = Callable[[Any], bool]

_ABOUT = {"$schema", "title", "description", "definitions"}
# In JSON Schema a bool is no number and 1.0 is an integer; that one is left to jsonschema.
_TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "integer": (int,),
    "null": (type(None),),
}


def quick_check(schema: dict[str, Any]) -> Check:
    """The quick check of a whole schema."""
    return _Maker(schema).check(schema)


class _Maker:
    """Makes checks of the parts of one schema; a part that is referred to is made once."""

    def __init__(self, schema: dict[str, Any]):
        self._schema = schema
        self._made: dict[str, Check] = {}

    def check(self, schema: dict[str, Any]) -> Check:
        """The check of a part. What stands beside a $ref means nothing in draft 7."""
        if "$ref" in schema:
            return self._referred(schema["$ref"])
        words = {word: wanted for word, wanted in schema.items() if word not in _ABOUT}
        checks: list[Check] = []
        if {"properties", "additionalProperties", "required"} & words.keys():
            checks.append(self._object(words))
        if "if" in words:
            checks.append(self._choice(self.check(words.pop("if")), self.check(words.pop("then", {}))))
        for word, wanted in words.items():
            checks.append(self._word(word, wanted))
        return checks[0] if len(checks) == 1 else _all(checks)

    def _referred(self, reference: str) -> Check:
        if reference not in self._made:
            part = self._schema
            for step in reference.removeprefix("#/").split("/"):
                part = part[step]
            self._made[reference] = self.check(part)
        return self._made[reference]

    def _word(self, word: str, wanted: Any) -> Check:
        if word == "type":
            kinds = {kind for name in ([wanted] if isinstance(wanted, str) else wanted) for kind in _TYPES[name]}
            return lambda value: type(value) in kinds
        if word in ("enum", "const"):
            known = frozenset(wanted if word == "enum" else [wanted])
            return lambda value: isinstance(value, str) and value in known
        if word == "pattern":
            form = re.compile(wanted)
            return lambda value: not isinstance(value, str) or form.search(value) is not None
        if word == "items":
            each = self.check(wanted)
            return lambda value: not isinstance(value, list) or all(map(each, value))
        if word == "uniqueItems":
            return lambda value: _texts(value) and len(set(value)) == len(value)
        if word in ("minItems", "minLength", "minProperties"):
            return lambda value: not isinstance(value, (str, list, dict)) or len(value) >= wanted
        if word == "allOf":
            return _all([self.check(part) for part in wanted])
        return _NUMBERS[word](wanted) if word in _NUMBERS else _perhaps_not

    def _object(self, words: dict[str, Any]) -> Check:
        parts = {key: self.check(part) for key, part in words.pop("properties", {}).items()}
        needed = frozenset(words.pop("required", ()))
        only = words.pop("additionalProperties", True) is False

        def check(value: Any) -> bool:
            if not isinstance(value, dict):
                return True
            if not needed <= value.keys() or (only and not value.keys() <= parts.keys()):
                return False
            return all(parts[key](item) for key, item in value.items() if key in parts)

        return check
