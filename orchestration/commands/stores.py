"""The stores of a data folder, looked at one by one: each says of itself what is damaged, and what helps.

Belongs here: which stores there are. Not here: what each says (where it is opened).
"""

import duckdb

from orchestration.defs.instance import require_sound_records
from orchestration.errors import PipelineError
from orchestration.ledger.records import recorded_inputs, recorded_stages
from orchestration.releases.publishing import latest_release, release_fingerprint
from orchestration.settings import Settings
from orchestration.storage.analysis_database import open_for_reading
from orchestration.storage.case_keys import read_or_make_key
from orchestration.storage.warehouse import SCHEMAS, open_warehouse


def damages(settings: Settings) -> list[PipelineError]:
    """What is wrong with each store that can be looked at while a run is alive; empty where all are sound."""
    return _raised_by(settings, _key, require_sound_records, _ad_hoc_database, _latest_release)


def damages_of_the_warehouse(settings: Settings) -> list[PipelineError]:
    """What is wrong with the warehouse or the ledger in it. For who holds the run lock."""
    return _raised_by(settings, _warehouse)


def _raised_by(settings: Settings, *looks) -> list[PipelineError]:
    found = []
    for look in looks:
        try:
            look(settings)
        except PipelineError as damage:
            found.append(damage)
        except OSError as error:
            found.append(
                PipelineError(
                    f"It cannot be read: {error.strerror}.", "Correct the permissions.", str(error.filename or "")
                )
            )
    return found


def _key(settings: Settings) -> None:
    if settings.key_file.exists():
        read_or_make_key(settings.key_file)
    elif settings.warehouse.exists():
        raise PipelineError(
            "The key of the case keys is missing.",
            "Restore it from a backup; without it the next run makes another one, and every case_key changes.",
            str(settings.key_file),
        )


def _ad_hoc_database(settings: Settings) -> None:
    if settings.analysis_database.exists():
        open_for_reading(settings.analysis_database).close()


def _latest_release(settings: Settings) -> None:
    release = latest_release(settings.published_dir)
    if release is not None:
        release_fingerprint(release)


def _warehouse(settings: Settings) -> None:
    if not settings.warehouse.exists():
        return
    try:
        with open_warehouse(settings.warehouse, settings.limits, read_only=True) as connection:
            recorded_stages(connection)
            recorded_inputs(connection)
            connection.execute(f"select count(*) from duckdb_tables() where schema_name in {SCHEMAS}").fetchall()
    except duckdb.Error as error:
        raise PipelineError(
            f"The warehouse cannot be read ({type(error).__name__}).",
            "Delete it: it is built again from the extracts, and the releases stay as they are.",
            str(settings.warehouse),
        ) from None
