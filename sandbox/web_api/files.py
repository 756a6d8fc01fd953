"""files.*: an upload address, the bytes, and the message that shows them."""

from dataclasses import dataclass
from mimetypes import guess_type
from typing import Any

from sandbox.web_api.call import Answer, Call, Method
from sandbox.workspace import Refusal, Workspace, checks

BYTES_AT_MOST, ALT_AT_MOST = 50_000_000, 1000


@dataclass(slots=True)
class Upload:
    """One file on its way, or arrived."""

    id: str
    name: str
    length: int
    alt: str = ""
    title: str = ""
    content: bytes | None = None
    complete: bool = False


class Shelf:
    """The files of a workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.uploads: dict[str, Upload] = {}

    def methods(self) -> dict[str, Method]:
        """The Web API methods about files."""
        length = {"length": "missing_argument"}
        shared = ("blocks", "channel_id", "channels", "icon_emoji", "icon_url", "initial_comment", "username")
        write = ("files:write",)
        return {
            "files.getUploadURLExternal": Method(
                self.upload_url,
                ("alt_txt", "filename", "length", "snippet_type"),
                ("length", "filename"),
                length,
                scopes=write,
                tier=4,
                json=False,
            ),
            "files.completeUploadExternal": Method(
                self.finish, ("files", "thread_ts", *shared), ("files",), scopes=write, tier=4
            ),
            "files.info": Method(
                self.info,
                ("count", "cursor", "file", "limit", "page"),
                ("file",),
                scopes=("files:read",),
                tier=4,
                json=False,
            ),
        }

    def upload_url(self, call: Call) -> Answer:
        """files.getUploadURLExternal."""
        name = call.need("filename")
        length = call.number("length", 0, most=BYTES_AT_MOST + 1, error="missing_argument")
        if length > BYTES_AT_MOST:
            raise Refusal("file_upload_size_restricted")
        if len(call.text("alt_txt")) > ALT_AT_MOST:
            raise Refusal("alt_txt_too_large")
        upload = Upload(self.workspace.new_id("F"), name, length, call.text("alt_txt"))
        self.uploads[upload.id] = upload
        return {"ok": True, "upload_url": f"{self.workspace.base_url}/upload/v1/{upload.id}", "file_id": upload.id}

    def receive(self, upload_id: str, content: bytes) -> bool:
        """Take the bytes sent to an upload address; False if it is unknown or was used."""
        upload = self.uploads.get(upload_id)
        if upload is None or upload.content is not None:
            return False
        upload.content = content
        return True

    def finish(self, call: Call) -> Answer:
        """files.completeUploadExternal."""
        workspace = self.workspace
        asked = call.json("files", "invalid_arguments")
        if not isinstance(asked, list) or not asked:
            raise Refusal("invalid_arguments")
        uploads = [self._arrived(one) for one in asked]
        named = call.text("channel_id") or call.text("channels").split(",")[0]
        channel = workspace.channels.get(named) if named else None
        if named and (channel is None or not call.visible(channel)):
            raise Refusal("channel_not_found")
        if channel is not None:
            call.member(channel)
        blocks = checks.blocks(call.args.get("blocks"))
        for upload, one in zip(uploads, asked, strict=True):
            upload.title = str(one.get("title") or upload.name)
        shown = [self.shown(upload) for upload in uploads]
        if channel is not None:
            comment, thread = call.text("initial_comment"), call.text("thread_ts")
            try:
                workspace.post(channel, workspace.bot.id, comment, blocks=blocks, thread_ts=thread, files=shown)
            except Refusal as refused:
                told = f"[ERROR] {refused.error} [json-pointer:/thread_ts]"
                raise Refusal("invalid_arguments", response_metadata={"messages": [told]}) from refused
        for upload in uploads:
            upload.complete = True
        return {"ok": True, "files": shown}

    def info(self, call: Call) -> Answer:
        """files.info."""
        upload = self.uploads.get(call.need("file"))
        if upload is None or not upload.complete:
            raise Refusal("file_not_found")
        return {"ok": True, "file": self.shown(upload), "comments": []}

    def _arrived(self, asked: Any) -> Upload:
        upload = self.uploads.get(str(asked.get("id"))) if isinstance(asked, dict) else None
        if upload is None or upload.content is None or upload.complete:
            raise Refusal("file_not_found")
        return upload

    def shown(self, upload: Upload) -> dict[str, Any]:
        """A file object, as messages carry it."""
        mimetype = guess_type(upload.name)[0] or "application/octet-stream"
        address = f"{self.workspace.base_url}/files/{upload.id}/{upload.name}"
        created = int(self.workspace.now())
        return {
            "id": upload.id,
            "created": created,
            "timestamp": created,
            "name": upload.name,
            "title": upload.title,
            "alt_txt": upload.alt,
            "mimetype": mimetype,
            "filetype": upload.name.rpartition(".")[2].lower(),
            "user": self.workspace.bot.id,
            "mode": "hosted",
            "size": len(upload.content or b""),
            "url_private": address,
            "permalink": address,
            "is_public": False,
        }
