"""The least that a turn over HTTP can take: a bare Sanic that gives a ready answer back. Run as `python -m … PORT`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.speed.assistants import Assistant
from benchmarks.speed.client import ADDRESS, Client
from benchmarks.speed.figures import Spread, spread

# As long and as deep as an answer of the assistant, and citing a policy as one does.
ANSWER: list[dict[str, Any]] = [
    {"recipient_id": "", "text": "一项政策的名称：最高多少，什么条件，哪个部门，出处在哪里。" * 10},
    {"recipient_id": "", "custom": {"type": "policy", "policies": [{"id": "policy", "rules": [{"text": "一条条款"}] * 30}]}},
]


def floor(folder: Path, texts: Sequence[str], rounds: int) -> Spread:
    """Milliseconds a turn of the bare server, asked by the client that asks the assistants."""
    bare = Assistant("floor", folder)
    bare.run(("-m", __name__, str(bare.port)), {})
    try:
        bare.first_answer()
        client = Client(bare.port)
        times = [client.ask(f"floor-{place}", text)[0] for place in range(rounds) for text in texts]
        client.close()
        return spread(times[len(texts) :] or times)  # the first round warms up
    finally:
        bare.stop()


def main(port: int) -> None:
    """Serve until stopped."""
    from sanic import Sanic, response  # noqa: PLC0415 - Sanic itself is imported by nobody but this process
    from sanic.request import Request  # noqa: PLC0415
    from sanic.response import HTTPResponse  # noqa: PLC0415

    app = Sanic("floor", configure_logging=False)

    async def echo(request: Request) -> HTTPResponse:
        body: dict[str, Any] = request.json
        return response.json([{**message, "recipient_id": body["sender"]} for message in ANSWER], ensure_ascii=False)

    app.add_route(echo, ADDRESS, methods=["POST"])
    app.run(host="127.0.0.1", port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]))
