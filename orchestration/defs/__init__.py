"""What Dagster loads.

Belongs here: jobs, the schedule and the sensor, resources, the instance, and how a stage is done once. Not here: the
assets (`assets/`), and anything that could be done without Dagster.
"""
