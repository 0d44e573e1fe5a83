"""What starts runs by itself: whether it is switched on, when it is next due, and whether anything is there to do it.

Belongs here: asking Dagster's records. Not here: the schedule and the sensor (`schedules.py`, `sensors.py`).
"""

import time
from datetime import datetime

import dagster as dg
from dagster._core.scheduler.instigation import InstigatorStatus
from dagster._utils.schedules import schedule_execution_time_iterator

from orchestration.defs.triggers.schedules import weekly_bulletin
from orchestration.defs.triggers.sensors import landing_sensor

# The daemon notes every half a minute that it is alive.
SECONDS_OF_A_HEARTBEAT = 120


def next_schedule(instance: dg.DagsterInstance) -> datetime | None:
    """When the weekly run is next due, in the schedule's own time; None where it is switched off."""
    if weekly_bulletin.name not in _switched_on(instance):
        return None
    zone = weekly_bulletin.execution_timezone
    return next(schedule_execution_time_iterator(time.time(), weekly_bulletin.cron_schedule, zone))


def is_sensor_on(instance: dg.DagsterInstance) -> bool:
    """Whether new files start a run."""
    return landing_sensor.name in _switched_on(instance)


def is_daemon_alive(instance: dg.DagsterInstance) -> bool:
    """Whether the service runs: without it neither schedule nor sensor nor queue starts anything."""
    beats = [beat.timestamp for beat in instance.get_daemon_heartbeats().values()]
    return bool(beats) and time.time() - max(beats) < SECONDS_OF_A_HEARTBEAT


def _switched_on(instance: dg.DagsterInstance) -> set[str]:
    states = instance.all_instigator_state(instigator_statuses={InstigatorStatus.RUNNING})
    return {state.instigator_name for state in states}
