"""What it means for a run to be documented, and how people are reminded."""
