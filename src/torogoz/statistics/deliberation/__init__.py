"""What a body of people wants, from their votes: formulas only, without names, clock or database."""
