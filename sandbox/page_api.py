"""The JSON API of the sandbox's page and of tests: look as a person, act as a person, order faults."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from sandbox.workspace import Channel, Outcome, Refusal, User, Workspace

HEARTBEAT_SECONDS = 15.0
Body = Mapping[str, Any]


class PageApi:
    """Routes below /sandbox; every person is named by the user id `as`."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._streams: set[asyncio.Queue[dict[str, Any] | None]] = set()
        self._acts: dict[str, Callable[[Body], Outcome]] = {
            "say": self._say,
            "press": self._press,
            "submit": self._submit,
            "close": lambda body: workspace.close(body["as"]),
            "react": lambda body: workspace.react(body["as"], body, body["name"], on=bool(body.get("on", True))),
            "read": self._read,
            "edit": lambda body: workspace.edit(body["as"], body, str(body["text"])),
            "remove": lambda body: workspace.take_back(body["as"], body),
            "home": self._home,
        }

    def routes(self) -> list[Route]:
        """For the server."""
        acts = [Route(f"/sandbox/{name}", self._acting(act), methods=["POST"]) for name, act in self._acts.items()]
        return [
            Route("/sandbox/state", self.state),
            Route("/sandbox/messages", self.messages),
            Route("/sandbox/stream", self.stream),
            Route("/sandbox/views", self.views),
            Route("/sandbox/log", self.log),
            Route("/sandbox/faults", self.faults, methods=["POST"]),
            *acts,
        ]

    def state(self, request: Request) -> Response:
        """All a person's client needs to draw its frame."""
        workspace = self.workspace
        with workspace.changed:
            person = _person(workspace, request)
            seen = [one for one in workspace.channels.values() if workspace.sees(person.id, one)]
            answer = {
                "me": person.id,
                "connected": workspace.connections > 0,
                "team": {"id": workspace.team.id, "name": workspace.team.name},
                "bot": {"id": workspace.bot.id, "name": workspace.bot.name},
                "users": [_user(one) for one in workspace.users.values()],
                "channels": [self._channel(one, person.id) for one in seen],
                "commands": [
                    {"command": one.command, "description": one.description, "usage_hint": one.usage_hint}
                    for one in workspace.app.commands
                ],
            }
        return JSONResponse(answer)

    def messages(self, request: Request) -> Response:
        """A channel, or with thread_ts a thread, oldest first."""
        workspace, asked = self.workspace, request.query_params
        person = _person(workspace, request)
        thread = asked.get("thread_ts", "")
        try:
            channel = workspace.channel(asked.get("channel", ""))
        except Refusal as refused:
            return JSONResponse(refused.as_json(), status_code=404)
        shown = (
            workspace.thread(channel.id, thread, person.id)
            if thread
            else workspace.messages(channel.id, person.id)
        )
        return JSONResponse({"messages": shown})

    def views(self, request: Request) -> Response:
        """The modals a person has open, the front one last, and the app's home tab."""
        person = _person(self.workspace, request)
        modals, home = self.workspace.open_views(person.id)
        return JSONResponse({"modals": modals, "home": home})

    def log(self, request: Request) -> Response:
        """Every Web API call, oldest first; `method` and `channel` narrow it."""
        asked = request.query_params
        calls = self.workspace.log.as_json(asked.get("method", ""), asked.get("channel", ""))
        return JSONResponse({"calls": calls})

    async def faults(self, request: Request) -> Response:
        """Replace the faults in force."""
        rules = await _body(request)
        try:
            self.workspace.faults.replace(rules if isinstance(rules, list) else [rules])
        except (TypeError, ValueError) as wrong:
            return JSONResponse({"ok": False, "error": str(wrong)}, status_code=400)
        return JSONResponse({"ok": True})

    async def stream(self, request: Request) -> Response:
        """Server-sent events: what changes, as this person sees it."""
        person = _person(self.workspace, request)
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        def hear(told: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(queue.put_nowait, told)

        stop = self.workspace.listen(person.id, hear)
        self._streams.add(queue)
        return StreamingResponse(
            self._events(queue, stop), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    def end(self) -> None:
        """End every stream; called in the event loop."""
        for queue in self._streams:
            queue.put_nowait(None)

    async def _events(
        self, queue: "asyncio.Queue[dict[str, Any] | None]", stop: Callable[[], None]
    ) -> AsyncIterator[str]:
        try:
            yield ": hello\n\n"
            while True:
                try:
                    told = await asyncio.wait_for(queue.get(), HEARTBEAT_SECONDS)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if told is None:
                    return
                yield f"data: {json.dumps(told)}\n\n"
        finally:
            stop()
            self._streams.discard(queue)

    def _acting(self, act: Callable[[Body], Outcome]) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            if not request.headers.get("content-type", "").startswith("application/json"):
                return JSONResponse({"ok": False, "error": "json_wanted"}, status_code=415)
            body = await _body(request)
            if not isinstance(body, dict):
                return JSONResponse({"ok": False, "error": "invalid_json"}, status_code=400)
            try:
                outcome = await run_in_threadpool(act, body)
            except KeyError as missing:
                return JSONResponse({"ok": False, "error": f"missing {missing.args[0]}"}, status_code=400)
            except Refusal as refused:
                return JSONResponse({"ok": False, "error": refused.error})
            return JSONResponse(outcome.as_json())

        return serve

    def _say(self, body: Body) -> Outcome:
        thread = str(body.get("thread_ts") or "")
        return self.workspace.type(body["as"], body["channel"], str(body["text"]), thread_ts=thread, quiet=True)

    def _press(self, body: Body) -> Outcome:
        where = {"id": body["view_id"]} if body.get("view_id") else {"channel": body["channel"], "ts": body["ts"]}
        chosen = {key: value for key, value in body.items() if key.startswith("selected_") or key == "value"}
        block = str(body.get("block_id") or "")
        return self.workspace.press(
            body["as"], where, str(body["action_id"]), block_id=block, chosen=chosen or None
        )

    def _submit(self, body: Body) -> Outcome:
        view = self.workspace.view_by_id(str(body["view_id"]))
        return self.workspace.submit(body["as"], dict(body.get("values") or {}), view)

    def _read(self, body: Body) -> Outcome:
        self.workspace.read(body["as"], body["channel"], str(body["ts"]))
        return Outcome(True)

    def _home(self, body: Body) -> Outcome:
        self.workspace.opened_home(self.workspace.user(body["as"]).id)
        return Outcome(True)

    def _channel(self, one: Channel, person: str) -> dict[str, Any]:
        seen = [entry for entry in one.entries.values() if entry.at_channel_level]
        read = one.read.get(person, "0")
        unread = sum(entry.ts > read and entry.user != person for entry in seen)
        other = next((member for member in one.members if member != person), person)
        return {
            "id": one.id,
            "name": one.name,
            "topic": one.topic,
            "is_im": one.direct,
            "is_private": one.private,
            "user": other if one.direct else "",
            "unread": unread,
            "last_ts": seen[-1].ts if seen else "",
            "member_ids": list(one.members),
        }


def _person(workspace: Workspace, request: Request) -> User:
    named = request.query_params.get("as", "")
    return workspace.user(named) if named else next(one for one in workspace.users.values() if not one.is_bot)


def _user(one: User) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "real_name": one.real_name,
        "tz": one.tz,
        "is_bot": one.is_bot,
        "is_guest": one.guest,
        "color": one.color,
    }


async def _body(request: Request) -> Any:
    try:
        return json.loads(await request.body())
    except ValueError:
        return None
