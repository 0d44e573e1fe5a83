"""What starts a run without a person: the weekly schedule and the landing sensor.

Belongs here: both, and whether they are switched on. Not here: what a run does (`defs/assets`, `defs/jobs.py`).
"""
