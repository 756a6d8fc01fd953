"""A team's morning: real training runs, a pipeline, and people who talk about them."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

import httpx

from sandbox import conversations, deliveries
from sandbox.processes import Children
from sandbox.workspace import Workspace
from sandbox.workspace.seed import CHURN, PEOPLE

MIRA, JONAS, PRIYA = (person.id for person in PEOPLE[:3])
EXPERIMENT = "churn-classifier"
NIGHTLY = "churn-nightly"
REGRESSED = "nightly-11"
COMMIT = "7d3f1c9a5be24880c6f1e0b7a942d5538e61fa20"
MENDED = "c41e9d2f7b60358ad9e17c4402bb6f3185d07e9a"
BEFORE = "0aa11bb2c4d5e6f708192a3b4c5d6e7f80912a3b"
REST_SECONDS = 45.0
REPORT_SECONDS = 60.0
TRAINING_SECONDS = 120.0
SILENT_SECONDS = 90.0
# Trainings that go wrong on purpose; all others have to end well.
FAILING = frozenset({"failing", "crash"})


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the story plays: the workspace, the bot's door, the tracker, and the children it starts."""

    workspace: Workspace
    door: str
    secret: str
    tracker: str
    children: Children
    say: Callable[[str], None]
    stop: threading.Event


class Story:
    """Plays the story in a thread of its own until it is stopped; what goes wrong is kept in `trouble`."""

    def __init__(self, stage: Stage) -> None:
        """Nothing plays yet."""
        self.stage = stage
        self.trouble: list[str] = []
        self.noticed: dict[str, str] = {}
        self.ended = threading.Event()
        self._numbers = count(1)
        self._thread = threading.Thread(target=self._play, name="story", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def _play(self) -> None:
        try:
            for step in (*self._morning(), *self._seeds()):
                if self.stage.stop.is_set():
                    return
                step()
            self.ended.set()
            for seed in count(30):
                if self.stage.stop.wait(REST_SECONDS):
                    return
                self.train("again", "priya", "--seed", str(seed), commit=MENDED)
        except Exception as problem:
            self.trouble.append(f"the story broke off: {type(problem).__name__}: {problem}")
            self.ended.set()

    def _morning(self) -> Iterator[Callable[[], None]]:
        """What happens, in order."""
        yield self.prepare
        yield lambda: self.leave("killed", "jonas")
        yield lambda: self.train("baseline", "mira")
        yield lambda: self.report("last-week", BEFORE)
        yield lambda: self.train("better", "mira", commit=COMMIT)
        broken = (conversations.LATE, conversations.ANGRY)
        yield lambda: self.pipeline(1, COMMIT, "Lower the regularisation", *broken)
        yield lambda: self.talk(
            "less-regularised", JONAS, "Nice! Is that one seed, or did it hold up with others?"
        )
        yield lambda: self.train("failing", "priya")
        yield lambda: self.train("crash", "jonas")
        yield lambda: self.train("sweep", "mira")
        yield lambda: self.pipeline(2, MENDED, "Promise no refund")
        yield from self._nights()
        yield lambda: self.document("baseline", "Plain SGD on all columns. AUC is fine; the loss is noisy.")

    def _nights(self) -> Iterator[Callable[[], None]]:
        """The nightly training gets worse on other data, stays so, and recovers."""
        yield lambda: self.nights(11, "2")
        yield lambda: self.notice("suspected")
        yield lambda: self.nights(12, "2")
        yield lambda: self.notice("confirmed")
        yield lambda: self.nights(14, "1", count=2)
        yield lambda: self.notice("recovered")

    def nights(self, seed: int, version: str, *, count: int = 1) -> None:
        """Train once, or more often, in the nightly experiment on a version of its data."""
        how = ("--seed", str(seed), "--data", version, "--nights", str(count))
        self.train("nightly", "jonas", *how, experiment=NIGHTLY)

    def notice(self, word: str) -> None:
        """Wait until the card of the regression says a word, and keep what it said then."""
        try:
            card = self.stage.workspace.wait_for(lambda: self.card(REGRESSED, word), SILENT_SECONDS)
        except TimeoutError:
            self.trouble.append(f"the card of {REGRESSED} never said {word}")
        else:
            self.noticed[word] = " ".join(str((card or {}).get("text", "")).split())[:160]

    def _seeds(self) -> Iterator[Callable[[], None]]:
        """One run more than has a card of its own, and another: together they are a group."""
        yield lambda: self.wait_for_card("killed-by-the-kernel")
        for seed in (21, 22):
            yield lambda seed=seed: self.train("again", "priya", "--seed", str(seed))  # type: ignore[misc]

    def begin(self, story: str, user: str, *more: str, commit: str = "", experiment: str = EXPERIMENT) -> str:
        """Start a training process; returns the name of its log."""
        name = f"training-{next(self._numbers)}-{story}"
        self.stage.say(f"{user} starts a training run: {story}")
        arguments = [
            story,
            "--experiment",
            experiment,
            "--user",
            user,
            *more,
            *(["--commit", commit] if commit else []),
        ]
        # Without a look at the working tree MLflow starts faster, and the demo's commits are its own.
        environ = {"MLFLOW_TRACKING_URI": self.stage.tracker, "MLFLOW_DISABLE_TELEMETRY": "true"}
        self.stage.children.start(name, "sandbox.training", arguments, environ)
        return name

    def prepare(self) -> None:
        """Make the experiment: two trainings that both make it at the same time end in an error of MLflow's."""
        address = f"{self.stage.tracker}/api/2.0/mlflow/experiments/create"
        httpx.post(address, json={"name": EXPERIMENT}, timeout=20, trust_env=False).raise_for_status()

    def leave(self, story: str, user: str) -> None:
        """Start a training process and go on without waiting for it."""
        self.begin(story, user)

    def train(self, story: str, user: str, *more: str, commit: str = "", experiment: str = EXPERIMENT) -> None:
        """Start a training process and wait for its end; one that ends otherwise than it should is trouble."""
        name = self.begin(story, user, *more, commit=commit, experiment=experiment)
        code = self.stage.children.running[name].wait(TRAINING_SECONDS)
        if (code != 0) != (story in FAILING) and not self.stage.stop.is_set():
            self.trouble.append(
                f"{name} ended with exit code {code}; its log ends:\n{self.stage.children.tail(name)}"
            )

    def pipeline(self, number: int, commit: str, title: str, *failing: str) -> None:
        """Do what GitHub and a workflow do: it begins, reports its tests, and ends, its jobs before itself."""
        conclusion = "failure" if failing else "success"
        step = "Run pytest tests/conversations" if failing else ""
        self.deliver(deliveries.workflow_run(commit, number, "in_progress", None, title))
        self.report(f"pipeline-{number}", commit, *failing, pipeline=number)
        self.stage.say(f"GitHub says that a workflow ended: {conclusion}")
        self.deliver(deliveries.workflow_job(number, 10 * number, "lint", "success"))
        self.deliver(
            deliveries.workflow_job(number, 10 * number + 1, "conversations", conclusion, failed_step=step)
        )
        self.deliver(deliveries.workflow_run(commit, number, "completed", conclusion, title))

    def deliver(self, payload: dict[str, Any]) -> None:
        """Send a webhook; one that is not taken is trouble."""
        answer = deliveries.send(self.stage.door, self.stage.secret, payload)
        if answer != httpx.codes.OK:
            self.trouble.append(f"the webhook was answered {answer}")

    def report(self, name: str, commit: str, *failing: str, pipeline: int = 0) -> None:
        """Do what a step of the workflow does: send the results of the behaviour tests with `rundown report`."""
        results = conversations.results(self.stage.children.folder, name, failing)
        number = deliveries.run_id(pipeline) if pipeline else 0
        arguments = conversations.arguments(results, commit, deliveries.REPOSITORY, number)
        environ = {"RUNDOWN_URL": self.stage.door, "REPORT_SECRET": self.stage.secret}
        if self.stage.children.start(f"report-{name}", "bot", arguments, environ).wait(REPORT_SECONDS):
            self.trouble.append(f"the report was not sent:\n{self.stage.children.tail(f'report-{name}')}")

    def talk(self, run_name: str, user: str, text: str) -> None:
        """Reply in the thread of a run's card, as soon as there is one."""
        card = self.stage.workspace.wait_for(lambda: self.card(run_name), 30)
        if card is not None:
            self.stage.workspace.reply(user, card, text)

    def wait_for_card(self, run_name: str) -> None:
        """Wait until a run has its card."""
        self.stage.workspace.wait_for(lambda: self.card(run_name), SILENT_SECONDS)

    def card(self, run_name: str, word: str = "") -> dict[str, object] | None:
        """The card of a run by its name; nothing where it does not say a word."""
        for message in self.stage.workspace.messages(CHURN, MIRA):
            if run_name in str(message.get("text", "")) and message.get("bot_id") and not message.get("ephemeral"):
                return dict(message) if word in str(message.get("text", "")) else None
        return None

    def document(self, run_name: str, text: str) -> None:
        """Write a run's note, as its owner would in MLflow, once the reminder has come."""
        self.stage.workspace.wait_for(lambda: self._reminded(run_name), 90)
        with httpx.Client(base_url=f"{self.stage.tracker}/api/2.0/mlflow", timeout=20, trust_env=False) as client:
            experiments = client.post("/experiments/search", json={"max_results": 100}).json()["experiments"]
            wanted = {
                "experiment_ids": [one["experiment_id"] for one in experiments],
                "filter": f"attributes.run_name = '{run_name}'",
            }
            run = client.post("/runs/search", json=wanted).json()["runs"][0]["info"]["run_id"]
            tag = {"run_id": run, "key": "mlflow.note.content", "value": text}
            client.post("/runs/set-tag", json=tag).raise_for_status()
        self.stage.say(f"mira writes the note of {run_name} in MLflow")

    def _reminded(self, run_name: str) -> bool:
        card = self.card(run_name)
        if card is None:
            return False
        replies = self.stage.workspace.thread(CHURN, str(card["ts"]))
        return any("did you learn" in str(reply.get("text", "")) for reply in replies)


def digest_time(now: datetime) -> str:
    """A local time (UTC, HH:MM) that comes one to two minutes from now."""
    minutes = (now.astimezone(UTC).hour * 60 + now.astimezone(UTC).minute + 2) % (24 * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
