"""The actions in Rasa's own process: no action server to start, to wait for, or to find gone."""

from __future__ import annotations

from typing import Any

from rasa.utils.endpoints import EndpointConfig
from rasa_sdk.executor import ActionExecutor


class InProcessActions(EndpointConfig):
    """An action endpoint whose requests are calls. The HTTP action server stays a supported deployment."""

    in_process = True

    def __init__(self) -> None:
        super().__init__(url="in-process://actions")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run the action that Rasa asks for and return its events and responses."""
        result = await self._executor.run(kwargs["json"])
        return dict(result.to_dict() if hasattr(result, "to_dict") else result or {})
