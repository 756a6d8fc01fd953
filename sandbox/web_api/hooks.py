"""What is not a method: response_urls, upload addresses and the uploaded files."""

import json
from mimetypes import guess_type

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from sandbox.web_api.files import Shelf
from sandbox.web_api.struck import struck
from sandbox.workspace import Refusal, Workspace

RESPONSE_URL = "response_url"  # the name faults know these addresses by
GONE = {"expired_url", "used_url"}
IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
FILE_HEADERS = {"Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff"}


class Hooks:
    """Routes for answers and files."""

    def __init__(self, workspace: Workspace, shelf: Shelf) -> None:
        self.workspace = workspace
        self.shelf = shelf

    def routes(self) -> list[Route]:
        """For the server."""
        return [
            Route("/commands/{team}/{number}/{secret}", self.answer, methods=["POST"]),
            Route("/actions/{team}/{number}/{secret}", self.answer, methods=["POST"]),
            Route("/upload/v1/{id}", self.upload, methods=["POST", "PUT"]),
            Route("/files/{id}/{name}", self.file),
        ]

    async def answer(self, request: Request) -> Response:
        """An answer by response_url; faults strike it as they strike methods."""
        try:
            payload = json.loads(await request.body())
        except ValueError:
            payload = None
        if not isinstance(payload, dict):
            return PlainTextResponse("invalid_payload", status_code=400)
        where = request.path_params
        fault = self.workspace.faults.take(RESPONSE_URL, frozenset())
        if fault is not None and fault.answers and not fault.after:
            return await struck(fault, request)
        try:
            self.workspace.answer_hook(f"{where['number']}/{where['secret']}", payload)
        except Refusal as refused:
            status = 404 if refused.error in GONE else 400
            return JSONResponse({"ok": False, "error": refused.error}, status_code=status)
        if fault is not None and fault.answers:
            return await struck(fault, request)
        return PlainTextResponse("ok")

    async def upload(self, request: Request) -> Response:
        """The bytes of a file."""
        content = await request.body()
        if not self.shelf.receive(request.path_params["id"], content):
            return PlainTextResponse("no such upload", status_code=404)
        return PlainTextResponse(f"OK - {len(content)}")

    def file(self, request: Request) -> Response:
        """An uploaded file; only pictures are shown in place."""
        upload = self.shelf.uploads.get(request.path_params["id"])
        if upload is None or upload.content is None:
            return PlainTextResponse("no such file", status_code=404)
        kind = guess_type(upload.name)[0] or "application/octet-stream"
        if kind in IMAGES:
            return Response(upload.content, media_type=kind, headers=FILE_HEADERS)
        headers = FILE_HEADERS | {"Content-Disposition": "attachment"}
        return Response(upload.content, media_type="application/octet-stream", headers=headers)
