"""Synthetic extracts: a solved profile (`calibration/`, `data/`) and the identities drawn for it.

Belongs here: reading the profile, the calendar, the command line, and a room for each step from profile to files. Not
here: anything that a run on real extracts uses.
"""
