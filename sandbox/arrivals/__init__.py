"""What reaches the app: events, commands and interactions, by Socket Mode or signed HTTP."""

from sandbox.arrivals.gateway import Gateway
from sandbox.arrivals.signed_http import SignedHttp
from sandbox.arrivals.socket_mode import SocketMode

__all__ = ["Gateway", "SignedHttp", "SocketMode"]
