"""From a template and facts to what Slack takes: markup, Block Kit, limits."""
