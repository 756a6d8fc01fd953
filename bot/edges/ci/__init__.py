"""The APIs of GitHub Actions and GitLab's pipelines: bot.ports.ci_hosts.CiHost."""

from bot.edges.ci.github import GithubActions
from bot.edges.ci.gitlab import GitlabPipelines

__all__ = ["GithubActions", "GitlabPipelines"]
