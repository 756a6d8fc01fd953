"""Learning what is true of runs: trackers are asked again and again, and what changed is told once."""
