"""What templates became, kept as files: read them to see a message, rewrite them on purpose only."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.facts.messages import Form, Message
from bot.render.messages import Templates

GOLDEN = Path(__file__).parent / "golden"
WRITE = os.environ.get("RUNDOWN_WRITE_GOLDEN") == "1"


def check_golden(
    templates: Templates, message: Message | Form, case: str = "ordinary", *, write: bool = WRITE
) -> None:
    """Compare what a message or form becomes with tests/golden/<template>.<case>.json.

    With RUNDOWN_WRITE_GOLDEN=1 in the environment the file is written instead.
    """
    if isinstance(message, Form):
        became: Mapping[str, Any] = templates.view(message)
        path = GOLDEN / f"forms/{message.template}.{case}.json"
    else:
        rendered = templates.render(message)
        became = {"text": rendered.text, "blocks": list(rendered.blocks)}
        path = GOLDEN / f"{message.template}.{case}.json"
    name = path.relative_to(GOLDEN)
    written = json.dumps(became, indent=2, ensure_ascii=False) + "\n"
    if write:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
        return
    assert path.exists(), f"there is no {name} yet: run with RUNDOWN_WRITE_GOLDEN=1 and read what it wrote"
    assert json.loads(written) == json.loads(path.read_text(encoding="utf-8")), f"{name} reads differently now"
