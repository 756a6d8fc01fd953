"""From what somebody typed to the runs that are meant."""
