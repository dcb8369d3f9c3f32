"""The HTTP doors: `create_app` assembles them, `serve` runs them."""

from qa.api.app import create_app
from qa.api.serving import serve

__all__ = ["create_app", "serve"]
