"""The sections of app.yaml that say what a team wants: experiments, channels, documentation, ci, people."""

import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from bot.facts.verdicts import MinChange
from bot.settings.hints import shown
from bot.settings.kinds import DAY_WORDS, Address, Clock, Days, Glob, Hours, Secret, Span, Zone, checked
from bot.settings.least_change import Change
from bot.settings.sections import Section

PostWord = Literal[
    "finished", "failed", "killed", "stalled", "started", "edited", "verdicts", "pipelines", "pull_requests"
]
FILTER = r"^[+-](tag:[^=\s][^=]*=.*|by:\S+)$"
TAG = r"^tag:[^=\s][^=]*=.*$"
COMPARABLE = rf"{TAG}|^branch:\S+$|^replicates$|^retrains$|^candidates$"
EXEMPTION = rf"{TAG}|^children$|^failed$"
BASELINE = r"^previous$|^run:[0-9a-zA-Z_-]{1,64}$|^model:[^/:\s]([^/:]*[^/:\s])?@[\w-]{1,255}$"
MEMBER = r"^[UW][A-Z0-9]{4,20}$"
REPOSITORY = r"^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+$"
WEEKDAYS = frozenset(DAY_WORDS["weekdays"])


def _matching(pattern: str, such_as: str) -> BeforeValidator:
    def check(value: str) -> str:
        if not re.match(pattern, value):
            raise ValueError(f"{shown(value)} is not written as {such_as}")
        return value

    return checked(check)


def _schema(pattern: str) -> WithJsonSchema:
    return WithJsonSchema({"type": "string", "pattern": pattern})


Filter = Annotated[str, _matching(FILTER, "+tag:team=growth, -tag:trial=true or +by:jdoe"), _schema(FILTER)]
Comparable = Annotated[
    str,
    _matching(COMPARABLE, "replicates, retrains, candidates, branch:main or tag:branch=main"),
    _schema(COMPARABLE),
]
Exemption = Annotated[str, _matching(EXEMPTION, "children, failed or tag:trial=true"), _schema(EXEMPTION)]
Baseline = Annotated[str, _matching(BASELINE, "previous, run:<id> or model:<name>@<alias>"), _schema(BASELINE)]
RepositoryName = Annotated[str, _matching(REPOSITORY, "acme/churn"), _schema(REPOSITORY)]
Member = Annotated[str, _matching(MEMBER, "a member id, U0123ABCDEF"), _schema(MEMBER)]


def _switch(value: Any) -> Any:
    """`on` is the section with its defaults, `off` is no section."""
    if value is True or value == "on":
        return {}
    return None if value is False or value == "off" else value


class MetricSettings(Section):
    """What is true of one metric."""

    better: Literal["higher", "lower"] | None = None
    """Which direction is better; unset: as the experiment's tags, people or the metric's name tell, or unknown."""
    min_change: Change = MinChange(share=0.01)
    """The least change that matters: a share of where the metric stood (1%), or an amount in its unit (0.005)."""
    mute: bool = False
    """Whether the metric is shown and never judged; the button Mute of a regression says the same."""


class ExperimentSettings(Section):
    """What is true of an experiment, wherever it is posted."""

    primary: str | None = None
    """The metric that matters most: it leads the cards."""
    metrics: dict[str, MetricSettings] = Field(default_factory=dict)
    """What is true of its metrics, by name; these are shown on cards."""
    baseline: Baseline = "previous"
    """What a run is compared with: previous (the previous comparable run, else the previous one), run:<id>, or
    model:<name>@<alias>, such as model:churn@champion. A pin made in chat wins, but not over run:<id>."""
    comparable: tuple[Comparable, ...] = ("replicates", "retrains")
    """Runs of which one is meant to be as good as the other: replicates (the same params but for seeds, the same
    code and data), retrains (the same params but for seeds, other code or data), branch:main, tag:k=v, candidates
    (both registered a version of the model that is the baseline). Others are exploration and never an alarm."""


class DigestSettings(Section):
    """A channel's daily digest."""

    at: Clock = time(9, 30)
    """The local time it is posted."""
    days: Days = WEEKDAYS
    """The days it is posted: weekdays, daily, weekends or a list such as [mon, tue]."""
    timezone: Zone = "UTC"
    """The time zone of `at`, such as Europe/Berlin."""


class SubscriptionSettings(Section):
    """A channel's wish: experiments by events by filters."""

    experiments: tuple[Glob, ...] = ("*",)
    """Patterns of experiment names."""
    post: tuple[PostWord, ...] = ("finished", "failed", "stalled", "verdicts", "pipelines")
    """What is posted; failed covers killed. Verdicts are confirmed regressions and recoveries, pipelines those of
    the default branch."""
    repositories: tuple[Glob, ...] = ("*",)
    """Patterns of the repositories whose pipelines and tests are told here, such as acme/churn or acme/*."""
    only: tuple[Filter, ...] = ()
    """Filters that must all hold: +tag:k=v, -tag:k=v, +by:name, -by:name."""
    show: tuple[str, ...] = ()
    """The metrics that cards show here; empty: the experiment's own."""
    threads: bool = True
    """Whether the history of a card is told in its thread."""
    digest: Annotated[DigestSettings | None, BeforeValidator(_switch)] = None
    """The daily digest of the channel; `on` is weekdays at 09:30 UTC."""

    @model_validator(mode="after")
    def _says_something(self) -> "SubscriptionSettings":
        if not self.experiments:
            raise ValueError("a subscription needs at least one pattern in experiments")
        return self


class RemindSettings(Section):
    """When a run without documentation is asked about."""

    after: Span = timedelta(hours=4)
    """After how much working time."""
    working_hours: Hours = (time(9), time(18))
    """The hours in which time counts and reminders are sent."""
    days: Days = WEEKDAYS
    """The days on which time counts and reminders are sent."""
    timezone: Zone = "UTC"
    """The time zone of the working hours, such as Europe/Berlin."""
    at_least: Span = timedelta(minutes=5)
    """Shorter runs are never asked about."""


class DocumentationSettings(Section):
    """What counts as documented, and who is reminded."""

    remind: Annotated[RemindSettings | None, BeforeValidator(_switch)] = RemindSettings()
    """The reminder in a run's thread; `off` for none."""
    exempt: tuple[Exemption, ...] = ("children", "failed")
    """Runs that nobody is asked about: children, failed, tag:k=v."""


class GithubSettings(Section):
    """GitHub's webhooks, and the commits it keeps."""

    url: Address = "https://github.com"
    """Where GitHub is; a GitHub Enterprise server's own address."""
    secret: Secret = None
    """The webhook's secret, only as ${NAME}; else GITHUB_WEBHOOK_SECRET. Without one GitHub is not listened to."""
    token: Secret = None
    """A token that may read contents, only as ${NAME}; else GITHUB_TOKEN. Without one commits are only linked."""
    repositories: tuple[RepositoryName, ...] = ()
    """Repositories whose pipelines are looked for with the token, besides those that webhooks tell of."""
    artifacts: tuple[Glob, ...] = ("*junit*", "*test-results*", "*test-reports*")
    """Names of artifacts that hold JUnit XML, read with the token when a pipeline ended; `[]`: none is read."""


class GitlabSettings(Section):
    """GitLab's webhooks, and the commits it keeps."""

    url: Address = "https://gitlab.com"
    """Where GitLab is; a team's own server's address."""
    secret: Secret = None
    """The webhook's secret token, only as ${NAME}; else GITLAB_WEBHOOK_TOKEN."""
    signing_token: Secret = None
    """The webhook's signing token, only as ${NAME}; else GITLAB_SIGNING_TOKEN. Set, it is what counts."""
    token: Secret = None
    """A token with read_api, only as ${NAME}; else GITLAB_TOKEN. Without one commits are only linked."""
    repositories: tuple[RepositoryName, ...] = ()
    """Projects whose pipelines are looked for with the token, besides those that webhooks tell of."""


class ReportsSettings(Section):
    """Test reports that any CI may send to /ci/report."""

    secret: Secret = None
    """What reports are signed with, only as ${NAME}; else REPORT_SECRET. Without one none is taken."""


class CiSettings(Section):
    """The CI that may report, and where its code is."""

    github: GithubSettings = GithubSettings()
    """GitHub's webhooks, and the commits it keeps."""
    gitlab: GitlabSettings = GitlabSettings()
    """GitLab's webhooks, and the commits it keeps."""
    reports: ReportsSettings = ReportsSettings()
    """Test reports that any CI may send to /ci/report."""


class PersonSettings(Section):
    """An MLflow user joined to a Slack person."""

    mlflow: Annotated[str, Field(min_length=1)]
    """The user's name in MLflow."""
    slack: Member
    """The person's member id in Slack, such as U0123ABCDEF."""
