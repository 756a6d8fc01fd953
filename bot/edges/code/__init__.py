"""GitHub and GitLab over their REST APIs: bot.ports.code.CodeHosts."""

from bot.edges.code.hosts import HttpCodeHosts

__all__ = ["HttpCodeHosts"]
