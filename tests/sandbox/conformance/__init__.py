"""Whether the sandbox says only what Slack's own contracts document: `python -m tests.sandbox.conformance`.

The contracts are not part of this repository. A folder of them holds methods/*.json (arguments, scopes, tiers and
error codes of each method, as https://github.com/slack-ruby/slack-api-ref has them), responses/*.json and
payloads/*.json (samples, as json-logs/samples of https://github.com/slackapi/java-slack-sdk has them).
"""
