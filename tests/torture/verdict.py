"""The promises, counted: in the sandbox as people see it, and in the database once all is quiet."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from bot.edges.store import SqlStore
from bot.edges.store.tables import arrivals, outbox, reminders
from bot.facts.messages import PostState
from bot.facts.runs import RunRef, Status
from bot.ports.cards import CardRow
from bot.ports.index import Known
from tests.torture.bad_slack import BadDays
from tests.torture.door import Door
from tests.torture.seen import Message, Watcher
from tests.torture.team import POISON, Team, Trained

# Slack wants an acknowledgement within three seconds: https://docs.slack.dev/interactivity/handling-user-interaction
ACK_SECONDS = 3.0
# One post a second a channel; the sandbox may be told of the second one a little sooner than of the first.
LANE_SECONDS = 0.95


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the outbox."""

    channel: str
    key: str
    state: str
    text: str
    ts: str


@dataclass
class Verdict:
    """Everything that is known once all is quiet."""

    store: SqlStore
    team: Team
    watcher: Watcher
    slack: BadDays
    door: Door
    folder: Path
    canaries: Sequence[str]

    def __post_init__(self) -> None:
        self.rows = rows(self.store)
        self.messages = self.watcher.messages()
        self.visible = Counter((one.channel, one.key) for one in self.messages)
        self.standing = {(one.channel, one.key): one for one in self.messages}
        self.refs = {run.run_id: RunRef("main", run.run_id) for run in self.team.runs}
        with self.store.read() as unit:
            self.known = unit.runs.get(list(self.refs.values()))
            self.places = {run_id: list(unit.cards.of_run(ref)) for run_id, ref in self.refs.items()}

    @property
    def doubled(self) -> int:
        return sum(count - 1 for count in self.visible.values())

    @property
    def lost(self) -> list[str]:
        """Rows that say they stand in Slack and do not, and runs without a card that people see."""
        sent = [row for row in self.rows if row.state == PostState.SENT]
        missing = [f"{row.channel} {row.key}" for row in sent if not self.visible[row.channel, row.key]]
        return missing + [run.name for run in self.team.runs if not self._is_told(run)]

    @property
    def behind(self) -> list[str]:
        """Messages that show another text than the newest, and cards that name a run as it was called before."""
        shown = self.standing
        old = [
            f"{row.channel} {row.key}"
            for row in self.rows
            if row.state == PostState.SENT
            and (row.channel, row.key) in shown
            and shown[row.channel, row.key].text != row.text
        ]
        return old + [run.name for run in self.team.runs if self._is_outdated(run)]

    def lateness(self) -> list[float]:
        """Seconds from the last end of a run to its card, for runs with a card of their own."""
        first = {one.key: one.at for one in self.messages if one.channel.startswith("#team")}
        ends = {f"run:{self.refs[run.run_id]}": run.ended_at for run in self.team.runs if run.revision == 1}
        return sorted(first[key] - at for key, at in ends.items() if key in first)

    def violations(self) -> Iterator[str]:
        """What was promised and not kept."""
        if self.doubled:
            yield f"I1: {self.doubled} doubled: {[where for where, n in self.visible.items() if n > 1][:5]}"
        if self.lost:
            yield f"I1: {len(self.lost)} lost: {self.lost[:5]}"
        known = {(row.channel, row.key): row.ts for row in self.rows}
        strange = [one for one in self.messages if known.get((one.channel, one.key)) != one.ts]
        if strange:
            yield f"I1: {len(strange)} messages that the outbox does not know: {strange[:2]}"
        yield from self._followed()
        if self.watcher.went_back() or self.behind:
            went_back = self.watcher.went_back()
            yield f"I3: {went_back} cards went back, {len(self.behind)} are behind: {self.behind[:5]}"
        unsettled = [row for row in self.rows if row.state not in (PostState.SENT, PostState.DEAD)]
        if unsettled:
            yield f"I4: {len(unsettled)} rows are {unsettled[0].state}: {unsettled[:2]}"
        yield from self._paced()
        yield from self._doors()
        leaks = list(self._leaks())
        if leaks:
            yield f"I10: secrets in {leaks}"

    def _followed(self) -> Iterator[str]:
        unlike = mismatches(self.team, self.known)
        if unlike:
            yield f"I2: {len(unlike)} runs are known otherwise than they are: {unlike[:5]}"
        poison = [row for row in self.rows if row.channel == f"#{POISON}"]
        alive = [row for row in poison if row.state != PostState.DEAD]
        if alive:
            yield f"I2: {len(alive)} posts to a channel that refuses all are {alive[0].state}"
        told = [one for one in self.messages if one.channel == "#rundown-ops" and f"#{POISON}" in one.text]
        if poison and not told:
            yield "I2: nobody was told of posts that were given up"
        others = [row for row in self.rows if row.state == PostState.DEAD and row.channel != f"#{POISON}"]
        if others:
            yield f"I9: {len(others)} posts died elsewhere: {others[:3]}"

    def _paced(self) -> Iterator[str]:
        if self.slack.quickest() < LANE_SECONDS:
            yield f"I5: two posts to one channel within {self.slack.quickest():.2f} s"
        if self.slack.hasty:
            yield f"I5: {len(self.slack.hasty)} calls before Retry-After was over: {self.slack.hasty[:2]}"

    def _doors(self) -> Iterator[str]:
        for delivery in self.door.deliveries:
            told = [one for one in self.messages if one.channel == "#team0" and delivery.name in one.content]
            if len(told) != 1 or set(delivery.answers) != {200}:
                yield f"I6: {delivery.name} was answered {delivery.answers} and told {len(told)} times"
        if set(self.door.forged) - {401} or self._arrived("delivery-90") or self._arrived("delivery-91"):
            yield f"I7: forged webhooks were answered {Counter(self.door.forged)}"
        if self.door.late or max(self.door.acks, default=0.0) >= ACK_SECONDS:
            yield f"I12: {len(self.door.late)} not acknowledged in time: {self.door.late[:3]}"

    def _arrived(self, delivery: str) -> bool:
        with self.store.engine.connect() as connection:
            found = select(arrivals.c.delivery_id).where(arrivals.c.delivery_id == delivery)
            return connection.execute(found).first() is not None

    def _leaks(self) -> Iterator[str]:
        said = "".join(one.content for one in self.messages).encode()
        places = {path.name: path.read_bytes() for path in self.folder.iterdir() if path.is_file()}
        for name, content in {**places, "Slack": said}.items():
            if name != "app.yaml" and any(canary.encode() in content for canary in self.canaries):
                yield name

    def _is_told(self, run: Trained) -> bool:
        """Whether a run that ended stands on one card that people see, or on one that was given up."""
        home = [row for row in self.places[run.run_id] if row.channel == f"#{run.team}"]
        if run.deleted and not home:
            return True  # it was gone before the bot first saw it
        return len(home) == 1 and (run.team == POISON or self.visible[home[0].channel, home[0].card_key] == 1)

    def _is_outdated(self, run: Trained) -> bool:
        own: list[Message] = [
            self.standing[row.channel, row.card_key]
            for row in self.places[run.run_id]
            if _alone(row) and (row.channel, row.card_key) in self.standing
        ]
        return any(f"t{run.number:03}-r{run.revision}" not in one.text for one in own)


def _alone(row: CardRow) -> bool:
    return row.card_key.startswith("run:")


def rows(store: SqlStore) -> list[Row]:
    """The whole outbox."""
    columns = (outbox.c.channel, outbox.c.key, outbox.c.state, outbox.c.text, outbox.c.ts)
    with store.engine.connect() as connection:
        return [Row(*row) for row in connection.execute(select(*columns))]


def mismatches(team: Team, known: Mapping[RunRef, Known]) -> list[str]:
    """Runs that the index holds otherwise than the tracker."""
    found = []
    for run in team.runs:
        entry = known.get(RunRef("main", run.run_id))
        as_it_is = (Status(run.status), run.deleted, run.name)
        if entry is None or (entry.run.status, entry.run.deleted, entry.run.name) != as_it_is:
            held = "nothing" if entry is None else f"{entry.run.name} {entry.run.status} {entry.run.deleted}"
            found.append(f"{run.name} is {run.status} {run.deleted}, known is {held}")
    return found


def unquiet(store: SqlStore, team: Team) -> str:
    """What still has to happen; empty when all is quiet."""
    with store.read() as unit:
        known = unit.runs.get([RunRef("main", run.run_id) for run in team.runs])
        backlog = unit.outbox.backlog()
    with store.engine.connect() as connection:
        waiting = len(connection.execute(select(reminders).where(reminders.c.state == "waiting")).all())
    left = mismatches(team, known)
    words = [f"{len(left)} runs not known as they are ({left[0]})"] if left else []
    words += [f"{backlog} posts wait"] if backlog else []
    words += [f"{waiting} reminders wait"] if waiting else []
    return ", ".join(words)
