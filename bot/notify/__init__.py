"""Who is told, what the cards say, and how it reaches Slack."""
