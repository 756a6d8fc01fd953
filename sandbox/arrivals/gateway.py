"""Brings arrivals to the app over whichever way it has, and tries events again as Slack does."""

import asyncio
from concurrent.futures import Future
from typing import Protocol

from sandbox.workspace import Ack, Arrival, Workspace

# How often a clock that moves only when told is looked at, while there is something to try again.
LOOK_SECONDS = 0.05


class Way(Protocol):
    """One way to the app."""

    async def deliver(self, arrival: Arrival, attempt: int, reason: str) -> Ack:
        """Bring one arrival and wait for its acknowledgement; failures are told in the Ack."""
        ...


class Gateway:
    """Takes arrivals from any thread and delivers them in the server's event loop."""

    def __init__(self, workspace: Workspace, way: Way) -> None:
        self.workspace = workspace
        self.way = way
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: set[asyncio.Task[Ack]] = set()

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """Begin to take arrivals, to be delivered in `loop`."""
        self._loop = loop
        self.workspace.outbound = self.send

    async def close(self) -> None:
        """Give up what is on its way."""
        self.workspace.outbound = None
        self._loop = None
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    def send(self, arrival: Arrival) -> "Future[Ack]":
        """Bring an arrival to the app; the future holds what it made of it."""
        made: Future[Ack] = Future()
        loop = self._loop
        if loop is None or loop.is_closed():
            made.set_result(Ack(error="dispatch_failed"))
            return made
        loop.call_soon_threadsafe(self._start, arrival, made)
        return made

    def _start(self, arrival: Arrival, made: "Future[Ack]") -> None:
        task = asyncio.ensure_future(self._deliver(arrival))
        self._running.add(task)

        def done(finished: "asyncio.Task[Ack]") -> None:
            self._running.discard(finished)
            failed = finished.cancelled() or finished.exception() is not None
            made.set_result(Ack(error="dispatch_failed") if failed else finished.result())

        task.add_done_callback(done)

    async def _deliver(self, arrival: Arrival) -> Ack:
        tried = self.workspace.now()
        ack = await self.way.deliver(arrival, 0, "")
        if arrival.kind != "events_api":
            return ack
        for attempt, wait in enumerate(self.workspace.retry_after, start=1):
            if not ack.error or ack.final:
                break
            await self._until(tried + wait)
            tried = self.workspace.now()
            ack = await self.way.deliver(arrival, attempt, ack.reason)
        return ack

    async def _until(self, at: float) -> None:
        """Wait for a moment of the workspace's clock, which may stand still and may leap."""
        while (left := at - self.workspace.now()) > 0:
            await asyncio.sleep(min(left, LOOK_SECONDS))
