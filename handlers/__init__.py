"""What arrives: commands, buttons, events, webhooks and what the clock brings."""
