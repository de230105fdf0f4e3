"""The actions in Rasa's own process: no action server to start, to wait for, or to find gone."""

from __future__ import annotations

from functools import cached_property
from types import MappingProxyType
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker, utils
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionNotFoundException

# What is copied by not being copied: most of what there is.
SCALARS = frozenset((str, int, float, bool, type(None)))


class InProcessActions(EndpointConfig):
    """An action endpoint whose requests are calls. The HTTP action server stays a supported deployment."""

    in_process = True

    def __init__(self) -> None:
        super().__init__(url="in-process://actions")
        self._executor = ActionExecutor()
        self._executor.register_package("actions")
        self._domain: tuple[Domain | None, MappingProxyType[str, Any]] = (None, MappingProxyType({}))

    async def request(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Run the action that Rasa asks for and return its events and responses.

        Raises ActionNotFoundException for a name that no action has.
        """
        call = kwargs["json"]
        tracker, domain = call["tracker"], call.get("domain") or {}
        if not isinstance(tracker, DialogueStateTracker):  # Rasa's own form of a call, as without the shortcuts
            return dict(await self._executor.run(call) or {})
        name = call["next_action"]
        action = self._executor.actions.get(name)
        if action is None:
            raise ActionNotFoundException(name)
        dispatcher = CollectingDispatcher()
        found = await utils.call_potential_coroutine(action(dispatcher, CalledTracker(tracker), self._plain_domain(domain)))
        events = self._executor.validate_events(found or [], name)
        return {"events": plain(events), "responses": dispatcher.messages}

    def _plain_domain(self, domain: Domain) -> MappingProxyType[str, Any]:
        """The domain as data, made once for each that is loaded."""
        if self._domain[0] is not domain:
            self._domain = (domain, MappingProxyType(domain.as_dict()))
        return self._domain[1]


class CalledTracker(Tracker):
    """Rasa's tracker as an action sees it over HTTP: plain copies. The events are made only when asked for."""

    def __init__(self, tracker: DialogueStateTracker):
        # As in `tracker.current_state()`, which copies all of an active loop and looks for the input channel besides.
        self._tracker = tracker
        self.sender_id, self.followup_action = tracker.sender_id, tracker.followup_action
        self.slots = plain(tracker.current_slot_values())
        self.latest_message = plain(tracker._latest_message_data() or {})
        self._paused = tracker.is_paused()
        self.active_loop = plain(vars(tracker.active_loop)) if tracker.active_loop else {}
        self.latest_action_name = tracker.latest_action_name

    @cached_property
    def events(self) -> list[dict[str, Any]]:
        """All events of the conversation, the oldest first."""
        return [plain(event.as_dict()) for event in self._tracker.events]


def plain(value: Any) -> Any:
    """A copy as it would come out of JSON: what an action does to it stays with the action."""
    if isinstance(value, dict):
        return {key: item if type(item) in SCALARS else plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [item if type(item) in SCALARS else plain(item) for item in value]
    return value
