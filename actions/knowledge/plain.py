"""The values of a YAML text, as quickly as libyaml allows: no node, no place, no word on what is wrong with it.

documents.py reads the same text with all of that. Here whatever is out of the ordinary is only said to be so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_RESOLVERS = yaml.SafeLoader.yaml_implicit_resolvers  # first character -> [(tag, form)]


class UnusualError(Exception):
    """A text that needs a closer look: faulty, or with anchors, tags, keys that come twice or odd numbers."""


def plain_value(text: str) -> Any:
    """The value of a YAML text as dict, list, str, int, float, bool and None. Raises UnusualError."""
    loader = LOADER(text)
    try:
        event = loader.get_event
        event()  # the stream
        if type(event()) is not yaml.DocumentStartEvent:
            raise UnusualError
        value = _node(event(), event)
        event()  # the document's end
        if type(event()) is not yaml.StreamEndEvent:
            raise UnusualError
        return value
    except (yaml.YAMLError, ValueError) as error:
        raise UnusualError from error
    finally:
        loader.dispose()


def scalar(kind: str, text: str) -> Any:
    """The value of a scalar of a kind of YAML (int, float, bool, null, …). Dates stay text. Raises ValueError."""
    if kind == "int":
        return int(text.replace("_", ""))
    if kind == "float":
        return float(text)
    if kind == "bool":
        return text.lower() in ("true", "yes", "on")
    return None if kind == "null" else text


def _node(event: Any, following: Callable[[], Any]) -> Any:
    kind = type(event)
    if kind is yaml.AliasEvent or event.anchor is not None or event.tag is not None:
        raise UnusualError
    if kind is yaml.ScalarEvent:
        return _resolved(event.value) if event.implicit[0] else event.value
    if kind is yaml.SequenceStartEvent:
        items: list[Any] = []
        while type(event := following()) is not yaml.SequenceEndEvent:
            items.append(_node(event, following))
        return items
    found: dict[str, Any] = {}
    while type(event := following()) is not yaml.MappingEndEvent:
        if type(event) is not yaml.ScalarEvent or event.value in found:
            raise UnusualError
        found[event.value] = _node(following(), following)
    return found


def _resolved(text: str) -> Any:
    """The value of an unquoted scalar."""
    for tag, form in _RESOLVERS.get(text[:1], ()):
        if form.match(text):
            return scalar(tag.rpartition(":")[2], text)
    return text
