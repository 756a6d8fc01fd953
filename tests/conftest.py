"""Fixtures that every room's tests may use."""

pytest_plugins = ["tests.fixtures.mlflow", "tests.fixtures.stores", "tests.fixtures.bench"]
