"""Who and what a fresh workspace holds."""

from sandbox.workspace.nouns import App, Channel, Command, Team, User

TEAM = Team("T0SANDBOX1", "Sandbox", "sandbox")
BOT = User("U0RUNDOWN1", "rundown", "Rundown", "UTC", "2f6f4f", is_bot=True)
APP_ID, BOT_ID = "A0RUNDOWN1", "B0RUNDOWN1"
SLACKBOT = "USLACKBOT"
BOT_TOKEN = "xoxb-sandbox-rundown-bot"  # noqa: S105 (opens only this machine's sandbox)
APP_TOKEN = "xapp-1-A0RUNDOWN1-sandbox"  # noqa: S105
SIGNING_SECRET = "sandbox-signing-secret"  # noqa: S105
VERIFICATION_TOKEN = "sandbox-verification-token"  # noqa: S105

PEOPLE = (
    User(
        "U0000MIRA1", "mira", "Mira Lindqvist", "Europe/Berlin", "9f69e7", "mira@example.com", title="ML engineer"
    ),
    User(
        "U000JONAS1",
        "jonas",
        "Jonas Adeyemi",
        "America/New_York",
        "4bbe2e",
        "jonas@example.com",
        title="Team lead",
    ),
    User(
        "U000PRIYA1", "priya", "Priya Raman", "Asia/Kolkata", "e7392d", "priya@example.com", title="Data scientist"
    ),
    User("U000KENJI1", "kenji", "Kenji Morita", "Asia/Tokyo", "3c989f", "kenji@example.com", title="Platform"),
    User("U0000LENA1", "lena", "Lena Duarte", "America/Sao_Paulo", "674b1b", "lena@partner.example", guest=True),
)
CHURN, GENERAL, OPS, REVIEW = "C0000CHURN", "C00GENERAL", "C000RUNOPS", "C000REVIEW"

SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "usergroups:read",
        "users:read",
        "users:read.email",
    ]
)
EVENTS = frozenset(
    [
        "app_home_opened",
        "app_mention",
        "link_shared",
        "member_joined_channel",
        "message.channels",
        "message.groups",
        "message.im",
        "reaction_added",
        "reaction_removed",
    ]
)
USAGE = (
    "latest [experiment] [count] | show RUN | compare RUN [runs…] | search FILTER | "
    "running [experiment] | help [word] | baseline [experiment] [run] | "
    "best [metric] [experiment] [count] | ci [repository] | failed [since] [experiment] | "
    "plot METRIC [run] [runs…] | settings | stalled [experiment] | tests [branch] | why [run] [other]"
)
COMMANDS = (Command("/runs", "Ask about training runs", USAGE),)


def app(
    scopes: frozenset[str], commands: tuple[Command, ...], events: frozenset[str], unfurl: tuple[str, ...]
) -> App:
    """The app as it is installed here."""
    return App(APP_ID, "Rundown", BOT_ID, scopes, commands, events, unfurl)


def channels(created: int) -> list[Channel]:
    """The channels of a fresh workspace; the bot is in none yet, but has a direct message with everyone."""
    everyone = [person.id for person in PEOPLE if not person.guest]
    mira = PEOPLE[0].id
    lena = PEOPLE[-1].id
    made = [
        Channel(GENERAL, "general", list(everyone), "Company-wide talk"),
        Channel(CHURN, "churn", [*everyone, lena], "The churn model: runs, questions, plans"),
        Channel(OPS, "rundown-ops", everyone[:2], "What Rundown says about itself"),
        Channel(REVIEW, "model-review", everyone[:2], "Reviews before a release", private=True),
        Channel("D0000MIJO1", "", everyone[:2], direct=True),
    ]
    made += [Channel(f"D{person.id[1:]}", "", [BOT.id, person.id], direct=True) for person in PEOPLE]
    for channel in made:
        channel.created = created
        channel.creator = mira
    return made
