"""Readers: one file for each list of parties as published."""
