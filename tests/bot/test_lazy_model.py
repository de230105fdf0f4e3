"""A model read lazily is the model that Rasa reads."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

pytest.importorskip("rasa")

from rasa.engine.graph import GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.exceptions import UnsupportedModelVersionError
from rasa.graph_components.providers.domain_provider import DomainProvider
from rasa.shared.core.domain import Domain
from rasa.shared.utils.io import read_json_file
from tarsafe import TarSafeException  # type: ignore[import-untyped]

from bot.project import MODEL
from bot.runtime.lazy_model import LateSchema, read_models_lazily

pytestmark = pytest.mark.agent


@pytest.fixture(scope="module", autouse=True)
def lazily() -> None:
    read_models_lazily()


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's files as tarfile unpacks them."""
    folder = tmp_path_factory.mktemp("model")
    with tarfile.open(MODEL) as archive:
        archive.extractall(folder)
    return folder


def test_the_files_are_those_of_the_archive(unpacked: Path, tmp_path: Path) -> None:
    LocalModelStorage._extract_archive_to_directory(MODEL, tmp_path)
    files = {path.relative_to(unpacked): path.read_bytes() for path in unpacked.rglob("*") if path.is_file()}
    assert files
    assert {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == files


def test_no_file_gets_out_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "evil").write_text("x", encoding="utf-8")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "evil", arcname="../../evil")
    with pytest.raises(TarSafeException):
        LocalModelStorage._extract_archive_to_directory(tmp_path / "model.tar.gz", tmp_path / "out")


def test_a_model_of_rasa_2_is_refused(tmp_path: Path) -> None:
    (tmp_path / "fingerprint.json").write_text('{"version": "2.8.0"}', encoding="utf-8")
    with tarfile.open(tmp_path / "model.tar.gz", "w:gz") as archive:
        archive.add(tmp_path / "fingerprint.json", arcname="fingerprint.json")
    with pytest.raises(UnsupportedModelVersionError):
        LocalModelStorage._extract_archive_to_directory(tmp_path / "model.tar.gz", tmp_path / "out")


def test_the_training_graph_is_there_when_asked_for(unpacked: Path) -> None:
    metadata = LocalModelStorage.metadata_from_archive(MODEL)
    written = read_json_file(unpacked / "metadata.json")
    assert isinstance(metadata.train_schema, LateSchema)
    assert "nodes" not in vars(metadata.train_schema)
    assert metadata.train_schema.as_dict() == GraphSchema.from_dict(written["train_schema"]).as_dict()
    assert metadata.predict_schema.nodes


def test_the_domain_is_the_one_that_rasa_checks(unpacked: Path, tmp_path: Path) -> None:
    storage = LocalModelStorage(unpacked / "components")
    ours = DomainProvider.load({}, storage, Resource("domain_provider"), None).provide_inference()
    checked = Domain.from_path(unpacked / "components" / "domain_provider")
    assert ours.as_dict() == checked.as_dict()
    assert ours.fingerprint() == checked.fingerprint()
