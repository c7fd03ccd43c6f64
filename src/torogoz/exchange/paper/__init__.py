"""Sheets for the hand: what a person or an institution keeps on paper, sealed so that a copy can be checked."""
