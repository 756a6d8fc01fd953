"""Markup written in the test itself, rendered."""

from pathlib import Path
from typing import Any

from bot.facts.messages import Form, Message, Rendered
from bot.render.messages import Templates


class Workshop:
    """Writes markup to a folder and renders it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: dict[tuple[str, str], Templates] = {}

    def write(self, markup: str, name: str = "cards/test") -> Templates:
        if (name, markup) not in self.opened:
            path = self.folder / f"{name}.xml.j2"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(markup, encoding="utf-8")
            self.opened = {(name, markup): Templates(self.folder)}
        return self.opened[name, markup]

    def render(self, markup: str, **facts: Any) -> Rendered:
        return self.write(markup).render(Message("cards/test", facts))

    def body(self, markup: str, **facts: Any) -> list[dict[str, Any]]:
        return [dict(block) for block in self.render(f"<message>{markup}</message>", **facts).blocks]

    def view(self, markup: str, state: str = "", **facts: Any) -> dict[str, Any]:
        return self.write(markup, "forms/test").view(Form("test", facts, state))
