"""What CI tells: what it means for its branch, who hears of it, and what is said to the runs it is about."""
