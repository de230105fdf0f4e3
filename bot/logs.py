"""Logging: quiet by default, no text of questions at INFO, third-party warnings silenced by name."""

from __future__ import annotations

import logging
import os
import warnings


def configure() -> None:
    """Set up logging at $HUIQI_LOG (WARNING unless said otherwise). Call before Rasa is imported."""
    level = os.environ.get("HUIQI_LOG", "WARNING").upper()
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    # Rasa logs the text of messages below WARNING; ours never does.
    for name in ("rasa", "sanic.access", "sanic.root", "apscheduler", "matplotlib", "tensorflow"):
        logging.getLogger(name).setLevel("WARNING")
    for category, module in (
        (DeprecationWarning, "jieba"),
        (DeprecationWarning, "matplotlib"),
        (DeprecationWarning, "pkg_resources"),
        (DeprecationWarning, "sanic"),
        (DeprecationWarning, "tensorflow"),
        (UserWarning, "rasa.shared.utils.io"),
        (FutureWarning, "rasa"),
    ):
        warnings.filterwarnings("ignore", category=category, module=rf"{module}(\.|$)")
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
