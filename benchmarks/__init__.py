"""Measurements against a real server; `make bench`. See README.md here."""
