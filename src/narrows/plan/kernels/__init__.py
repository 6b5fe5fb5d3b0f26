"""Formulas of planning: arrays in, arrays out."""
