"""Logging: quiet by default, no text of questions at INFO, third-party warnings silenced by name."""

from __future__ import annotations

import logging
import os
import warnings

# (category, module that warns): known, harmless, not ours. Everything else is shown.
SILENCED = (
    (DeprecationWarning, r"apscheduler"),
    (DeprecationWarning, r"bot\.runtime\.lazy"),  # what the modules that it imports at last say
    (DeprecationWarning, r"importlib\._bootstrap"),
    (DeprecationWarning, r"jieba"),
    (DeprecationWarning, r"matplotlib"),
    (DeprecationWarning, r"pkg_resources"),
    (DeprecationWarning, r"rasa"),
    (DeprecationWarning, r"sanic"),
    (DeprecationWarning, r"sanic_cors"),
    (DeprecationWarning, r"tensorflow"),
    (FutureWarning, r"rasa"),
    (UserWarning, r"rasa"),
)


def configure() -> None:
    """Set up logging at $HUIQI_LOG (WARNING unless said otherwise). Call before Rasa is imported."""
    level = os.environ.get("HUIQI_LOG", "WARNING").upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Rasa logs the text of messages below WARNING; ours never does.
    for name in ("rasa", "sanic.access", "sanic.root", "apscheduler", "matplotlib", "tensorflow"):
        logging.getLogger(name).setLevel("WARNING")
    # Both set filters of their own when they are imported; ours must come after theirs.
    import sanic  # noqa: F401
    import structlog

    for category, module in SILENCED:
        warnings.filterwarnings("ignore", category=category, module=rf"{module}(\.|$)")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
