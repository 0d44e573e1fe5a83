"""Extracts of any size, for the benchmarks: people by number, not calibrated to the bulletins.

Belongs here: a register of everybody, the cases and records drawn from it, and their files, part by part. Not here:
the published figures; only a calibrated profile returns them.
"""
