"""Runs with nobody beside them: what starts one by itself, whether that is switched on, and who is told of a failure.

Belongs here: the schedule, the sensors and their switches. Not here: what a run does (`assets/`) and the jobs
(`defs/jobs.py`).
"""
