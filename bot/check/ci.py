"""Whether CI is listened to, when it was last heard, and whether its tokens open what they should."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.check.findings import Finding, error, ok, warning
from bot.follow.lost_pipelines import KNOWN_FOR, named_repositories
from bot.ports.ci_hosts import CiHost
from bot.ports.errors import CodeDown, CodeLimited, EdgeError
from bot.ports.store import Store
from bot.settings import CiSettings, Settings

# So many repositories are tried with a token; the others are under the same one.
TRIED_AT_MOST = 5


@dataclass(frozen=True, slots=True)
class Past:
    """What the database knew of CI providers at a moment (UTC), by name: when each was last heard, and of what.

    `heard` is nothing at all where the database could not be read, which another finding says.
    """

    at: datetime
    heard: Mapping[str, datetime] | None = None
    repositories: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Provider:
    """One provider's words, and what is set for it."""

    name: str
    title: str
    secrets: str
    token: str
    rights: str
    open: bool
    named: Sequence[str]


def past(store: Store, now: datetime) -> Past:
    """What the database knows now."""
    try:
        with store.read() as unit:
            last = {name: unit.arrivals.last(name) for name in ("github", "gitlab")}
            repositories = {name: unit.pipelines.repositories(name, now - KNOWN_FOR) for name in last}
    except Exception:
        return Past(now)
    return Past(now, {name: at for name, at in last.items() if at is not None}, repositories)


def ci(settings: Settings, hosts: Mapping[str, CiHost], known: Past) -> list[Finding]:
    """Look at each provider that something is set for; the hosts are asked."""
    found: list[Finding] = []
    for provider in _providers(settings.ci):
        if provider.open:
            found += _heard(provider, known, settings.app.public_url)
        if provider.name in hosts:
            repositories = dict.fromkeys([*provider.named, *known.repositories.get(provider.name, ())])
            found += _token(provider, hosts[provider.name], list(repositories), known.at)
        elif provider.open:
            found.append(ok(f"{provider.token} is not set: what {provider.title}'s webhook loses stays lost."))
    wishes = [wish for channel in settings.channels.values() for wish in channel]
    if any("pipelines" in wish.post for wish in wishes) and not any(one.open for one in _providers(settings.ci)):
        found.append(
            warning(
                "Pipelines are asked for, but neither GitHub nor GitLab is listened to: no webhook has a secret.",
                f"Add a webhook to {_address(settings.app.public_url, 'github')} or …/gitlab and set "
                "GITHUB_WEBHOOK_SECRET or GITLAB_WEBHOOK_TOKEN, or take pipelines out of post.",
            )
        )
    return found


def _providers(ci: CiSettings) -> Sequence[Provider]:
    gitlab_open = ci.gitlab.secret is not None or ci.gitlab.signing_token is not None
    return (
        Provider(
            "github",
            "GitHub",
            "GITHUB_WEBHOOK_SECRET",
            "GITHUB_TOKEN",
            "Actions: read, Checks: read and Contents: read",
            ci.github.secret is not None,
            named_repositories(ci, "github"),
        ),
        Provider(
            "gitlab",
            "GitLab",
            "GITLAB_WEBHOOK_TOKEN or GITLAB_SIGNING_TOKEN",
            "GITLAB_TOKEN",
            "read_api",
            gitlab_open,
            named_repositories(ci, "gitlab"),
        ),
    )


def _heard(provider: Provider, known: Past, public_url: str) -> Iterator[Finding]:
    if known.heard is None:
        return
    at = known.heard.get(provider.name)
    if at is not None:
        yield ok(f"{provider.title}'s webhook was last heard on {at:%Y-%m-%d at %H:%M} UTC.")
        return
    yield warning(
        f"{provider.title}'s webhook was never heard, or not for a month.",
        f"Add it to {_address(public_url, provider.name)} with the secret in {provider.secrets}, and tick the "
        f"events that docs/ci-{provider.name}.md names; {provider.title}'s page of the webhook shows the answers.",
    )


def _token(provider: Provider, host: CiHost, repositories: Sequence[str], now: datetime) -> Iterator[Finding]:
    """Try it: fine-grained tokens do not tell what they may do."""
    opened = 0
    try:
        host.greet()
    except EdgeError as problem:
        yield _refused(provider, "", problem)
        return
    for repository in repositories[:TRIED_AT_MOST]:
        try:
            host.pipelines(repository, now)
        except EdgeError as problem:
            yield _refused(provider, repository, problem)
        else:
            opened += 1
    if opened or not repositories:
        count = f"the pipelines of {opened} {'repository' if opened == 1 else 'repositories'}"
        yield ok(f"{provider.title} takes {provider.token}{f' and shows {count}' if opened else ''}.")


def _refused(provider: Provider, repository: str, problem: EdgeError) -> Finding:
    of = f" for {repository}" if repository else ""
    what = f"{provider.title}{of}: {problem}."
    if isinstance(problem, CodeLimited):
        return warning(what, f"Wait until {problem.until:%H:%M} UTC.")
    if isinstance(problem, CodeDown):
        return error(what, f"Is ci.{provider.name}.url its address, and can this machine open it?")
    where = f", or correct its name in ci.{provider.name}.repositories" if repository in provider.named else ""
    return error(what, f"Give {provider.token} a token with {provider.rights}{of and f' on {repository}'}{where}.")


def _address(public_url: str, name: str) -> str:
    return f"{public_url or '<public address>'}/webhooks/{name}"
