"""A team's own template of an answer that fails: the answer comes all the same, and ops are told once."""

from dataclasses import replace
from pathlib import Path

from bot.render.messages import Templates
from bot.settings import AppSettings
from handlers.answers import payload
from tests.commands.desk import Desk


def told(desk: Desk) -> list[str]:
    with desk.store.read() as unit:
        return [text for _, text, _ in unit.notices.open()]


def test_an_answer_whose_template_fails_is_ours_until_it_is_mended(desk: Desk, tmp_path: Path) -> None:
    ours = payload(desk.deps, desk.ask(""))
    file = tmp_path / "own" / "commands" / "menu.xml.j2"
    file.parent.mkdir(parents=True)
    file.write_text("<message>\n<section>{{ nothing }}</section></message>")
    app = AppSettings(ops_channel="#ops")
    desk.settings = desk.settings.model_copy(update={"app": app})
    desk.templates = Templates(tmp_path / "own")
    for _ in range(2):
        assert payload(desk.deps, desk.ask("")) == ours
    (text,) = told(desk)
    assert text.startswith("Your template commands/menu.xml.j2:2: UndefinedError: 'nothing' is undefined.")
    with desk.store.read() as unit:
        assert unit.outbox.backlog() == 1
    file.write_text("<message><section>Mended</section></message>")
    desk.templates = Templates(tmp_path / "own")
    assert payload(desk.deps, desk.ask(""))["text"] == "Mended"
    assert told(desk) == []


def test_an_answer_nothing_can_lay_out_says_so(desk: Desk) -> None:
    broken = replace(desk.ask(""), facts={})
    assert "could not lay out" in payload(desk.deps, broken)["text"]
