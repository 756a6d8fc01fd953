"""Tags of an MLflow run that say where it came from, set as it starts."""
