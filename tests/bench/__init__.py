"""Measures how fast Rundown is, and against what: `make bench`."""
