"""Accounts of people who work here, and what their roles allow."""
