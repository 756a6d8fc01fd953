"""Each edge as the core sees it: small protocols, and the errors an edge may raise."""
