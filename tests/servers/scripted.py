"""A tiny HTTP server that answers whatever a test says: a stand-in for servers that misbehave."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Asked:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Said:
    """One answer; `drip` sends it byte by byte, `hang` waits for the end of the test before it."""

    body: bytes = b"{}"
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    promised: int | None = None
    drip: float = 0.0
    hang: bool = False
    drop: bool = False


@dataclass
class Scripted:
    """The server: `script` turns a request into an answer, `asked` keeps all requests."""

    url: str
    script: Callable[[Asked], Said]
    over: threading.Event
    asked: list[Asked] = field(default_factory=list)


def lower(headers: Mapping[str, str]) -> dict[str, str]:
    return {key.lower(): value for key, value in headers.items()}


@contextmanager
def scripted_server() -> Iterator[Scripted]:
    """Serve on a free port until the block ends."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            asked = Asked(self.command, self.path, lower(self.headers), self.rfile.read(length))
            scripted.asked.append(asked)
            said = scripted.script(asked)
            if said.hang:
                over.wait(60)
            if said.drop or said.hang:
                self.close_connection = True
                return
            self.send_response_only(said.status)
            headers = {"date": self.date_time_string(), "content-type": "application/json", **said.headers}
            for key, value in headers.items():
                if value:
                    self.send_header(key, value)
            self.send_header("content-length", str(said.promised or len(said.body)))
            self.end_headers()
            self.send(said)

        def send(self, said: Said) -> None:
            if not said.drip:
                self.wfile.write(said.body)
                self.close_connection = self.close_connection or said.promised is not None
                return
            for byte in said.body:
                if over.wait(said.drip):
                    return
                self.wfile.write(bytes([byte]))

        do_GET = do_POST = answer

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A client that went away is no error here."""

    server = Server(("127.0.0.1", 0), Handler)
    scripted = Scripted(f"http://127.0.0.1:{server.server_port}", lambda _: Said(), over)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield scripted
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
