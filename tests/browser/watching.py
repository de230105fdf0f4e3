"""What goes wrong in a page without anybody seeing it: errors in the console, exceptions, CSP violations, failed requests."""

from __future__ import annotations

import re

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

# Listens in every document before its own scripts run.
SCRIPT = """
document.addEventListener("securitypolicyviolation", (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`);
});
"""
# What a page was still loading when it was left.
LEFT = "net::ERR_ABORTED"


class Watch:
    """Collects the troubles of all pages of a test."""

    def __init__(self) -> None:
        self._troubles: list[str] = []
        self._expected: list[str] = []

    def follow(self, context: BrowserContext) -> None:
        """Collect what happens in a context from now on."""
        context.add_init_script(SCRIPT)
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)
        context.on("response", self._response)

    def expect(self, *patterns: str) -> None:
        """Troubles that belong to this test: regular expressions for them."""
        self._expected += patterns

    def unexpected(self) -> list[str]:
        """All others."""
        return [trouble for trouble in self._troubles if not any(re.search(pattern, trouble) for pattern in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self._troubles.append(f"console {message.type}: {message.text} ({message.location['url']})")

    def _error(self, error: WebError) -> None:
        self._troubles.append(f"exception: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != LEFT:
            self._troubles.append(f"failed: {request.failure} {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400:
            self._troubles.append(f"status: {response.status} {response.url}")
