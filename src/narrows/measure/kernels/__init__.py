"""Formulas of measure: arrays in, arrays out."""
