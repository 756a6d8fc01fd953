"""A run's commit, branch, remote and cleanliness are told in every shape of working tree, and never a password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rundown_tracking.git import BRANCH, COMMIT, DIRTY, REMOTE, address, tags
from tests.tracking.places import git, repository, start


def test_a_clean_tree_is_told(tmp_path: Path) -> None:
    made = repository(tmp_path, {"src/train.py": "fit()\n"})
    git(made, "remote", "add", "origin", "https://ada:s3cret@github.com/acme/churn.git")
    (made / "untracked.txt").write_text("a note")
    assert tags(start(made / "src")) == {
        COMMIT: git(made, "rev-parse", "HEAD"),
        BRANCH: "main",
        REMOTE: "https://github.com/acme/churn.git",
        DIRTY: "false",
    }


@pytest.mark.parametrize("staged", [True, False])
def test_a_change_that_nobody_committed_is_told(tmp_path: Path, staged: bool) -> None:
    made = repository(tmp_path)
    (made / "train.py").write_text("fit(2)\n")
    if staged:
        git(made, "add", "train.py")
    assert tags(start(made))[DIRTY] == "true"


def test_a_detached_head_has_no_branch(tmp_path: Path) -> None:
    made = repository(tmp_path)
    git(made, "checkout", "--quiet", "--detach")
    assert tags(start(made))[BRANCH] == ""
    assert tags(start(made))[COMMIT] == git(made, "rev-parse", "HEAD")


def test_the_branch_of_a_worktree_and_the_commit_of_a_submodule_are_their_own(tmp_path: Path) -> None:
    made, library = repository(tmp_path / "app"), repository(tmp_path / "library", {"layers.py": "x = 1\n"})
    git(made, "worktree", "add", "--quiet", "-b", "trial/größer", str(tmp_path / "beside"))
    assert tags(start(tmp_path / "beside"))[BRANCH] == "trial/größer"
    git(made, "submodule", "--quiet", "add", str(library), "library")
    git(made, "commit", "--quiet", "--message", "Use the library")
    told = tags(start(made / "library"))
    assert told[COMMIT] == git(library, "rev-parse", "HEAD")
    assert tags(start(made))[DIRTY] == "false"
    (made / "library/layers.py").write_text("x = 2\n")
    assert tags(start(made))[DIRTY] == "true"


def test_the_remote_of_the_branch_comes_before_origin(tmp_path: Path) -> None:
    made = repository(tmp_path)
    git(made, "remote", "add", "origin", "git@github.com:ada/churn.git")
    git(made, "remote", "add", "team", "git@github.com:acme/churn.git")
    assert tags(start(made))[REMOTE] == "git@github.com:ada/churn.git"
    git(made, "config", "branch.main.remote", "team")
    assert tags(start(made))[REMOTE] == "git@github.com:acme/churn.git"


def test_where_there_is_no_commit_nothing_is_told(tmp_path: Path) -> None:
    assert tags(start(None)) == {}
    assert tags(start(tmp_path / "gone")) == {}
    assert tags(start(tmp_path)) == {}
    git(tmp_path, "init", "--quiet")
    assert tags(start(tmp_path)) == {}


@pytest.mark.parametrize("broken", ["HEAD", "refs", "objects", "index"])
def test_a_broken_repository_never_raises(tmp_path: Path, broken: str) -> None:
    made = repository(tmp_path)
    there = made / ".git" / broken
    there.rename(tmp_path / "away")
    there.write_bytes(b"\0nonsense")
    told = tags(start(made))
    assert told == {} or (broken == "index" and told[DIRTY] == "") or broken == "objects"


def test_time_that_is_over_leaves_everything_out(tmp_path: Path) -> None:
    begun = start(repository(tmp_path), left=0)
    assert tags(begun) == {}
    begun.repository.close()


@pytest.mark.parametrize(
    ("remote", "told"),
    [
        ("https://github.com/acme/churn.git", "https://github.com/acme/churn.git"),
        ("https://x-access-token:ghs_1@github.com/acme/churn", "https://github.com/acme/churn"),
        ("https://github.com/acme/churn?private_token=1", "https://github.com/acme/churn"),
        ("http://git.acme.lan:8080/churn.git", "http://git.acme.lan:8080/churn.git"),
        ("ssh://git@github.com:22/acme/churn", "ssh://git@github.com:22/acme/churn"),
        ("ssh://ada:pw@[::1]:22/acme/churn", "ssh://[::1]:22/acme/churn"),
        ("git@github.com:acme/churn.git", "git@github.com:acme/churn.git"),
        ("ada@git.acme.lan:churn.git", "git.acme.lan:churn.git"),
        ("https://u:pa?ss@github.com/acme/churn", ""),
        ("https://u:pa/ss@github.com/acme/churn", ""),
        ("https://[", ""),
        ("ext::ssh -i key host", ""),
        ("/home/ada/churn", ""),
        ("../churn", ""),
        ("C:\\Users\\ada\\churn", ""),
        ("C:/Users/ada/churn", ""),
        ("file:///home/ada/churn", ""),
        ("origin", ""),
        ("", ""),
    ],
)
def test_a_remote_is_told_without_what_is_secret(remote: str, told: str) -> None:
    assert address(remote) == told


SECRET = st.text("SECRT9%:/?#@!$&[]\\ ~_-.", min_size=4, max_size=12).map(lambda some: f"SECRET{some}")


@given(
    st.sampled_from(["https", "http", "ssh", "git", "ftp", "file", "HTTPS", ""]),
    st.sampled_from(["", "git", "ada"]),
    SECRET,
    st.sampled_from(["github.com", "[::1]", "h:80"]),
)
def test_a_password_is_never_told(scheme: str, user: str, secret: str, host: str) -> None:
    for remote in (f"{scheme}://{user}:{secret}@{host}/acme/churn", f"{scheme}://{secret}@{host}/acme/churn"):
        assert "secret" not in address(remote).lower(), remote
    assert "secret" not in address(f"{user or 'u'}:{secret}@{host}:acme/churn").lower()
