"""The pages by their addresses, rendered from the book as it stands; what was rendered is kept until book or day change."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Sanic
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse, text

from actions.clock import today
from actions.knowledge.store import store
from bot import project
from bot.site import views
from bot.site.overview import overview
from bot.site.searching import FACETS, Asked, Catalogue, Selection
from bot.site.sending import Body, prepared, sent

HTML = "text/html; charset=utf-8"
PER_PAGE = 20
# Enough for every page that people come back to; a search page has some 40 kB.
KEPT = 400
TEMPLATES = project.WEB / "site" / "templates"
# Below these addresses no person reads an error page.
MACHINES = ("/webhooks/", "/socket.io", "/widget/", "/assets/")


class Site:
    """The current catalogue and the pages rendered from it."""

    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=StrictUndefined
        )
        self._catalogue: Catalogue | None = None
        self._stamp = 0
        self._kept: OrderedDict[tuple[str, ...], Body] = OrderedDict()

    def catalogue(self) -> Catalogue:
        """The catalogue of the book as it stands today."""
        book, day = store().current(), today()
        stamp = max(path.stat().st_mtime_ns for path in TEMPLATES.iterdir())
        known = self._catalogue
        if known is None or known.book is not book or known.today != day:
            known = self._catalogue = Catalogue(book, day)
            self._kept.clear()
        if stamp != self._stamp:
            self._stamp = stamp
            self._kept.clear()
        return known

    def kept(self, key: tuple[str, ...], template: str, view: Callable[[], dict[str, Any]]) -> Body:
        """A page as rendered before, else rendered now."""
        body = self._kept.pop(key, None) or self.rendered(template, origin=key[0], **view())
        self._kept[key] = body
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return body

    def rendered(self, template: str, **view: Any) -> Body:
        """A page."""
        book = self.catalogue().book
        html = self._templates.get_template(template).render(hotline=book.hotline, book_title=book.title, **view)
        return prepared(html.encode(), HTML)


def serve(app: Sanic) -> None:
    """Serve the pages from an application."""
    site = Site()

    async def home(request: Request) -> HTTPResponse:
        catalogue = site.catalogue()
        return sent(request, site.kept((_origin(request), "/"), "home.html", partial(home_view, catalogue)))

    async def policies(request: Request) -> HTTPResponse:
        catalogue = site.catalogue()
        asked = catalogue.asked({name: values[0] for name, values in request.args.items()})
        if asked.text:
            # The first search after a change of the book makes an index: the conversations must not wait for it.
            await asyncio.to_thread(catalogue.prepare)
        key = (_origin(request), "/policies", repr(asked))
        return sent(request, site.kept(key, "policies.html", partial(list_view, catalogue, asked)))

    async def policy(request: Request, id: str) -> HTTPResponse:
        catalogue = site.catalogue()
        if id not in catalogue.book.policies:
            raise NotFound("没有这项政策。")
        return sent(request, site.kept((_origin(request), "/policies/", id), "policy.html", partial(policy_view, catalogue, id)))

    async def missing(request: Request, error: NotFound) -> HTTPResponse:
        if request.path.startswith(MACHINES) or request.method not in ("GET", "HEAD"):
            return text("没有这个地址。", status=404)
        body = site.rendered("missing.html", origin=_origin(request), policy=request.path.startswith("/policies/"))
        return sent(request, body, status=404)

    async def prepare(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        loop.run_in_executor(None, site.catalogue().prepare)

    for handler, address in ((home, "/"), (policies, "/policies"), (policy, "/policies/<id:str>")):
        app.add_route(handler, address, methods=["GET", "HEAD"])
    app.error_handler.add(NotFound, missing)
    app.register_listener(prepare, "after_server_start")


def home_view(catalogue: Catalogue) -> dict[str, Any]:
    """What the home page shows."""
    return {"book": overview(catalogue.book)}


def policy_view(catalogue: Catalogue, id: str) -> dict[str, Any]:
    """What a policy's page shows."""
    return {"policy": views.policy_view(catalogue.book, catalogue.today, catalogue.book.policies[id])}


def list_view(catalogue: Catalogue, asked: Asked) -> dict[str, Any]:
    """What the list's page shows: one page of entries, the filters, and the addresses that change them."""
    selection = catalogue.select(asked)
    found, pages = selection.policies, max(1, -(-len(selection.policies) // PER_PAGE))
    page = min(asked.page, pages)
    shown = found[(page - 1) * PER_PAGE : page * PER_PAGE]
    return {
        "asked": asked,
        "total": len(catalogue.policies),
        "count": len(found),
        "first": (page - 1) * PER_PAGE + 1,
        "entries": [views.entry(catalogue.book, catalogue.today, policy) for policy in shown],
        "facets": [_facet(catalogue, asked, selection, facet) for facet in FACETS],
        "active": _active(catalogue, asked),
        "unknown": [(FACETS[facet], value) for facet, value in asked.unknown.items()],
        "note": selection.note,
        "page": page,
        "pages": [(number, address(asked, page=number)) for number in _near(page, pages)],
        "last": pages,
        "before": address(asked, page=page - 1) if page > 1 else "",
        "after": address(asked, page=page + 1) if page < pages else "",
    }


def address(asked: Asked, *, page: int = 1, without: str = "") -> str:
    """The address of the same list on another page, or without one of its filters."""
    values = {"q": asked.text, **asked.chosen, "page": str(page) if page > 1 else ""}
    query = urlencode({name: value for name, value in values.items() if value and name != without})
    return f"/policies?{query}" if query else "/policies"


def _facet(catalogue: Catalogue, asked: Asked, selection: Selection, facet: str) -> dict[str, Any]:
    chosen, counts = asked.chosen.get(facet, ""), selection.counts[facet]
    names = catalogue.options[facet].items()
    options = [(id, name, counts[id]) for id, name in names if counts[id] or id == chosen]
    return {"id": facet, "name": FACETS[facet], "chosen": chosen, "options": options}


def _active(catalogue: Catalogue, asked: Asked) -> list[tuple[str, str, str]]:
    """The filters in use: what each is, its value, and the address without it."""
    words = [("搜索", asked.text, address(asked, without="q"))] if asked.text else []
    filters = [(FACETS[f], catalogue.options[f][value], address(asked, without=f)) for f, value in asked.chosen.items()]
    return words + filters


def _near(page: int, pages: int) -> list[int]:
    """The pages to link to: the first, the last, and those beside this one."""
    return sorted({1, pages, *range(max(1, page - 2), min(pages, page + 2) + 1)})


def _origin(request: Request) -> str:
    return f"{request.scheme}://{request.host}"
