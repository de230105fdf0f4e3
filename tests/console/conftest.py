"""What the tests of the console share: the trained assistant."""

from tests.assistant import agent, loop

__all__ = ["agent", "loop"]
