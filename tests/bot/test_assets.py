"""Files served from memory: what is served, what never is, and what a browser keeps."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import pytest
from sanic.request import Request

from bot.site.assets import Folder
from bot.site.sending import Body, prepared, sent

SCRIPT = "console.log(1);\n" * 200


class Asking:
    """As much of a request as sending a body looks at."""

    def __init__(self, **headers: str):
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}


def answer(body: Body, **headers: str) -> tuple[int, dict[str, str], bytes]:
    request: Request = Asking(**headers)
    response = sent(request, body)
    return response.status, dict(response.headers), response.body or b""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "site" / "deep").mkdir(parents=True)
    (tmp_path / "site" / "app.js").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "site" / "deep" / "look.css").write_text("a{}", encoding="utf-8")
    (tmp_path / "site" / "page.html").write_text("template", encoding="utf-8")
    (tmp_path / "site" / ".hidden").write_text("x", encoding="utf-8")
    (tmp_path / "secret.js").write_text("secret", encoding="utf-8")
    (tmp_path / "site" / "out.js").symlink_to(tmp_path / "secret.js")
    return tmp_path / "site"


def test_files_have_their_types(root: Path) -> None:
    script, style = Folder(root).find("app.js"), Folder(root).find("deep/look.css")
    assert script is not None
    assert script.content_type == "text/javascript; charset=utf-8"
    assert style is not None
    assert style.content_type == "text/css; charset=utf-8"


@pytest.mark.parametrize(
    "name",
    [
        "../secret.js",
        "deep/../../secret.js",
        "..\\secret.js",
        "/etc/passwd",
        "//app.js",
        "./app.js",
        "%2e%2e/secret.js",
        "out.js",
        "page.html",
        ".hidden",
        "deep",
        "nothing.js",
        "app.js\0.css",
        "",
    ],
)
def test_nothing_else_is_served(root: Path, name: str) -> None:
    assert Folder(root).find(name) is None


def test_a_changed_file_is_taken(root: Path) -> None:
    folder = Folder(root)
    first = folder.find("app.js")
    assert folder.find("app.js") is first
    (root / "app.js").write_text("other", encoding="utf-8")
    os.utime(root / "app.js", ns=(1, 1))
    second = folder.find("app.js")
    assert first is not None
    assert second is not None
    assert (second.plain, second.etag != first.etag) == (b"other", True)
    (root / "app.js").unlink()
    assert folder.find("app.js") is None


def test_compressed_only_for_who_takes_it() -> None:
    body = prepared(SCRIPT.encode(), "text/javascript")
    status, headers, sent_bytes = answer(body, accept_encoding="br, gzip;q=0.8")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(sent_bytes) == SCRIPT.encode()
    for accepted in ("", "br", "gzip;q=0", "identity"):
        _, headers, sent_bytes = answer(body, accept_encoding=accepted)
        assert "Content-Encoding" not in headers
        assert headers["Vary"] == "Accept-Encoding"
        assert sent_bytes == SCRIPT.encode()


def test_what_is_small_or_an_image_stays_as_it_is() -> None:
    assert prepared(b"a{}", "text/css").zipped is None
    assert prepared(bytes(5000), "image/png", compressible=False).zipped is None


def test_what_the_browser_has_is_not_sent_again() -> None:
    body = prepared(SCRIPT.encode(), "text/javascript")
    _, headers, _ = answer(body, accept_encoding="gzip")
    tag = headers["ETag"]
    assert tag.startswith('"')  # a strong one
    for known in (tag, f'"other", {tag}', f"W/{tag}", "*"):
        status, again, sent_bytes = answer(body, accept_encoding="gzip", if_none_match=known)
        assert (status, sent_bytes, again["ETag"]) == (304, b"", tag)
    # The same file uncompressed is another sequence of bytes.
    assert answer(body, if_none_match=tag)[0] == 200
    assert answer(prepared(b"other" * 500, "text/javascript"), accept_encoding="gzip", if_none_match=tag)[0] == 200
