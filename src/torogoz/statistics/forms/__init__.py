"""The definitions of the single form: YAML that is reviewed in git, and what reads it."""
