"""Parties: names against the lists of restricted parties."""
