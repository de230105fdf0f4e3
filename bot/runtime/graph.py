"""Runs the model's graph without dask: the order of the nodes is worked out once, then they are called one after another."""

from __future__ import annotations

import logging
from typing import Any

from rasa.engine.exceptions import GraphComponentException, GraphRunError
from rasa.engine.graph import GraphNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.shared.exceptions import InvalidConfigException, RasaException

logger = logging.getLogger(__name__)


class PlainGraphRunner(DaskGraphRunner):
    """The same nodes, inputs and results as of Rasa's runner."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._orders: dict[tuple[str, ...], list[tuple[str, tuple[str, ...]]]] = {}

    def run(self, inputs: dict[str, Any] | None = None, targets: list[str] | None = None) -> dict[str, Any]:
        """The outputs of the targets. Raises GraphRunError when a node is told of no input, or fails without a reason."""
        wanted = tuple(targets or self._graph_schema.target_names)
        inputs = inputs or {}
        clash = next((name for name in inputs.values() if isinstance(name, str) and name in self._instantiated_nodes), None)
        if clash is not None:
            raise GraphRunError(f"Input value '{clash}' clashes with a node name.")
        # A node takes and gives pairs of a name and a value; one that is not there is passed on as its bare name.
        pairs: dict[str, Any] = {name: (name, value) for name, value in inputs.items()}
        try:
            for name, needs in self._order(wanted):
                node = self._instantiated_nodes[name]
                if node._eager and not node._hooks and all(need in pairs for need in needs):
                    pairs[name] = name, _output(node, {own: pairs[need][1] for own, need in node._inputs.items()})
                else:
                    pairs[name] = node(*(pairs.get(need, need) for need in needs))
        except RuntimeError as error:
            raise GraphRunError("Error running runner.") from error
        return dict(pairs[name] for name in wanted)

    def _order(self, targets: tuple[str, ...]) -> list[tuple[str, tuple[str, ...]]]:
        """The nodes that the targets need, each after those it needs itself, with the names of these."""
        if targets not in self._orders:
            nodes = self._graph_schema.minimal_graph_schema(list(targets)).nodes
            order: dict[str, tuple[str, ...]] = {}

            def place(name: str) -> None:
                if name in order or name not in nodes:
                    return
                needs = tuple(nodes[name].needs.values())
                for need in needs:
                    place(need)
                order[name] = needs

            for name in nodes:
                place(name)
            self._orders[targets] = list(order.items())
        return self._orders[targets]


def _output(node: GraphNode, given: dict[str, Any]) -> Any:
    """What a node's component makes of its inputs, failing as the node does; most of a node's own work is to wrap them."""
    try:
        return node._fn(node._component, **given)
    except InvalidConfigException:
        raise
    except RasaException:
        logger.error("Error running graph component for node %s.", node._node_name)
        raise
    except Exception as error:
        raise GraphComponentException(f"Error running graph component for node {node._node_name}.") from error
