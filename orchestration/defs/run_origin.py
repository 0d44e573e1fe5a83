"""To which code location a run belongs: the UI's timeline leaves out one that belongs to none.

Dagster knows it of the runs that its own service starts, and not of one that is executed in the process that asks for
it, as the terminal's are.

Belongs here: telling Dagster. Not here: what serves the code location (`service/processes.py`).
"""

import dagster as dg
from dagster._core.definitions.definitions_class import SINGLETON_REPOSITORY_NAME
from dagster._core.remote_origin import RegisteredCodeLocationOrigin, RemoteJobOrigin, RemoteRepositoryOrigin
from dagster._core.storage.tags import REPOSITORY_LABEL_TAG

from orchestration.settings import CODE_LOCATION


def tell_origin(instance: dg.DagsterInstance, run_id: str) -> None:
    """Record that a run is one of this project's, where Dagster does not know whose it is."""
    run = instance.get_run_by_id(run_id)
    if run is None or run.remote_job_origin is not None:
        return
    location = RegisteredCodeLocationOrigin(location_name=CODE_LOCATION)
    repository = RemoteRepositoryOrigin(location, SINGLETON_REPOSITORY_NAME)
    # the tag first: without one there is none to be replaced
    instance.add_run_tags(run_id, {REPOSITORY_LABEL_TAG: repository.get_label()})
    instance.run_storage.replace_job_origin(run, RemoteJobOrigin(repository, run.job_name))
