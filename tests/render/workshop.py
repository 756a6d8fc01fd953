"""Markup written in the test itself, rendered."""

from pathlib import Path
from typing import Any

from bot.facts.messages import Form, Message, Rendered
from bot.render.messages import Templates


class Workshop:
    """Writes markup to a folder and renders it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, markup: str, name: str = "cards/test") -> Templates:
        path = self.folder / f"{name}.xml.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(markup, encoding="utf-8")
        return Templates(self.folder)

    def render(self, markup: str, **facts: Any) -> Rendered:
        return self.write(markup).render(Message("cards/test", facts))

    def body(self, markup: str, **facts: Any) -> list[dict[str, Any]]:
        return [dict(block) for block in self.render(f"<message>{markup}</message>", **facts).blocks]

    def view(self, markup: str, state: str = "", **facts: Any) -> dict[str, Any]:
        return self.write(markup, "forms/test").view(Form("test", facts, state))
