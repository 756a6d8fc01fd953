"""What the verdict engine and its rivals find in series whose changes people have marked."""
