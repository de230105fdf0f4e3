"""The plain graph runner against Rasa's on a small graph."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner

from bot.runtime.graph import PlainGraphRunner

called: list[str] = []


class Adding(GraphComponent):
    @classmethod
    def create(cls, config: dict[str, Any], *_: Any, **__: Any) -> Adding:
        found = cls()
        found.config = config
        return found

    def add(self, left: int, right: int) -> int:
        called.append(self.config["name"])
        if self.config["name"] == "broken":
            raise RuntimeError("broken")
        return left + right


def node(name: str, left: str, right: str) -> SchemaNode:
    return SchemaNode(
        {"left": left, "right": right}, Adding, "create", "add", {"name": name}, eager=True, is_target=name in ("last", "other")
    )


# Named so that neither the order of the names nor that of the schema is the order of the work.
SCHEMA = GraphSchema(
    {
        "last": node("last", "middle", "first"),
        "middle": node("middle", "first", "__b__"),
        "first": node("first", "__a__", "__b__"),
        "other": node("other", "first", "__a__"),
        "broken": node("broken", "first", "first"),
        "lost": node("lost", "first", "__c__"),
        "needs broken": node("needs broken", "broken", "first"),
    }
)
INPUTS = {"__a__": 1, "__b__": 10}


@pytest.fixture(params=[DaskGraphRunner, PlainGraphRunner])
def runner(request: pytest.FixtureRequest) -> Any:
    called.clear()
    return request.param.create(SCHEMA, None, ExecutionContext(SCHEMA))


def test_the_outputs_of_the_targets(runner: Any) -> None:
    assert runner.run(INPUTS, ["last"]) == {"last": 32}
    assert called == ["first", "middle", "last"]
    assert runner.run(INPUTS) == {"last": 32, "other": 12}
    assert runner.run({"__a__": 2, "__b__": 10}, ["other", "middle"]) == {"other": 14, "middle": 22}


@pytest.mark.parametrize("target", ["broken", "needs broken"])
def test_a_node_that_fails(runner: Any, target: str) -> None:
    with pytest.raises(GraphComponentException, match="broken"):
        runner.run(INPUTS, [target])


def test_an_input_that_is_missing(runner: Any) -> None:
    with pytest.raises(GraphRunError, match="__c__"):
        runner.run(INPUTS, ["lost"])


def test_an_input_that_is_a_nodes_name(runner: Any) -> None:
    with pytest.raises(GraphRunError, match="clashes"):
        runner.run({"__a__": "first", "__b__": 1}, ["first"])
