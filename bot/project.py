"""Where the parts of the project lie."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CONFIG = ROOT / "bot" / "config.yml"
DOMAIN = ROOT / "bot" / "domain"
CREDENTIALS = Path(os.environ.get("HUIQI_CREDENTIALS") or ROOT / "bot" / "credentials.yml")
ENDPOINTS = ROOT / "bot" / "endpoints.yml"
TRAINING_DATA = (ROOT / "data" / "nlu", ROOT / "data" / "stories")
MODELS = ROOT / "models"
MODEL = MODELS / "huiqi.tar.gz"
WEB = ROOT / "bot" / "web"


def quiet() -> None:
    """Keep TensorFlow, SQLAlchemy, tqdm and Rasa's telemetry silent. Must run before Rasa is imported."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("SANIC_MOTD", "False")
