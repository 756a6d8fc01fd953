"""auth.test, users.*, team.info and usergroups.list: who is here."""

from sandbox.web_api.call import Answer, Call, Method
from sandbox.web_api.pace import SPECIAL
from sandbox.workspace import Refusal, User, shapes


def auth_test(call: Call) -> Answer:
    """auth.test: whose token this is."""
    workspace = call.workspace
    return {
        "ok": True,
        "url": f"{workspace.base_url}/",
        "team": workspace.team.name,
        "user": workspace.bot.name,
        "team_id": workspace.team.id,
        "user_id": workspace.bot.id,
        "bot_id": workspace.app.bot_id,
        "is_enterprise_install": False,
    }


def _shown(call: Call, person: User) -> Answer:
    return shapes.user(call.workspace, person, email="users:read.email" in call.workspace.app.scopes)


def info(call: Call) -> Answer:
    """users.info."""
    person = call.workspace.users.get(call.need("user"))
    if person is None:
        raise Refusal("user_not_found")
    return {"ok": True, "user": _shown(call, person)}


def listed(call: Call) -> Answer:
    """users.list."""
    people, cursor = call.page(list(call.workspace.users.values()), 1000)
    answer: Answer = {"ok": True, "members": [_shown(call, person) for person in people]}
    return answer | {"cache_ts": int(call.workspace.now()), "response_metadata": {"next_cursor": cursor}}


def by_email(call: Call) -> Answer:
    """users.lookupByEmail."""
    email = call.need("email").lower()
    for person in call.workspace.users.values():
        if person.email and person.email.lower() == email:
            return {"ok": True, "user": _shown(call, person)}
    raise Refusal("users_not_found")


def team(call: Call) -> Answer:
    """team.info."""
    one = call.workspace.team
    if call.text("team") not in ("", one.id):
        raise Refusal("team_not_found")
    shown = {"id": one.id, "name": one.name, "domain": one.domain, "email_domain": "example.com"}
    return {"ok": True, "team": shown | {"url": f"{call.workspace.base_url}/", "icon": {"image_default": True}}}


def usergroups(call: Call) -> Answer:
    """usergroups.list: this workspace has none."""
    return {"ok": True, "usergroups": []}


READ = ("users:read",)
METHODS = {
    "auth.test": Method(auth_test, tier=SPECIAL),
    "users.info": Method(info, ("include_locale", "user"), ("user",), scopes=READ, tier=4, json=False),
    "users.list": Method(
        listed, ("cursor", "include_locale", "limit", "team_id"), scopes=READ, tier=2, json=False
    ),
    "users.lookupByEmail": Method(
        by_email, ("email",), ("email",), scopes=("users:read.email",), tier=3, json=False
    ),
    "team.info": Method(team, ("domain", "team"), scopes=("team:read",), tier=3),
    "usergroups.list": Method(
        usergroups,
        ("include_count", "include_disabled", "include_users", "team_id"),
        scopes=("usergroups:read",),
        tier=2,
        json=False,
    ),
}
