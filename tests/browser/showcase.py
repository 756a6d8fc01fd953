"""Everything a channel may hold, posted as an app posts it: cards, tables, charts, files, odd names, whispers."""

import struct
import zlib
from typing import Any

from slack_sdk import WebClient

from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, PEOPLE

MIRA, JONAS, PRIYA = (person.id for person in PEOPLE[:3])
LONG = "customer-churn-classifier-with-gradient-boosting-and-a-name-nobody-wanted-to-shorten-" * 2
JAPANESE = "解約予測モデルの再学習が完了しました。検証AUCは0.953です"
ARABIC = "اكتمل تدريب نموذج التنبؤ بالتسرب بنجاح"


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action, "text": plain(label), **more}


def card(name: str) -> list[dict[str, Any]]:
    """A card with fields, a menu and buttons that do nothing."""
    return [
        {"type": "header", "text": plain(name)},
        {
            "type": "section",
            "text": mrkdwn(f"*<https://mlflow.example.com|{name[:100]}>* finished after 2 min"),
            "fields": [mrkdwn("*val_auc*\n0.953 (+0.012)"), mrkdwn("*val_loss*\n0.2113 (−0.04)")],
        },
        {"type": "context", "elements": [mrkdwn("vs `baseline`, the previous run")]},
        {
            "type": "actions",
            "elements": [
                button("Document", "open", style="primary"),
                button("Delete trial", "delete", style="danger"),
                {
                    "type": "overflow",
                    "action_id": "more",
                    "options": [{"text": plain("Pin as baseline"), "value": "pin"}],
                },
            ],
        },
    ]


def wide_table() -> dict[str, Any]:
    """Twelve columns: wider than any pane."""
    words = ["Run", "Owner", "val_auc", "val_loss", "test_auc", "test_loss", "alpha", "model", "seed", "epochs"]
    rows = [[f"attempt-{number}", "mira", *[f"{number / 9:.4f}"] * 8] for number in range(1, 7)]
    return {
        "type": "table",
        "rows": [[{"type": "raw_text", "text": cell} for cell in row] for row in [words, *rows]],
        "column_settings": [{"align": "left"}] * 2 + [{"align": "right"}] * 8,
    }


def data_table() -> dict[str, Any]:
    """Twelve rows in pages of five, sortable."""
    rows = [[f"attempt-{number}", round(0.9 + (number * 7 % 12) / 200, 4)] for number in range(1, 13)]
    cells = [
        [{"type": "raw_text", "text": name}, {"type": "raw_number", "value": auc, "text": str(auc)}]
        for name, auc in rows
    ]
    head = [{"type": "raw_text", "text": "Run"}, {"type": "raw_text", "text": "val_auc"}]
    return {"type": "data_table", "caption": "Leaderboard of churn", "page_size": 5, "rows": [head, *cells]}


def chart(kind: str = "line") -> dict[str, Any]:
    """Two runs over eight epochs."""
    labels = [str(epoch) for epoch in range(1, 9)]
    series = [
        {
            "name": name,
            "data": [{"label": one, "value": round(top - 0.3 / (at + 1), 4)} for at, one in enumerate(labels)],
        }
        for name, top in (("attempt-6", 0.96), ("baseline", 0.91))
    ]
    axes = {"categories": labels, "x_label": "Epoch", "y_label": "val_auc"}
    return {
        "type": "data_visualization",
        "title": "val_auc by epoch",
        "chart": {"type": kind, "series": series, "axis_config": axes},
    }


def form() -> dict[str, Any]:
    """The kind of form a run is documented with."""
    asked = [
        ("tried", "What was tried?", {"type": "plain_text_input", "action_id": "text", "multiline": True}),
        ("next", "What next?", {"type": "plain_text_input", "action_id": "text"}),
    ]
    blocks: list[dict[str, Any]] = [
        {"type": "input", "block_id": name, "label": plain(label), "element": element}
        for name, label, element in asked
    ]
    blocks[1] |= {"optional": True, "hint": plain("One line is enough.")}
    options = [{"text": plain(words), "value": words} for words in ("It helped", "It did not", "Unclear")]
    radio = {"type": "radio_buttons", "action_id": "outcome", "options": options}
    blocks.append({"type": "input", "block_id": "outcome", "label": plain("Outcome"), "element": radio})
    return {"type": "modal", "title": plain("Document attempt-6"), "submit": plain("Save"), "blocks": blocks}


def picture(width: int = 420, height: int = 180) -> bytes:
    """A PNG with a slope on it."""
    rows = b"".join(
        b"\0" + bytes(channel for x in range(width) for channel in _pixel(x, y, width, height))
        for y in range(height)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def _pixel(x: int, y: int, width: int, height: int) -> tuple[int, int, int]:
    slope = height - height * (x / width) ** 0.4 * 0.9
    return (26, 106, 99) if abs(y - slope) < 3 else (250, 250, 248)


def fill(workspace: Workspace, client: WebClient) -> None:
    """Post all of it into #churn."""
    first = client.chat_postMessage(channel=CHURN, text="attempt-6 finished", blocks=card("attempt-6"))
    workspace.reply(JONAS, {"channel": CHURN, "ts": first["ts"]}, "Nice! One seed, or more?")
    workspace.react(JONAS, {"channel": CHURN, "ts": first["ts"]}, "tada")
    workspace.react(MIRA, {"channel": CHURN, "ts": first["ts"]}, "tada")
    workspace.react(PRIYA, {"channel": CHURN, "ts": first["ts"]}, "eyes")
    workspace.type(PRIYA, CHURN, f"{JAPANESE} :tada:")
    workspace.type(PRIYA, CHURN, ARABIC)
    workspace.type(JONAS, CHURN, f"@mira have a look at {LONG}, and at `alpha = 0.01`?")
    said = workspace.messages(CHURN, JONAS)[-1]
    workspace.edit(JONAS, {"channel": CHURN, "ts": said["ts"]}, f"{said['text']} Please.")
    client.chat_postMessage(channel=CHURN, text="long", blocks=card(LONG[:150]))
    client.chat_postMessage(channel=CHURN, text="all runs", blocks=[wide_table()])
    client.chat_postMessage(channel=CHURN, text="leaderboard", blocks=[data_table()])
    client.chat_postMessage(channel=CHURN, text="curves", blocks=[chart()])
    client.files_upload_v2(
        channel=CHURN, content=picture(), filename="roc.png", title="ROC of attempt-6", alt_txt="A ROC curve"
    )
    client.files_upload_v2(channel=CHURN, content="a,b\n1,2\n", filename="predictions.csv")
    whisper = "Only you see this: `/runs document attempt-6` writes the note."
    client.chat_postEphemeral(channel=CHURN, user=MIRA, text=whisper, blocks=card("attempt-6"))
