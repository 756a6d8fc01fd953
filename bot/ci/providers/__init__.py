"""A provider is a module here, found by its name: `verify()` its signature, then `read()` what it says."""
