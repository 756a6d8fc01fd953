"""Continuous integration: what a provider sends becomes a Pipeline."""
