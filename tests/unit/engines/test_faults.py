"""What Spark says of the machine, in our words and without its values."""

import pytest

from orchestration.engines.faults import fault_of

EXECUTOR_LOST = (
    "Job aborted due to stage failure: Task 0 in stage 12.0 failed 4 times, most recent failure: Lost task 0.3 "
    "(TID 40) (127.0.0.1 executor 3): ExecutorLostFailure (executor 3 exited caused by one of the running tasks) "
    "Reason: Command exited with code 52"
)


@pytest.mark.parametrize("said", [EXECUTOR_LOST, "java.lang.OutOfMemoryError: Java heap space"])
def test_too_little_memory_names_the_setting(said):
    assert "PROBATION_SPARK_MEMORY" in fault_of(said).remedy


def test_a_full_disk_is_told_as_ever():
    assert fault_of("java.io.IOException: No space left on device").problem == "The disk is full."


def test_a_fault_in_the_sql_is_not_the_machines():
    assert fault_of("[CAST_INVALID_INPUT] The value 'Smith' of the type STRING cannot be cast") is None
