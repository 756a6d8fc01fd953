"""Slack's Web API: POST or GET /api/<method>, answered as Slack answers."""

from sandbox.web_api.door import WebApi
from sandbox.web_api.files import Shelf

__all__ = ["Shelf", "WebApi"]
