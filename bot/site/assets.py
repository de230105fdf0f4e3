"""Files from memory: read anew when they change on disk, and nothing served but the kinds that a page needs."""

from __future__ import annotations

from pathlib import Path

from sanic import Sanic
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.site.sending import Body, prepared, sent

# Templates, notes and checksums lie in the same folders; a kind that is not named here is not served.
TEXTS = {
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}
IMAGES = {".png": "image/png"}
# Other sites load these files, as scripts and as modules.
SHARED = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
OWN = {"Cross-Origin-Resource-Policy": "same-origin"}


class Folder:
    """The servable files of a folder and of the folders in it."""

    def __init__(self, root: Path):
        self.root = root.resolve()
        self._known: dict[Path, tuple[tuple[int, int], Body]] = {}

    def find(self, name: str) -> Body | None:
        """A file as it is now; None for what is not there, not servable or outside."""
        kind = TEXTS.get(Path(name).suffix) or IMAGES.get(Path(name).suffix)
        if kind is None or "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in name.split("/")):
            return None
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root) or not path.is_file():
            return None
        stat = path.stat()
        stamp = (stat.st_mtime_ns, stat.st_size)
        known = self._known.get(path)
        if known is None or known[0] != stamp:
            known = (stamp, prepared(path.read_bytes(), kind, compressible=path.suffix in TEXTS))
            self._known[path] = known
        return known[1]


def serve(app: Sanic, prefix: str, root: Path, *, shared: bool = False) -> None:
    """Serve a folder under a prefix; `shared` lets other sites use it."""
    folder = Folder(root)

    async def file(request: Request, name: str) -> HTTPResponse:
        body = folder.find(name)
        if body is None:
            raise NotFound("没有这个文件。")
        return sent(request, body, headers=SHARED if shared else OWN)

    app.add_route(file, f"{prefix}/<name:path>", methods=["GET", "HEAD"], name=f"files_{prefix.strip('/')}")
