"""Disclosure control: which cells of a release may be shown, and a proof by attack that the rest stay hidden."""
