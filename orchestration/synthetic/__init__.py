"""Synthetic extracts: a solved profile (`calibration/`, `data/`) and the identities drawn for it."""
