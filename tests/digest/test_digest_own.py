"""A team's own digest that fails: the day is told all the same, and the ops channel hears of the template."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from bot.digest import Digests
from bot.edges.store import open_store
from bot.facts.runs import TrackerState
from bot.render.messages import Templates
from bot.settings import AppSettings, DigestSettings, Settings, SubscriptionSettings

NINE = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def test_a_digest_whose_template_fails_is_ours_and_ops_are_told(tmp_path: Path) -> None:
    file = tmp_path / "own" / "digest" / "daily.xml.j2"
    file.parent.mkdir(parents=True)
    file.write_text("<message><section>{{ weather }}</section></message>")
    wish = SubscriptionSettings(digest=DigestSettings(at=time(9)))
    settings = Settings(app=AppSettings(ops_channel="#ops"), channels={"#churn": (wish,)})
    store = open_store(f"sqlite:///{tmp_path / 'rundown.db'}")
    store.upgrade()
    with store.write() as unit:
        unit.trackers.put(TrackerState("main", followed_from=NINE - timedelta(days=9)))
    assert Digests(settings, Templates(tmp_path / "own"), store).digest(NINE) == 1
    with store.read() as unit:
        post = unit.outbox.get("#churn", "digest:2026-11-23")
        notice = unit.outbox.get("#ops", f"notice:template:digest/daily:{NINE.timestamp():.0f}")
    store.close()
    assert post is not None
    assert post.text.startswith("A quiet day")
    assert notice is not None
    assert "digest/daily.xml.j2:1" in notice.text
