"""The command line: serve, check, manifest, schema, db, report and demo."""

import json
import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bot import logs
from bot.check import Finding, check, database, past, tokens, upgraded, upgrades_itself
from bot.ci import report
from bot.manifest import manifest_yaml
from bot.settings import Settings, SettingsError, load_app, load_settings, schema
from bot.wiring import Works, utc_now, validator, wire
from handlers.register import declared
from handlers.serving import DoorTaken, Serving

cli = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
db = typer.Typer(help="The database's schema.", no_args_is_help=True)
cli.add_typer(db, name="db")

Config = Annotated[Path, typer.Option("--config", "-c", help="The settings file.")]
APP_YAML = Path("app.yaml")
MARKS = {"ok": "[green]ok     [/]", "warning": "[yellow]warning[/]", "error": "[red]error  [/]"}


def _settings(config: Path) -> Settings:
    try:
        return load_settings(config, os.environ)
    except SettingsError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None


def _wired(settings: Settings) -> Works:
    try:
        return wire(settings)
    except ValueError as problem:
        typer.echo(f"DATABASE_URL, or database in app.yaml: {problem}", err=True)
        raise typer.Exit(2) from None


def _refuse(findings: Iterable[Finding]) -> None:
    """End with exit code 1, saying what is wrong and how to mend it, when anything is."""
    errors = [finding for finding in findings if finding.level == "error"]
    for finding in errors:
        typer.echo(f"{finding.what}\n  → {finding.mend}", err=True)
    if errors:
        raise typer.Exit(1)


@cli.command()
def serve(config: Config = APP_YAML) -> None:
    """Run the bot: everything in one process."""
    settings = _settings(config)
    _refuse(tokens(settings))
    logs.configure(plain=sys.stderr.isatty())
    works = _wired(settings)
    itself = upgrades_itself(settings.database)
    _refuse([upgraded(works.store) if itself else database(works.store, settings.database)])
    serving = Serving(works)
    for signalled in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signalled, lambda _number, _frame: serving.finish())
    try:
        ended = serving.run()
    except DoorTaken as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(1) from None
    if not ended:
        # At its end the interpreter waits without limit for executors' threads, such as one that asks a tracker.
        os._exit(0)


@cli.command(name="check")
def check_command(
    config: Config = APP_YAML,
    live: Annotated[
        bool,
        typer.Option("--live", help="Ask Slack's blocks.validate about every template, too."),
    ] = False,
) -> None:
    """Say what is wrong with settings, tokens, scopes, channels, trackers and database, and how to mend it."""
    settings = _settings(config)
    works = _wired(settings)
    console = Console(highlight=False)
    findings = check(
        settings,
        slack=works.deps.slack if settings.slack.bot_token else None,
        trackers=works.deps.trackers,
        store=works.store,
        templates=works.deps.templates,
        declared=declared(settings.app.command),
        validator=validator(settings) if live else None,
        ci_hosts=works.lost_pipelines.hosts,
        known=past(works.store, utc_now()),
    )
    for finding in findings:
        _show(console, finding)
    works.close()
    if any(finding.level == "error" for finding in findings):
        raise typer.Exit(1)


def _show(console: Console, finding: Finding) -> None:
    console.print(f"{MARKS[finding.level]} {escape(finding.what)}", soft_wrap=True)
    if finding.mend:
        console.print(f"        → {escape(finding.mend)}", soft_wrap=True)


@cli.command()
def manifest(config: Config = APP_YAML) -> None:
    """Print Slack's app manifest, made from the handlers that exist and the `app:` block."""
    try:
        app = load_app(config, os.environ)
    except SettingsError as problem:
        typer.echo(str(problem), err=True)
        raise typer.Exit(2) from None
    typer.echo(manifest_yaml(app, declared(app.command)), nl=False)


@cli.command(name="schema")
def schema_command() -> None:
    """Print the JSON Schema of app.yaml."""
    typer.echo(json.dumps(schema(), indent=2, ensure_ascii=False))


@cli.command(
    name="report",
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def report_command(context: typer.Context) -> None:
    """Send test results (JUnit XML) to a bot, from any CI; `rundown report --help` says how."""
    raise typer.Exit(report.main(context.args))


@db.command()
def upgrade(config: Config = APP_YAML) -> None:
    """Bring the database to the schema this version needs."""
    settings = _settings(config)
    works = _wired(settings)
    finding = upgraded(works.store)
    works.close()
    _refuse([finding])
    typer.echo(finding.what)


@cli.command()
def demo(
    check: Annotated[
        bool, typer.Option("--check", help="Play it without a browser and say what was missing.")
    ] = False,
    port: Annotated[int, typer.Option(help="The port of the page.")] = 8000,
) -> None:
    """Play a team's morning on this machine: a Slack workspace, a real MLflow server, real training runs."""
    from sandbox.demo import play  # noqa: PLC0415 - the bot itself never needs the sandbox

    raise typer.Exit(play(check=check, port=port))


def main() -> None:
    """Run the command line."""
    cli()


if __name__ == "__main__":
    main()
