"""What a handler may reach for: built once by wiring, handed over as values."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.ports.ci_hosts import CiHost
from bot.ports.code import CodeHosts
from bot.ports.queue import Queue
from bot.ports.slack import Slack
from bot.ports.store import Store
from bot.ports.tracker import Tracker
from bot.render.charts import Charts
from bot.render.messages import Templates
from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Deps:
    """Everything outside that the bot can touch; `now` answers the time in UTC."""

    settings: Settings
    store: Store
    trackers: Mapping[str, Tracker]
    slack: Slack
    code: CodeHosts
    queue: Queue
    templates: Templates
    now: Callable[[], datetime]
    charts: Charts = field(default_factory=Charts)
    ci_hosts: Mapping[str, CiHost] = field(default_factory=dict)
