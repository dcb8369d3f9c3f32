"""The HTTP doors: `create_app` assembles them, `qa.api.serving.serve` runs them."""

from qa.api.app import create_app

__all__ = ["create_app"]
