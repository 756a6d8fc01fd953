"""Rundown, a Slack bot for teams that train models."""
