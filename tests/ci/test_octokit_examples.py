"""Every payload that GitHub publishes as an example is read without an error."""

import json
import shutil
import subprocess
import tarfile
from pathlib import Path

import pytest

from bot.ci.providers import github
from tests.ci.payloads import NOW

PACKAGE = "@octokit/webhooks-examples@7.6.1"
NPM = shutil.which("npm")


@pytest.mark.special
@pytest.mark.skipif(NPM is None, reason="there is no npm here to fetch GitHub's examples with")
def test_every_example_of_github_is_read(tmp_path: Path) -> None:
    assert NPM is not None
    fetch = [NPM, "pack", PACKAGE, "--silent", "--pack-destination", str(tmp_path)]
    done = subprocess.run(fetch, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=100)
    if done.returncode != 0:
        pytest.skip(f"npm cannot fetch {PACKAGE} here (exit {done.returncode})")
    (archive,) = tmp_path.glob("*.tgz")
    read: dict[str, int] = {}
    with tarfile.open(archive) as package:
        lists = [member for member in package if member.name.endswith("/index.json")]
        for member in lists:
            content = package.extractfile(member)
            assert content is not None
            for event in json.load(content):
                for example in event["examples"]:
                    told = github.read({"x-github-event": event["name"]}, example, NOW)
                    if told:
                        read[event["name"]] = read.get(event["name"], 0) + 1
    assert len(lists) > 1, "github.com's and those of GitHub Enterprise servers"
    assert read.keys() == {"workflow_run", "workflow_job", "check_run", "check_suite", "pull_request"}
