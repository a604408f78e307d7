"""Queries and their parameters."""
