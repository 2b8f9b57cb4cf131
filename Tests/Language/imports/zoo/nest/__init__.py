"""Nest package."""
