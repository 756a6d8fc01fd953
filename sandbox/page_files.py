"""The page's own files, under a policy that lets it load nothing from elsewhere."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}
TYPES = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".json": "application/json",
    ".woff2": "font/woff2",
}


class PageFiles:
    """Serves a folder at / and /page/…"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()

    def routes(self) -> list[Route]:
        """For the server."""
        return [
            Route("/", self.index),
            Route("/page/{path:path}", self.file),
            Route("/archives/{channel}/{message}", self.archive),
        ]

    def index(self, request: Request) -> Response:
        """The page."""
        return self._file("index.html")

    def file(self, request: Request) -> Response:
        """One of its files."""
        return self._file(request.path_params["path"])

    def archive(self, request: Request) -> Response:
        """A permalink: the page, opened at that message."""
        channel, message = request.path_params["channel"], request.path_params["message"]
        digits = message.removeprefix("p")
        if not channel.isalnum() or not digits.isdigit() or len(digits) < 7:
            return PlainTextResponse("no such message", status_code=404, headers=HEADERS)
        return RedirectResponse(f"/#{channel}/p{digits[:-6]}.{digits[-6:]}", headers=HEADERS)

    def _file(self, path: str) -> Response:
        found = (self.folder / path).resolve()
        kind = TYPES.get(found.suffix)
        if not found.is_relative_to(self.folder) or not found.is_file() or kind is None:
            return PlainTextResponse("no such file", status_code=404, headers=HEADERS)
        return FileResponse(found, media_type=kind, headers=HEADERS)
