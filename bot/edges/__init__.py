"""Where the outside is touched: databases, MLflow, Slack, and the queue between processes."""
