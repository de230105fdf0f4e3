"""The domain, and the trained assistant."""

import warnings

import pytest

from bot import project
from tests.assistant import agent, loop

project.quiet()
with warnings.catch_warnings():
    # Rasa resets pytest's filters while it is imported; jieba then warns of pkg_resources.
    warnings.simplefilter("ignore", DeprecationWarning)
    import jieba  # noqa: F401 - imported here so that it is not imported later

from rasa.shared.core.domain import Domain  # noqa: E402 - Rasa is to be quiet by then

__all__ = ["agent", "loop"]


@pytest.fixture(scope="session")
def domain() -> Domain:
    """The assistant's."""
    return Domain.load(str(project.ROOT / "bot" / "domain"))
