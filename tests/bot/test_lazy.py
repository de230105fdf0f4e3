"""What a running assistant does not use is not imported, and is there all the same for those who do use it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytest.importorskip("rasa")

from bot.project import MODEL
from bot.runtime.lazy import DEFERRED

# Begins a process as the command `huiqi` does. Every import is quiet: warnings of Rasa's own libraries are none of ours.
BEGIN = """
import json, sys, warnings
warnings.simplefilter("ignore")
from bot import project
from bot.runtime import lazy
project.quiet()
"""


def told(script: str, *, deferred: bool = True) -> Any:
    """What a script prints as JSON in a process of its own."""
    code = BEGIN + ("lazy.defer()\n" if deferred else "") + script
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=120, env=os.environ)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.agent
def test_a_served_assistant_answers_without_them() -> None:
    assert MODEL.exists(), "run huiqi train"
    heavy = ["tensorflow", "keras", "jax", "sklearn", "scipy.stats", "matplotlib", "botocore", "twilio", "slack_sdk", "aiogram"]
    heavy += ["apscheduler", "redis"]
    found = told(
        f"""
import asyncio
from bot import logs, serving
logs.configure()
serving.endpoints()
serving.create_app("127.0.0.1", 5399)
from bot.conversation import Conversation, load_agent, warm_up
agent = load_agent()
asyncio.run(warm_up(agent))
said = asyncio.run(Conversation(agent).say("你好"))
ran = [name for name, module in sys.modules.items() if type(module) is not lazy.DeferredModule]
print(json.dumps([len(said), [name for name in {heavy} if name in ran], [name for name in lazy.DEFERRED if name in ran]]))
"""
    )
    answers, imported, ran = found
    assert answers >= 1
    assert imported == []
    assert ran == []


@pytest.mark.parametrize("name", [name for name in DEFERRED if name != "rasa.core.test"])
def test_each_is_real_when_it_is_used(name: str) -> None:
    """Its names are those of an ordinary import. (rasa.core.test has the same, and takes TensorFlow's seconds.)"""
    script = """
import importlib
module = importlib.import_module({name!r})
put_off = type(module).__name__
getattr(module, "no_such_name", None)
print(json.dumps([put_off, type(module).__name__, sorted(n for n in vars(module) if not n.startswith("_"))]))
"""
    put_off, after, names = told(script.format(name=name))
    _, _, real = told(script.format(name=name), deferred=False)
    assert put_off == "DeferredModule"
    assert after == "module"
    assert set(real) <= set(names)


def test_names_taken_while_importing_are_real_when_called() -> None:
    assert told(
        """
from rasa.utils.tensorflow.model_data import ragged_array_to_ndarray
before = "sklearn" in sys.modules
print(json.dumps([before, ragged_array_to_ndarray([[1, 2], [3, 4]]).shape, "sklearn" in sys.modules]))
"""
    ) == [False, [2, 2], True]


def test_names_that_live_elsewhere_are_themselves() -> None:
    assert told(
        """
from rasa.core.channels import OutputChannel, UserMessage
import rasa.core.channels.channel as home
print(json.dumps([UserMessage is home.UserMessage, OutputChannel is home.OutputChannel, "twilio" in sys.modules]))
"""
    ) == [True, True, False]


def test_rasas_own_channels_can_be_opened() -> None:
    assert told(
        """
from bot import serving
print(json.dumps([serving._channel("rest", None).name(), serving._channel("bot.channels.rest.PublicRestInput", {}).name()]))
"""
    ) == ["rest", "rest"]


def test_a_stand_in_can_be_subclassed() -> None:
    assert told(
        """
from socketio import AsyncRedisManager
class Manager(AsyncRedisManager): pass
import socketio.async_redis_manager as home
print(json.dumps([issubclass(Manager, home.AsyncRedisManager), Manager.__mro__[1].__name__]))
"""
    ) == [True, "AsyncRedisManager"]


def test_tensorflow_is_there_for_who_needs_it() -> None:
    assert told(
        """
import rasa.core.agent
before = "tensorflow" in sys.modules
from rasa.nlu.classifiers.diet_classifier import DIETClassifier
import tensorflow as tf
from rasa.core.policies.ted_policy import TEDPolicy
print(json.dumps([before, DIETClassifier.__name__, int(tf.constant(2) + 1), TEDPolicy.__name__]))
"""
    ) == [False, "DIETClassifier", 3, "TEDPolicy"]


def test_dynamodb_finds_its_library() -> None:
    assert told(
        """
from rasa.core.tracker_store import DynamoTrackerStore, Key
from boto3.dynamodb.conditions import Attr
import boto3.session
print(json.dumps([Key("a").eq("b").expression_operator, Attr("a").exists().expression_operator,
    boto3.session.Session.__name__, boto3.resource.__name__]))
"""
    ) == ["=", "attribute_exists", "Session", "resource"]


def test_nothing_is_put_off_with_another_rasa() -> None:
    assert told(
        """
import logging, rasa
logging.disable(logging.CRITICAL)
rasa.__version__ = "3.99.0"
import dask
print(json.dumps([type(dask).__name__]))
"""
    ) == ["module"]
