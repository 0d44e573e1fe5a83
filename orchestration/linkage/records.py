"""Where the records of a linked source stand as they were received, by whichever road they came.

Belongs here: SQL for the records behind a link, before cleaning. Not here: cleaned records (staging).
"""

from orchestration.settings import ROADS

_LINKED_BY_ROADS = "reoffending"
_COLUMNS = "record_id, crn, pnc_id, surname, forenames, date_of_birth, index_date"


def accepted_records(source: str) -> str:
    """A relation of the accepted rows of a source: record_id, identifiers and the source's own date."""
    return _relation(source, "raw.parsed_{}")


def received_records(source: str) -> str:
    """The same of the rows as received, all texts."""
    return _relation(source, "raw.{}")


def _relation(source: str, table: str) -> str:
    """Of the two roads to reoffending one is empty; an offence is a record where it led to an index event."""
    if source != _LINKED_BY_ROADS:
        return table.format(source)
    ready_made, offences = (f"select {_COLUMNS} from {table.format(road)}" for road in ROADS)
    return f"({ready_made} union all {offences} where index_date is not null)"
