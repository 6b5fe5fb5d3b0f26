"""Kernels of the simulation: arrays in, arrays out."""
