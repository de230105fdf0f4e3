"""A trained model read without what running it never asks for: the graph of its training, the check of its domain."""

from __future__ import annotations

import gzip
import tarfile
import zlib
from functools import cache, cached_property
from io import BytesIO
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphSchema, SchemaNode
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelMetadata, ModelStorage
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_file, read_yaml
from tarsafe import TarSafe  # type: ignore[import-untyped]

from bot.runtime.version import known_rasa


@cache
def read_models_lazily() -> None:
    """Read models so from now on, in this process; with a version of Rasa that is not known, as Rasa does."""
    if known_rasa():
        unpack_at_once()
        leave_training()
        trust_domain()


def unpack_at_once() -> None:
    """Unpack the archive of a model in memory: Rasa reads the compressed file once to check its paths, and once again."""
    checked = LocalModelStorage._assert_not_rasa2_archive

    def extract(archive: str | Path, folder: str | Path) -> None:
        try:
            content = gzip.decompress(Path(archive).read_bytes())
        except (gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise tarfile.ReadError(f"{archive}: {error}") from error  # as when tarfile unpacks it
        with TarSafe.open(fileobj=BytesIO(content), mode="r:") as files:
            files.extractall(folder)
        checked(folder)

    LocalModelStorage._extract_archive_to_directory = staticmethod(extract)


class LateSchema(GraphSchema):
    """The graph that GraphSchema.as_dict wrote, made when its nodes are asked for."""

    def __init__(self, written: dict[str, Any]):
        self._written = written

    @cached_property
    def nodes(self) -> dict[str, SchemaNode]:
        """The nodes by name. Raises GraphSchemaException when the class of one is not found."""
        return dict(GraphSchema.from_dict(self._written).nodes)


def leave_training() -> None:
    """Leave the training graph as it is written: making it imports the classes that check a training, DIET's among them."""
    read = ModelMetadata.from_dict

    def from_dict(written: dict[str, Any]) -> ModelMetadata:
        metadata = read({**written, "train_schema": {"nodes": {}}})
        metadata.train_schema = LateSchema(written["train_schema"])
        return metadata

    ModelMetadata.from_dict = staticmethod(from_dict)


def trust_domain() -> None:
    """Take the domain of a model as its training wrote it. Rasa checks it against its schema once more: 0.1 s."""

    def load(
        cls: type[DomainProvider],
        /,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> DomainProvider:
        with model_storage.read_from(resource) as folder:
            domain = Domain.from_dict(read_yaml(read_file(folder / "domain.yml")))
        return cls(model_storage, resource, domain)

    DomainProvider.load = classmethod(load)
