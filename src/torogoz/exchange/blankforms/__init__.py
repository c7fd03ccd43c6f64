"""Blank forms: what officers of one institution in one role fill in without a connection, and its outline."""
