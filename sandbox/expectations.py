"""What must be seen in the demo, and a look whether it was: `make demo CHECK=1`."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from sandbox.story import MIRA, REGRESSED, Stage, Story
from sandbox.workspace.seed import CHURN

Found = str | None
FIRST_CARD_SECONDS = 60.0
RAISED = "ValueError: could not convert string to float: 'n/a'"
ANSWERS = (
    ("/runs latest", "retrain-22"),
    ("/runs", "latest"),
    ("/runs show baseline", "val_auc"),
    ("/runs compare less-regularised baseline", "alpha"),
    ("/runs best val_auc in churn-* 5", "app.yaml says that higher is better"),
    ("/runs show best", "val_auc"),
    ("/runs search metrics.val_auc > 0.9 and params.model = 'sgd'", "less-regularised"),
    ("/runs running", "running"),
    ("/runs failed", "bad-preprocessing"),
    ("/runs show bad-preprocessing", "ValueError: could not convert"),
    ("/runs tests main", "all is well"),
    ("/runs tests less-regularised", "conversations"),
    ("/runs ci", "behaviour tests"),
    ("/runs settings", "churn-*"),
    ("/runs latset", "latest"),
)


@dataclass(slots=True)
class Expectations:
    """Waits for each thing in turn and says what it saw; `page` is the address of the page."""

    stage: Stage
    story: Story
    page: str
    started: float
    seen: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        """Wait for everything; returns what was missing."""
        missing: list[str] = []
        for name, seconds, look in self._arriving():
            self._keep(name, self._within(seconds, look), missing)
        for command, word in ANSWERS:
            self._keep(f"an answer to {command}", self._answer(command, word), missing)
        return missing + self.story.trouble

    def _keep(self, name: str, found: Found, missing: list[str]) -> None:
        if found is None:
            missing.append(name)
            self.stage.say(f"  not seen · {name}")
            return
        self.seen.append(name)
        self.stage.say(f"  seen after {time.monotonic() - self.started:4.0f} s · {name}: {found}")

    def _within(self, seconds: float, look: Callable[[], Found]) -> Found:
        try:
            return self.stage.workspace.wait_for(look, seconds)
        except TimeoutError:
            return None

    def _arriving(self) -> Iterator[tuple[str, float, Callable[[], Found]]]:
        yield "the page", 10, self._page
        yield "the first card", FIRST_CARD_SECONDS, lambda: self._message("baseline", "val_auc")
        yield "a better run with its delta", 90, lambda: self._message("less-regularised", "(+0.00")
        yield "a failing pipeline's card", 60, lambda: self._message("behaviour tests", "started failing")
        yield "the job that failed, and where", 30, lambda: self._message("conversations", "tests/conversations")
        yield "the conversations that broke", 30, lambda: self._message("behaviour tests", "2 newly failing")
        yield "the test diff in the run's thread", 30, lambda: self._reply("less-regularised", "angry_customer")
        yield "what CI says on the run's card", 30, lambda: self._message("less-regularised", "2 newly failing")
        yield "the pipeline in the run's thread", 30, lambda: self._reply("less-regularised", "behaviour tests")
        yield "a teammate's reply in the thread", 30, lambda: self._reply("less-regularised", "one seed")
        yield "a failed run", 90, lambda: self._message("bad-preprocessing", "failed")
        yield "what the failed run logged of the cause", 30, lambda: self._message("bad-preprocessing", RAISED)
        yield "a run that ended without metrics", 90, lambda: self._message("forgot-the-with", "without metrics")
        yield "a sweep as one card", 120, lambda: self._message("alpha-sweep", "alpha-")
        yield "a fixed pipeline", 60, lambda: self._message("behaviour tests", "is fixed")
        yield "the conversations that were mended", 30, lambda: self._message("is fixed", "2 fixed")
        yield "a regression that is suspected", 150, lambda: self.story.noticed.get("suspected")
        yield "a regression that is confirmed", 90, lambda: self.story.noticed.get("confirmed")
        yield "the alarm, with what changed", 30, lambda: self._reply(REGRESSED, f"regressed with {REGRESSED}")
        yield "its cause", 30, lambda: self._message(REGRESSED, "data training")
        yield "the cause in the alarm", 30, lambda: self._reply(REGRESSED, "data training")
        yield "a regression that recovered", 150, lambda: self.story.noticed.get("recovered")
        yield "the recovery in the channel", 30, lambda: self._message("recovered", "It began with", REGRESSED)
        yield "a silent run", 120, lambda: self._message("killed-by-the-kernel", "silent")
        yield "a reminder", 120, lambda: self._reply("baseline", "did you learn", "is documented")
        yield "a reminder that went away", 90, lambda: self._reply("baseline", "is documented")
        yield "a burst as one grouped card", 120, lambda: self._message("retrain-21", "retrain-22")
        yield "the digest", 200, lambda: self._message("Digest", "finished")

    def _page(self) -> Found:
        answer = httpx.get(self.page, timeout=5, trust_env=False)
        return f"{self.page}, {len(answer.content)} bytes" if answer.status_code == httpx.codes.OK else None

    def _message(self, *words: str) -> Found:
        return self._among(self.stage.workspace.messages(CHURN, MIRA), words, ephemeral=False)

    def _reply(self, run_name: str, *any_of: str) -> Found:
        card = self.story.card(run_name)
        if card is None:
            return None
        replies = self.stage.workspace.thread(CHURN, str(card["ts"]))[1:]
        return next(
            (found for words in any_of if (found := self._among(replies, (words,), ephemeral=False))), None
        )

    def _answer(self, command: str, word: str) -> Found:
        """Type a command as Mira and wait for its answer, which only she sees."""
        workspace = self.stage.workspace
        before = {message["ts"] for message in workspace.messages(CHURN, MIRA)}
        workspace.type(MIRA, CHURN, command)

        def look() -> Found:
            fresh = [one for one in workspace.messages(CHURN, MIRA) if one["ts"] not in before]
            return self._among(fresh, (word,), ephemeral=True)

        return self._within(10, look)

    def _among(self, messages: list[dict[str, Any]], words: tuple[str, ...], *, ephemeral: bool) -> Found:
        """The newest message that holds all words, in text or blocks."""
        for message in reversed(messages):
            whole = f"{message.get('text', '')} {message.get('blocks', '')}"
            if bool(message.get("ephemeral")) is ephemeral and all(word in whole for word in words):
                return " ".join(str(message.get("text", "")).split())[:160] or "(no text)"
        return None
