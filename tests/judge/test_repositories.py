"""Where code is kept is read from git's addresses, and nobody's address leads anywhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.repositories import host_of, repository, same_commit
from bot.settings import CiSettings

CI = CiSettings.model_validate(
    {"github": {"url": "https://git.acme.com:8443"}, "gitlab": {"url": "https://gitlab.com"}}
)


@pytest.mark.parametrize(
    ("address", "url", "ours"),
    [
        ("git@gitlab.com:acme/ml/churn.git", "https://gitlab.com/acme/ml/churn", True),
        ("https://gitlab.com/acme/churn", "https://gitlab.com/acme/churn", True),
        ("git@git.acme.com:ml/churn.git", "https://git.acme.com:8443/ml/churn", True),
        ("ssh://git@GIT.acme.com:2222/ml/churn.git/", "https://git.acme.com:8443/ml/churn", True),
        ("https://user:token@git.acme.com/ml/churn.git", "https://git.acme.com:8443/ml/churn", True),
        ("https://github.com/acme/churn.git", "https://github.com/acme/churn", False),
        ("ssh://git@ssh.github.com:443/acme/churn.git", "https://github.com/acme/churn", False),
        ("org-1234@github.com:acme/churn.git", "https://github.com/acme/churn", False),
        ("git+https://github.com/acme/churn", "https://github.com/acme/churn", False),
    ],
)
def test_every_form_of_an_address_leads_to_its_page(address: str, url: str, ours: bool) -> None:
    found = repository(address, CI)
    assert found is not None
    assert (found.url, found.ours) == (url, ours)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "churn",
        "/srv/git/churn",
        "file:///srv/git/churn",
        "C:\\code\\churn",
        "https://evil.example/acme/churn",
        "https://github.com.evil.example/acme/churn",
        "https://evil.example@169.254.169.254/a/b",
        "https://github.com/acme",
        "https://github.com/acme/churn/tree/main",
        "https://gitlab.com/acme/../../api",
        "https://gitlab.com/acme//churn",
        "https://gitlab.com/acme/churn?x=1/../..",
        "git@github.com:acme/ch urn",
        "https://[broken/a/b",
        "https://github.com/acme/%2e%2e",
    ],
)
def test_any_other_address_leads_nowhere(address: str) -> None:
    found = repository(address, CI)
    assert found is None or found.url in ("https://gitlab.com/acme/churn",)


@given(st.text(max_size=60) | st.text("git@:/.com%\\[]#? -ab", max_size=60))
def test_no_text_leads_to_another_host(address: str) -> None:
    found = repository(address, CI)
    assert found is None or found.url.startswith(
        ("https://git.acme.com:8443/", "https://github.com/", "https://gitlab.com/")
    )
    assert "@" not in host_of(address)


def test_each_host_has_its_page_of_commits() -> None:
    pages = [repository(f"https://{host}/acme/churn", CiSettings()) for host in ("github.com", "gitlab.com")]
    assert [page.compare_url("a1", "b2") for page in pages if page] == [
        "https://github.com/acme/churn/compare/a1...b2",
        "https://gitlab.com/acme/churn/-/compare/a1...b2",
    ]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [("abcdef1", "abcdef1", True), ("abcdef12", "abcdef1", True), ("abcdef1", "abcdef2", False), ("", "", False)],
)
def test_an_abbreviated_commit_is_the_same(one: str, other: str, same: bool) -> None:
    assert same_commit(one, other) is same
