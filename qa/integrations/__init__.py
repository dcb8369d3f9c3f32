"""Retrievers for the frameworks that people build chatbots with."""
