"""What a caller gets whom a fault has struck."""

import asyncio

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from sandbox.faults import Fault

DROP = "sandbox.drop"


async def struck(fault: Fault, request: Request) -> Response:
    """The answer a fault asks for, or the cut connection."""
    if fault.drop:
        cut = request.scope.get("extensions", {}).get(DROP, {}).get("cut")
        if cut is not None:
            cut()
            await asyncio.sleep(0)
        return Response(status_code=502)
    if fault.status == 429:
        return limited(fault.retry_after)
    if fault.error:
        return JSONResponse({"ok": False, "error": fault.error}, status_code=fault.status or 200)
    return Response("internal error", status_code=fault.status, media_type="text/plain")


def limited(retry_after: float | None) -> Response:
    """Too many requests, with or without the seconds to wait."""
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    return JSONResponse({"ok": False, "error": "ratelimited"}, status_code=429, headers=headers)
