"""The pipeline a run was started by, and its branch, where CI checks out a commit without one."""

import re
from collections.abc import Mapping, Sequence

from rundown_tracking.git import BRANCH, address
from rundown_tracking.start import Start

URL = "ci.url"

# By the variable that tells a CI: where people see the job, and its branch. Of several the first that is all set.
CIS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "GITHUB_ACTIONS": (
        ["{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"],
        ["{GITHUB_HEAD_REF}", "{GITHUB_REF_NAME}"],
    ),
    "GITLAB_CI": (
        ["{CI_JOB_URL}", "{CI_PIPELINE_URL}"],
        ["{CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}", "{CI_COMMIT_REF_NAME}"],
    ),
    "JENKINS_URL": (["{BUILD_URL}"], ["{CHANGE_BRANCH}", "{BRANCH_NAME}", "{GIT_BRANCH}"]),
    "TF_BUILD": (
        ["{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}"],
        ["{SYSTEM_PULLREQUEST_SOURCEBRANCH}", "{BUILD_SOURCEBRANCH}"],
    ),
    "CIRCLECI": (["{CIRCLE_BUILD_URL}"], ["{CIRCLE_BRANCH}"]),
    "BUILDKITE": (["{BUILDKITE_BUILD_URL}"], ["{BUILDKITE_BRANCH}"]),
    "BITBUCKET_BUILD_NUMBER": (
        ["https://bitbucket.org/{BITBUCKET_REPO_FULL_NAME}/pipelines/results/{BITBUCKET_BUILD_NUMBER}"],
        ["{BITBUCKET_BRANCH}"],
    ),
}


def tags(start: Start) -> dict[str, str]:
    """The job's page and its branch; nothing outside of a CI that is known."""
    urls, branches = next((told for variable, told in CIS.items() if start.env.get(variable)), ((), ()))
    url, branch = (_first(one, start.env) for one in (urls, branches))
    page, _, query = url.replace(" ", "%20").partition("?")
    page = address(page) if page.startswith(("https://", "http://")) else ""
    # Only Azure has one.
    number = re.fullmatch(r"buildId=\d+", query)
    return {
        URL: f"{page}?{query}" if page and number else page,
        BRANCH: re.sub(r"^(refs/heads/|origin/)", "", branch),
    }


def _first(templates: Sequence[str], env: Mapping[str, str]) -> str:
    whole = (one for one in templates if all(env.get(name) for name in re.findall(r"{(\w+)}", one)))
    return next((one.format_map(env) for one in whole), "")
