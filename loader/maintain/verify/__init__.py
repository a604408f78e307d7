"""Damage found, and repaired where raw captures allow."""
