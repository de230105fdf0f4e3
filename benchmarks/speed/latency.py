"""What one client waits for an answer, in new conversations and in ones that go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from benchmarks.speed.assistants import Assistant
from benchmarks.speed.client import Client, cites
from benchmarks.speed.figures import Spread, spread
from bot.evaluation.questions import Question

# Turns of a conversation that goes on.
TURNS = 10
# The kind of the questions that the book answers.
ANSWERED = "answer"


class Latency(TypedDict):
    """Milliseconds a turn, the server's CPU milliseconds for one (mean), how many answerable questions got a policy cited."""

    new: Spread
    continuing: Spread
    cpu_ms: float
    cited: int


def latency(assistants: Mapping[str, Assistant], questions: Sequence[Question], rounds: int) -> dict[str, Latency]:
    """Ask all assistants each question by turns, every round in other conversations."""
    clients = {name: Client(assistant.port) for name, assistant in assistants.items()}
    new: dict[str, list[float]] = {name: [] for name in clients}
    continuing: dict[str, list[float]] = {name: [] for name in clients}
    cited = dict.fromkeys(clients, 0)
    cpu = {name: assistant.cpu_s() for name, assistant in assistants.items()}
    order = list(clients)
    for place in range(rounds):
        for number, question in enumerate(questions):
            for name in order:
                taken, messages = clients[name].ask(f"new-{place}-{number}", question.text)
                new[name].append(taken)
                cited[name] += place == 0 and question.kind == ANSWERED and cites(messages)
                continuing[name].append(clients[name].ask(f"goes-on-{place}-{number // TURNS}", question.text)[0])
            order.reverse()
    for client in clients.values():
        client.close()
    found = {}
    for name, assistant in assistants.items():
        cpu_ms = 1000 * (assistant.cpu_s() - cpu[name]) / (len(new[name]) + len(continuing[name]))
        found[name] = Latency(
            new=spread(new[name]), continuing=spread(continuing[name]), cpu_ms=round(cpu_ms, 2), cited=cited[name]
        )
    return found


def warm_up(assistants: Mapping[str, Assistant], texts: Sequence[str]) -> None:
    """Ask before anything is measured: dictionaries and graphs are built at the first questions."""
    for assistant in assistants.values():
        client = Client(assistant.port)
        for number, text in enumerate(texts):
            client.ask(f"warm-up-{number % 4}", text)
        client.close()
