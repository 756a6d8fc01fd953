"""The door of the Web API: reads a request, checks its token and scopes, lets faults strike, and answers."""

import asyncio
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Fault
from sandbox.log import Logged
from sandbox.web_api import arguments, chat, conversations, people, reactions, views
from sandbox.web_api.arguments import Given
from sandbox.web_api.call import Answer, Call, Method
from sandbox.web_api.files import Shelf
from sandbox.web_api.pace import Pace
from sandbox.web_api.struck import limited, struck
from sandbox.workspace import Refusal, Workspace

LAG = "lag"  # how a fault tells history what to forget


class WebApi:
    """Every method of /api/, over one workspace; `connect_url` makes the address for one websocket."""

    def __init__(self, workspace: Workspace, connect_url: Callable[[], str]) -> None:
        self.workspace = workspace
        self.shelf = Shelf(workspace)
        self.pace = Pace(workspace.now, workspace.post_burst)
        self.methods: dict[str, Method] = {
            "api.test": Method(_test, ("error",), tier=4, caller=""),
            "apps.connections.open": Method(lambda call: {"ok": True, "url": connect_url()}, tier=3, caller="app"),
            **chat.METHODS,
            **conversations.METHODS,
            **people.METHODS,
            **reactions.METHODS,
            **views.METHODS,
            **self.shelf.methods(),
        }

    async def serve(self, request: Request) -> Response:
        """Answer one request."""
        name = request.path_params["method"]
        method = self.methods.get(name, UNKNOWN)
        try:
            given = await arguments.read(request)
        except Refusal as refused:
            self._log(Call(self.workspace, name, {}), refused.error)
            return JSONResponse(refused.as_json())
        token = _token(request, given)
        call = Call(self.workspace, name, given.for_method(json_read=method.json))
        fault = self.workspace.faults.take(name, self._channel_names(call)) if name in self.methods else None
        response = await self._faulty(call, token, fault, request)
        if token == self.workspace.bot_token:
            response.headers["X-OAuth-Scopes"] = ",".join(sorted(self.workspace.app.scopes))
        return response

    async def _faulty(self, call: Call, token: str, fault: Fault | None, request: Request) -> Response:
        if fault is None:
            return self._answer(call, token)
        if fault.delay and not fault.after:
            await asyncio.sleep(fault.delay)
        if fault.lag:
            call = Call(call.workspace, call.method, {**call.args, LAG: fault.lag})
        if fault.answers and not fault.after:
            self._log(
                call, "dropped" if fault.drop else fault.error or f"http_{fault.status}", fault.status or 200
            )
            return await struck(fault, request)
        response = self._answer(call, token)
        if fault.delay and fault.after:
            await asyncio.sleep(fault.delay)
        return await struck(fault, request) if fault.answers else response

    def _answer(self, call: Call, token: str) -> Response:
        """Carry the call out; what is refused is logged like what is done."""
        try:
            method = self._known(call, token)
            wait = self.pace.wait(call.method, method.tier, self._channel_id(call))
            if wait:
                self._log(call, "ratelimited", 429)
                return limited(wait)
            call.require(*method.scopes)
            arguments.check(call.args, method)
            with self.workspace.changed:
                answer = method.answer(call)
        except Refusal as refused:
            self._log(call, refused.error)
            return JSONResponse(refused.as_json())
        self._log(call, "")
        return JSONResponse(answer)

    def _known(self, call: Call, token: str) -> Method:
        method = self.methods.get(call.method)
        if method is None:
            raise Refusal("unknown_method", req_method=call.method)
        if not method.caller:
            return method
        if not token:
            raise Refusal("not_authed")
        tokens = {"bot": self.workspace.bot_token, "app": self.workspace.app_token}
        if token not in tokens.values():
            raise Refusal("invalid_auth")
        if token != tokens[method.caller]:
            raise Refusal("not_allowed_token_type")
        return method

    def _channel_id(self, call: Call) -> str:
        named = call.text("channel") or call.text("channel_id")
        if named in self.workspace.users:
            return self.workspace.direct(named, self.workspace.bot.id).id
        try:
            return self.workspace.channel(named).id if named else ""
        except Refusal:
            return named

    def _channel_names(self, call: Call) -> frozenset[str]:
        found = self._channel_id(call)
        names = {found, call.text("channel")}
        if found in self.workspace.channels and self.workspace.channels[found].name:
            name = self.workspace.channels[found].name
            names |= {name, f"#{name}"}
        return frozenset(names - {""})

    def _log(self, call: Call, error: str, status: int = 200) -> None:
        with self.workspace.changed:
            logged = Logged(call.method, self.workspace.now(), not error, error, self._channel_id(call), status)
            logged.args.update(call.args)
            takes = self.methods.get(call.method, UNKNOWN).takes
            logged.ignored.extend(sorted(call.args.keys() - {*takes, LAG}))
            self.workspace.log.add(logged)
            self.workspace.changed.notify_all()


def _test(call: Call) -> Answer:
    """api.test: gives back what it got, or the error it was asked for."""
    args = {key: str(value) for key, value in call.args.items()}
    if "error" in args:
        raise Refusal(args["error"], args=args)
    return {"ok": True, "args": args}


UNKNOWN = Method(_test)


def _token(request: Request, given: Given) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else given.token
