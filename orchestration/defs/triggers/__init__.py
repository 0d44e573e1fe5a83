"""Runs without a person: the weekly schedule, the landing sensor, and who is told when one of them has failed.

Belongs here: these, and whether they are switched on. Not here: what a run does (`defs/assets`, `defs/jobs.py`).
"""
