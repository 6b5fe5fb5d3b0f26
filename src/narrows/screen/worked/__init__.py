"""Worked shipments: cases with their sources, each on the days that change its answer."""
