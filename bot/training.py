"""Training when something that the model depends on has changed, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

from actions.knowledge.store import default_folder
from bot import project

STAMP = project.MODELS / "huiqi.sha256"


def inputs() -> Iterator[Path]:
    """Every file on which the model depends: data, book, configuration, the code of reading and classifying."""
    folders = (
        *project.TRAINING_DATA,
        default_folder(),
        project.DOMAIN,
        project.ROOT / "bot" / "nlu",
        project.ROOT / "actions" / "knowledge",
    )
    yield project.CONFIG
    yield project.ROOT / "requirements.lock"
    for folder in folders:
        yield from (path for path in sorted(folder.rglob("*")) if path.suffix in (".yml", ".yaml", ".py"))


def fingerprint() -> str:
    """Changes with any input."""
    digest = sha256()
    for path in inputs():
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def fresh() -> bool:
    """Whether the model is there and made from the inputs as they stand."""
    return project.MODEL.exists() and STAMP.exists() and STAMP.read_text().strip() == fingerprint()


def train(force: bool = False) -> Path:
    """Train the model. Raises RuntimeError with Rasa's return code when it fails."""
    from rasa import train as rasa_train  # imports TensorFlow: seconds

    stamp = fingerprint()
    project.MODELS.mkdir(exist_ok=True)
    STAMP.unlink(missing_ok=True)  # an interrupted training must not count as done
    result = rasa_train(
        domain=str(project.DOMAIN),
        config=str(project.CONFIG),
        training_files=[str(path) for path in project.TRAINING_DATA],
        output=str(project.MODELS),
        fixed_model_name=project.MODEL.name.removesuffix(".tar.gz"),
        force_training=force,
    )
    if result.model is None:
        raise RuntimeError(f"训练没有成功（返回码 {result.code}）。")
    STAMP.write_text(stamp + "\n")
    return project.MODEL
