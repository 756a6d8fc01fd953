"""A Slack workspace on this machine, for the demo and the end-to-end tests."""
