"""Functions called in a process of their own, so that nothing is warm and the memory is theirs alone."""

from __future__ import annotations

import importlib
import logging
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bot import logs, project


def apart(module: str, function: str, *arguments: Any) -> Any:
    """The result of a module's function, called in a fresh process (which alone imports the module)."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_call, f"{__package__}.{module}", function, arguments).result()


def _call(module: str, function: str, arguments: tuple[Any, ...]) -> Any:
    project.quiet()
    # Rasa's cache would restore an earlier training, which then takes no time.
    os.environ["RASA_MAX_CACHE_SIZE"] = "0"
    logs.configure()
    logging.captureWarnings(True)  # other packages' deprecations
    logging.getLogger("py.warnings").setLevel(logging.ERROR)
    return getattr(importlib.import_module(module), function)(*arguments)
