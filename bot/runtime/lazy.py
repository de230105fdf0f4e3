"""Modules that Rasa imports at once and a running assistant never uses are imported when first used: TensorFlow above all.

For the command `huiqi`. `rasa run`, `rasa train` and the like do not come here and import everything as ever.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import Any

# Stands in for a class or function until it is used.
LATER = ""
# The modules, and of each the names that others take out of it while they are imported: where such a name really lives, or
# LATER. Any other name asked of a module runs it.
DEFERRED: dict[str, dict[str, str]] = {
    # TensorFlow, with Keras, TF Lite and JAX.
    "rasa.utils.train_utils": {},
    "rasa.utils.tensorflow.model_data_utils": {},
    # scikit-learn, with scipy.stats.
    "rasa.utils.tensorflow.model_data": {"ragged_array_to_ndarray": LATER},
    # matplotlib: RulePolicy checks its training stories with Rasa's tests.
    "rasa.core.test": {},
    # Every connector with its SDK: Telegram, Slack, Twilio, Webex …
    "rasa.core.channels": {"UserMessage": "rasa.core.channels.channel", "OutputChannel": "rasa.core.channels.channel"},
    # Rasa's commands, reminders, graph runner, its other stores.
    "rasa.cli.utils": {},
    "rasa.telemetry": {},
    "rasa.core.jobs": {},
    "dask": {},
    "boto3": {},
    "boto3.dynamodb": {},
    "boto3.dynamodb.conditions": {"Key": LATER},
    # Tokens of REST channels, locked files, Socket.IO as a client and of several processes, entry points of packages.
    "jwt": {},
    "portalocker": {},
    "socketio.redis_manager": {"RedisManager": LATER},
    "socketio.async_redis_manager": {"AsyncRedisManager": LATER},
    "socketio.async_aiopika_manager": {"AsyncAioPikaManager": LATER},
    "pkg_resources": {},
}


def defer() -> None:
    """Import the modules of DEFERRED, from now on, when they are first used; where Rasa is another version, as ever."""
    if not any(isinstance(finder, DeferringFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, DeferringFinder())


class DeferringFinder(MetaPathFinder):
    """Finds the modules of DEFERRED where the ordinary finder does, and puts off running them."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """The spec of a module to put off; None for every other."""
        if fullname not in DEFERRED or not import_module("bot.runtime.version").known_rasa():
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.loader is not None:
            spec.loader = DeferredLoader(spec.loader)
        return spec


class DeferredLoader(Loader):
    """Gives an empty module that runs its code when it is first asked for something."""

    def __init__(self, real: Loader):
        self.real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """An empty module."""
        return DeferredModule(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Nothing yet."""


class DeferredModule(ModuleType):
    """Becomes an ordinary module when a name is asked for that it has not."""

    def __getattr__(self, name: str) -> Any:
        """A name that the module has not (yet)."""
        if name.startswith("__") and name != "__all__":  # asked by the import system itself
            raise AttributeError(name)
        home = DEFERRED[self.__name__].get(name)
        if home is None:
            run(self)
            return getattr(self, name)
        return getattr(import_module(home), name) if home else Later(self, name)


def run(module: ModuleType) -> None:
    """Run a deferred module, after the package in which it lies."""
    package = sys.modules.get(module.__name__.rpartition(".")[0])
    if isinstance(package, DeferredModule):
        run(package)
    spec = module.__spec__
    if isinstance(module, DeferredModule) and spec is not None and isinstance(spec.loader, DeferredLoader):
        module.__class__ = ModuleType  # type: ignore[assignment]
        spec.loader = module.__loader__ = spec.loader.real
        spec.loader.exec_module(module)


class Later:
    """Stands for a class or function of a deferred module; calling it or making a subclass of it runs the module."""

    def __init__(self, module: ModuleType, name: str):
        self._module, self._name = module, name

    def _real(self) -> Any:
        run(self._module)
        return vars(self._module)[self._name]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """What calling the real one gives."""
        return self._real()(*args, **kwargs)

    def __mro_entries__(self, bases: tuple[Any, ...]) -> tuple[type]:
        """The real class, in the place of this among the bases of another."""
        return (self._real(),)
