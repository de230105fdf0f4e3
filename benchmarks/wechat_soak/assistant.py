"""The assistant as `huiqi serve` runs it, but that some turns wait first. Run by the benchmark, in a process of its own."""

from __future__ import annotations

import os
import random
from asyncio import sleep
from typing import Any

from bot import logs, project

SLOW = "SOAK_SLOW"
# Between the platform's first cut and after its last, in seconds.
SHORTEST, LONGEST = 5.0, 17.0


def main() -> None:
    """Serve until stopped, on $HOST and $PORT; $SOAK_SLOW is the share of the turns that wait."""
    project.quiet()
    logs.configure()
    from bot import serving  # noqa: PLC0415 - Rasa must find the settings above

    share, chance = float(os.environ[SLOW]), random.Random(6)
    host, port = os.environ["HOST"], int(os.environ["PORT"])
    app = serving.create_app(host, port)

    async def slow_down(app: Any, loop: Any) -> None:
        handle = app.ctx.agent.handle_message

        async def waiting(message: Any) -> Any:
            if message.input_channel == "wechat" and chance.random() < share:
                await sleep(chance.uniform(SHORTEST, LONGEST))
            return await handle(message)

        app.ctx.agent.handle_message = waiting

    app.register_listener(slow_down, "before_server_start")
    app.run(host=host, port=port, workers=1, access_log=False)


if __name__ == "__main__":
    main()
