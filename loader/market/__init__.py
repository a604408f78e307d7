"""Infer the trading day of boards from evidence; pure functions without a database."""
