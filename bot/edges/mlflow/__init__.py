"""An MLflow tracking server over its REST API 2.0: bot.ports.tracker.Tracker on one HTTP client."""

from bot.edges.mlflow.rest import RestTracker

__all__ = ["RestTracker"]
