"""Dateline: ask a news archive; every answer names its source, its date and its exact words."""

__version__ = "0.1.0"
