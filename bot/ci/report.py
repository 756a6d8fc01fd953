"""Send test results (JUnit XML) to Rundown from any CI: `python3 report.py --to https://bot.example.com out.xml`.

One file without dependencies, for Python 3.8 and newer. REPORT_SECRET must be set. What is not given is filled in
from the variables of GitHub Actions, GitLab, Jenkins, Azure and CircleCI. It fails no pipeline without --strict.
"""

from __future__ import annotations

import argparse
import glob
import gzip
import hashlib
import hmac
import io
import json
import os
import re
import sys
import time
import uuid
import zipfile
from contextlib import suppress
from http.client import HTTPException
from typing import Callable, List, Mapping, Sequence, Tuple
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import HTTPRedirectHandler, Request, build_opener

Environ = Mapping[str, str]
Body = Tuple[bytes, str, List[str]]
TRIES, TIMEOUT_SECONDS = 5, 60.0
TOLD = {
    "to": "the bot's address; else RUNDOWN_URL",
    "run": "the MLflow run that was tested, its id or name; else MLFLOW_RUN_ID",
    "model": "the model version that was tested, such as churn/7",
    "commit": "the commit that was tested",
    "branch": "the branch that was tested",
    "target": "the branch it is to be merged into",
    "url": "where people see this pipeline",
    "name": "what these tests are called; reports of one name are compared",
    "repository": "the repository, such as acme/churn",
    "provider": "the CI, such as github, gitlab or jenkins",
    "pipeline": "the pipeline's id; reports of one pipeline and name are merged",
    "attempt": "which attempt of the pipeline this is, from 1",
    "shard": "2/4 is the second of four parts that make one report",
}


class Failed(Exception):
    """The report was not sent; the text says why and what to do."""


# By the variable that tells a CI what its variables say; of several the first whose variables are all set.
PROVIDERS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "GITHUB_ACTIONS": {
        "provider": ["github"],
        "repository": ["{GITHUB_REPOSITORY}"],
        "commit": ["{GITHUB_SHA}"],
        "branch": ["{GITHUB_HEAD_REF}", "{GITHUB_REF_NAME}"],
        "target": ["{GITHUB_BASE_REF}"],
        "url": ["{GITHUB_SERVER_URL}/{GITHUB_REPOSITORY}/actions/runs/{GITHUB_RUN_ID}"],
        "pipeline": ["{GITHUB_RUN_ID}"],
        "attempt": ["{GITHUB_RUN_ATTEMPT}"],
        "name": ["{GITHUB_WORKFLOW} / {GITHUB_JOB}"],
    },
    "GITLAB_CI": {
        "provider": ["gitlab"],
        "repository": ["{CI_PROJECT_PATH}"],
        "commit": ["{CI_MERGE_REQUEST_SOURCE_BRANCH_SHA}", "{CI_COMMIT_SHA}"],
        "branch": ["{CI_MERGE_REQUEST_SOURCE_BRANCH_NAME}", "{CI_COMMIT_REF_NAME}"],
        "target": ["{CI_MERGE_REQUEST_TARGET_BRANCH_NAME}"],
        "url": ["{CI_PIPELINE_URL}"],
        "pipeline": ["{CI_PIPELINE_ID}"],
        "name": ["{CI_JOB_GROUP_NAME}", "{CI_JOB_NAME}"],
        "shard": ["{CI_NODE_INDEX}/{CI_NODE_TOTAL}"],
    },
    "JENKINS_URL": {
        "provider": ["jenkins"],
        "repository": ["{GIT_URL}"],
        "commit": ["{GIT_COMMIT}"],
        "branch": ["{CHANGE_BRANCH}", "{BRANCH_NAME}", "{GIT_BRANCH}"],
        "target": ["{CHANGE_TARGET}"],
        "url": ["{BUILD_URL}"],
        "pipeline": ["{BUILD_TAG}"],
    },
    "TF_BUILD": {
        "provider": ["azure"],
        "repository": ["{BUILD_REPOSITORY_NAME}"],
        "commit": ["{SYSTEM_PULLREQUEST_SOURCECOMMITID}", "{BUILD_SOURCEVERSION}"],
        "branch": ["{SYSTEM_PULLREQUEST_SOURCEBRANCH}", "{BUILD_SOURCEBRANCH}"],
        "target": ["{SYSTEM_PULLREQUEST_TARGETBRANCH}"],
        "url": ["{SYSTEM_COLLECTIONURI}{SYSTEM_TEAMPROJECT}/_build/results?buildId={BUILD_BUILDID}"],
        "pipeline": ["{BUILD_BUILDID}"],
        "attempt": ["{SYSTEM_JOBATTEMPT}"],
        "name": ["{BUILD_DEFINITIONNAME}"],
        "shard": ["{SYSTEM_JOBPOSITIONINPHASE}/{SYSTEM_TOTALJOBSINPHASE}"],
    },
    "CIRCLECI": {
        "provider": ["circleci"],
        "repository": ["{CIRCLE_PROJECT_USERNAME}/{CIRCLE_PROJECT_REPONAME}"],
        "commit": ["{CIRCLE_SHA1}"],
        "branch": ["{CIRCLE_BRANCH}"],
        "url": ["{CIRCLE_BUILD_URL}"],
        "pipeline": ["{CIRCLE_WORKFLOW_ID}"],
        "name": ["{CIRCLE_JOB}"],
        "shard": ["{CIRCLE_NODE_INDEX}/{CIRCLE_NODE_TOTAL}"],
    },
}


def detected(env: Environ) -> dict[str, str]:
    """What the CI's variables say of the report; nothing of what they do not."""
    provider = next((found for variable, found in PROVIDERS.items() if env.get(variable)), {})
    told = {}
    for name, templates in provider.items():
        whole = [one for one in templates if all(env.get(variable) for variable in re.findall(r"{(\w+)}", one))]
        if whole:
            told[name] = whole[0].format_map(env)
    for name in ("branch", "target"):
        told[name] = re.sub(r"^(refs/heads/|origin/)", "", told.get(name, ""))
    told["repository"] = re.sub(r"^(\w+://[^/]+/|[^/]+:)|(\.git)?/?$", "", told.get("repository", ""))
    told["name"] = re.sub(r" \d+/\d+$", "", told.get("name", ""))
    told["url"] = told.get("url", "").replace(" ", "%20")
    # Of a pull request GitHub tests, and names as GITHUB_SHA, a merge that nobody knows.
    with suppress(OSError, ValueError, KeyError, TypeError), open(env.get("GITHUB_EVENT_PATH", "")) as file:
        told["commit"] = str(json.load(file)["pull_request"]["head"]["sha"])
    if env.get("CIRCLECI") and env.get("CIRCLE_NODE_INDEX", "").isdigit():
        told["shard"] = f"{int(env['CIRCLE_NODE_INDEX']) + 1}/{env.get('CIRCLE_NODE_TOTAL', '1')}"
    return told


def parser() -> argparse.ArgumentParser:
    """The command line."""
    made = argparse.ArgumentParser("rundown report", description=__doc__.split("\n\n")[0])
    made.add_argument("files", nargs="+", metavar="FILE", help="JUnit XML, or a pattern such as 'out/**/*.xml'")
    for name, told in TOLD.items():
        made.add_argument(f"--{name}", default="", help=told)
    made.add_argument("--partial", action="store_true", help="only some of the tests were run: none was removed")
    made.add_argument("--strict", action="store_true", help="end with exit code 1 when the report was not taken")
    return made


def described(given: argparse.Namespace, env: Environ) -> dict[str, str]:
    """What is said of the report: what was given, else what the CI's variables say."""
    found = {"run": env.get("MLFLOW_RUN_ID", "")}
    found.update(detected(env))
    told = {name: getattr(given, name) or found.get(name, "") for name in TOLD if name != "to"}
    if given.partial:
        told["partial"] = "true"
    return {name: value for name, value in told.items() if value}


def pack(patterns: Sequence[str]) -> Body:
    """The files as one body, its content type and their names: gzip for one, zip for several; raises Failed."""
    names = [name for pattern in patterns for name in sorted(glob.glob(pattern, recursive=True)) or [pattern]]
    names = [name for name in dict.fromkeys(names) if not os.path.isdir(name)]
    missing = [name for name in names if not os.path.isfile(name)]
    if missing or not names:
        raise Failed(f"there is no file {', '.join(missing or patterns)}; did the tests run, and in which folder?")
    try:
        if len(names) == 1:
            with open(names[0], "rb") as file:
                content = file.read()
            return content if content[:2] == b"\x1f\x8b" else gzip.compress(content), "application/gzip", names
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            for number, name in enumerate(names, 1):
                end = ".xml.gz" if name.lower().endswith(".gz") else ".xml"
                archive.write(name, f"{number}-{os.path.basename(name).split('.')[0]}{end}")
    except OSError as problem:
        raise Failed(f"{problem.filename}: {problem.strerror}") from None
    return buffer.getvalue(), "application/zip", names


def signed(secret: str, identity: str, query: str, content: bytes, now: float) -> dict[str, str]:
    """The headers that prove where the report comes from; `now` is Unix seconds."""
    timestamp, digest = str(int(now)), hashlib.sha256(content).hexdigest()
    words = f"v1:{timestamp}:{identity}:{query}:{digest}".encode()
    return {
        "X-Rundown-Timestamp": timestamp,
        "X-Rundown-Id": identity,
        "X-Rundown-Digest": digest,
        "X-Rundown-Signature": "v1=" + hmac.new(secret.encode(), words, hashlib.sha256).hexdigest(),
    }


class _NoRedirect(HTTPRedirectHandler):
    """A redirect of a signed request is an answer, not a place to go."""

    def redirect_request(self, *_: object, **__: object) -> None:
        return None


def send(address: str, secret: str, query: str, body: Body, pause: Callable[[float], None] = time.sleep) -> str:
    """Send it, again and again where that may help; returns the bot's answer. Raises Failed."""
    content, kind, names = body
    identity, opener, why = uuid.uuid4().hex, build_opener(_NoRedirect), ""
    for attempt in range(TRIES):
        pause(2.0 ** (attempt - 1) if attempt else 0.0)
        proof = signed(secret, identity, query, content, time.time())
        headers = {"Content-Type": kind, "User-Agent": "rundown-report/1", **proof}
        request = Request(f"{address}/ci/report?{query}", content, headers, method="POST")
        try:
            with opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
                said = answer.read(1000).decode("utf-8", "replace").strip()
                return f"{said} ({len(names)} file{'s' if len(names) > 1 else ''})"
        except HTTPError as problem:
            said = problem.read(1000).decode("utf-8", "replace").strip().split("\n")[0]
            if problem.code == 409:
                return said
            why = f"{address} answered {problem.code}: {said}"
            if problem.code < 500 and problem.code not in (408, 425, 429):
                break
        except (URLError, OSError, HTTPException) as problem:
            why = f"{address} cannot be reached: {getattr(problem, 'reason', problem)}"
    raise Failed(why)


def report(arguments: Sequence[str], env: Environ) -> str:
    """Do what the command line says; returns what to print. Raises Failed."""
    given = parser().parse_args(arguments)
    address, secret = (given.to or env.get("RUNDOWN_URL", "")).rstrip("/"), env.get("REPORT_SECRET", "")
    if not address.startswith(("http://", "https://")):
        raise Failed("the bot's address is not known: give --to https://..., or set RUNDOWN_URL")
    if not secret:
        raise Failed("REPORT_SECRET is not set; is it withheld from pipelines of forks?")
    told = described(given, env)
    if not any(told.get(name) for name in ("commit", "run", "model")):
        raise Failed("nothing says what was tested: give --commit, --run or --model")
    return send(address, secret, urlencode(told), pack(given.files))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; returns the exit code: 0 unless --strict is given."""
    arguments = sys.argv[1:] if arguments is None else arguments
    for stream in (sys.stdout, sys.stderr):
        getattr(stream, "reconfigure", lambda **_: None)(errors="replace")
    try:
        print(f"rundown report: {report(arguments, os.environ)}")
        return 0
    except Failed as problem:
        print(f"rundown report: not sent: {problem}", file=sys.stderr)
    except SystemExit as problem:
        if not problem.code:
            return 0
    return 1 if "--strict" in arguments else 0


if __name__ == "__main__":
    sys.exit(main())
