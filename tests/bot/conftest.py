"""The server and the components run through the trained assistant."""

from tests.assistant import agent, loop

__all__ = ["agent", "loop"]
