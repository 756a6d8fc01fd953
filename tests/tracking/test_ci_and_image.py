"""A run's pipeline and image are what the environment says, and nothing where it says nothing."""

import json
from pathlib import Path

import pytest

from rundown_tracking.ci import BRANCH, URL
from rundown_tracking.ci import tags as ci_tags
from rundown_tracking.image import IMAGE
from rundown_tracking.image import tags as image_tags
from tests.tracking.places import start

VARIABLES = json.loads((Path(__file__).parents[1] / "ci/variables.json").read_text())


@pytest.mark.parametrize("case", VARIABLES.values(), ids=VARIABLES)
def test_page_and_branch_are_those_that_a_report_names(case: dict[str, dict[str, str]]) -> None:
    told = ci_tags(start(None, env=case["env"]))
    assert told == {URL: case["told"].get("url", ""), BRANCH: case["told"].get("branch", "")}


@pytest.mark.parametrize(
    ("env", "url", "branch"),
    [
        (
            {"GITLAB_CI": "true", "CI_JOB_URL": "https://g/j/1", "CI_PIPELINE_URL": "https://g/p/1"},
            "https://g/j/1",
            "",
        ),
        (
            {"BUILDKITE": "true", "BUILDKITE_BUILD_URL": "https://b/1", "BUILDKITE_BRANCH": "dev"},
            "https://b/1",
            "dev",
        ),
        (
            {"BITBUCKET_BUILD_NUMBER": "7", "BITBUCKET_REPO_FULL_NAME": "acme/churn", "BITBUCKET_BRANCH": "dev"},
            "https://bitbucket.org/acme/churn/pipelines/results/7",
            "dev",
        ),
        ({"JENKINS_URL": "x", "BUILD_URL": "https://ada:pw@ci/job/1?token=1"}, "https://ci/job/1", ""),
        ({"JENKINS_URL": "x", "BUILD_URL": "javascript:alert(1)"}, "", ""),
        ({"BUILD_URL": "https://nobody"}, "", ""),
        ({}, "", ""),
    ],
)
def test_what_a_ci_says(env: dict[str, str], url: str, branch: str) -> None:
    assert ci_tags(start(None, env=env)) == {URL: url, BRANCH: branch}


POD = {"KUBERNETES_SERVICE_HOST": "10.0.0.1"}


@pytest.mark.parametrize(
    ("env", "image"),
    [
        ({"RUNDOWN_IMAGE": "acme/train:7", "APPTAINER_CONTAINER": "/home/ada/x.sif"}, "acme/train:7"),
        ({"APPTAINER_CONTAINER": "/home/ada/torch.sif"}, "torch.sif"),
        ({**POD, "DOCKER_IMAGE": "acme/train@sha256:1", "JUPYTER_IMAGE": "x"}, "acme/train@sha256:1"),
        ({**POD, "CI_JOB_IMAGE": "python:3.12"}, "python:3.12"),
        (POD, ""),
        ({}, ""),
    ],
)
def test_the_image_is_what_somebody_says(env: dict[str, str], image: str) -> None:
    assert image_tags(start(None, env=env)) == {IMAGE: image}
