"""Attacks on what is published: each is first shown to break a naive method, and is then run on ours."""
