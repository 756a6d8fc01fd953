"""A Slack workspace as a value: `Workspace` holds it, and its people can be made to act."""

from sandbox.workspace.acts import Workspace
from sandbox.workspace.nouns import Ack, App, Arrival, Channel, Command, Entry, Outcome, Team, User, View
from sandbox.workspace.refusal import Refusal

__all__ = [
    "Ack",
    "App",
    "Arrival",
    "Channel",
    "Command",
    "Entry",
    "Outcome",
    "Refusal",
    "Team",
    "User",
    "View",
    "Workspace",
]
