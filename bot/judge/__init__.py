"""What a difference between runs means: pure functions over facts."""
