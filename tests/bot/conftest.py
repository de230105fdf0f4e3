"""The server and the components run through the trained assistant."""

import warnings

from tests.assistant import agent, loop

with warnings.catch_warnings():
    # Rasa resets pytest's filters while it is imported; jieba then warns of pkg_resources.
    warnings.simplefilter("ignore", DeprecationWarning)
    import jieba  # noqa: F401 - imported here so that it is not imported later

__all__ = ["agent", "loop"]
