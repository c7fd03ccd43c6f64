"""Linkage: which records are of the same person, and how sure that is. Frames in, frames out."""
