"""Runs compared and curves drawn, from what is typed to what people see."""

from typing import Any

import httpx

from sandbox.workspace.seed import CHURN
from tests.fixtures.bench import JONAS, MIRA, Bench, Team, said


def curve(team: Team, name: str, values: list[float]) -> str:
    """A run that logged these values of val_auc, a step each."""
    run = team.start(f"{name}-{team.bench.prefix}")
    for step, value in enumerate(values):
        team.hand.log(run, "val_auc", value, step=step)
    team.hand.end(run)
    return run


def charts(message: dict[str, Any]) -> list[dict[str, Any]]:
    return [block for block in message["blocks"] if block["type"] == "data_visualization"]


def direct(bench: Bench) -> list[dict[str, Any]]:
    """The files in Mira's direct messages with the bot."""
    channel = bench.slack.direct(MIRA, bench.slack.bot.id)
    return [file for one in bench.slack.messages(channel.id, MIRA) for file in one.get("files") or []]


def in_channel(bench: Bench) -> list[dict[str, Any]]:
    """The files that Jonas sees in the channel."""
    return [file for one in bench.slack.messages(CHURN, JONAS) for file in one.get("files") or []]


def test_short_curves_are_drawn_by_slack_from_what_the_tracker_has(bench: Bench, team: Team) -> None:
    curve(team, "calm-owl", [0.5, 0.7, 0.8])
    curve(team, "sly-fox", [0.4, 0.6, 0.9])
    bench.follow()
    owl, fox = (f"{name}-{bench.prefix}" for name in ("calm-owl", "sly-fox"))
    (answer,) = bench.type(f"/runs plot val_auc {owl} {fox}")
    assert answer["ephemeral"]
    (chart,) = charts(answer)
    drawn = {one["name"]: [point["value"] for point in one["data"]] for one in chart["chart"]["series"]}
    assert drawn == {owl: [0.5, 0.7, 0.8], fox: [0.4, 0.6, 0.9]}
    assert direct(bench) == []


def test_long_curves_come_as_a_picture_to_the_asker_and_shared_to_all(bench: Bench, team: Team) -> None:
    curve(team, "calm-owl", [0.5 + step / 100 for step in range(25)])
    bench.follow()
    owl = f"calm-owl-{bench.prefix}"
    (answer,) = bench.type(f"/runs plot val_auc {owl}")
    assert answer["ephemeral"]
    assert charts(answer) == []
    (file,) = direct(bench)
    assert (file["title"], file["mimetype"]) == (f"val_auc: {owl}", "image/png")
    assert file["alt_txt"] == f"val_auc by step. {owl}: 0.5 to 0.74, between 0.5 and 0.74."
    assert httpx.get(file["url_private"], trust_env=False).content.startswith(b"\x89PNG")
    assert in_channel(bench) == []
    bench.press(answer, "Share")
    assert [one["title"] for one in in_channel(bench)] == [f"val_auc: {owl}"]
    assert len(direct(bench)) == 1


def test_a_comparison_of_three_leads_to_their_curves(bench: Bench, team: Team) -> None:
    runs = [curve(team, name, [0.5, last]) for name, last in (("owl", 0.8), ("fox", 0.9), ("bee", 0.7))]
    bench.follow()
    (answer,) = bench.type(f"/runs compare {' '.join(runs)}")
    assert "0.9 ▲" in said(answer)
    assert "0.7 ▼" in said(answer)
    plotted = [one for one in bench.press(answer, "Plot") if charts(one)]
    assert len(charts(plotted[0])[0]["chart"]["series"]) == 3
