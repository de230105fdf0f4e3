"""The site: the home page, the policies as pages, the widget's files, and the headers that guard them."""

from __future__ import annotations

from sanic import Sanic

from bot import project
from bot.site import assets, headers, pages


def attach(app: Sanic) -> None:
    """Serve the site from an application."""
    assets.serve(app, "/widget", project.WEB / "widget", shared=True)
    assets.serve(app, "/assets", project.WEB / "site")
    pages.serve(app)
    headers.guard(app)
