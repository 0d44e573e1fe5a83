"""Offences behind a reoffending extract, from which the measure of each inspected case comes out as it was drawn.

Belongs here: what was committed, when it was proven, and what does not count. Not here: the records and outcomes it is
made from (`drawing.py`, `outcomes.py`), files (`deliveries.py`).

Each index event has its record's id, identifiers and date, so that linkage meets the same records by either road; a
person's further offences repeat the identifiers of the record they were drawn for. Offences of a person are one pool:
what one sentence's record says would show in the follow-up of another. The inspected sentences come first: nothing else
that counts is placed in their follow-up, so that other records of the same person may measure otherwise than drawn.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.extracts.inspections import IDENTIFIERS
from orchestration.synthetic.extracts.offence_kinds import (
    LAST_RESULT,
    IndexEvents,
    draw_codes,
    draw_proofs,
    groups_of_people,
    sample_not_counted,
)
from orchestration.synthetic.identities.states import WRONG, is_present

FOLLOW_UP_DAYS = 365
SECOND_INDEX_OFFENCE = 0.25
COLUMNS = (
    "record_id",
    *IDENTIFIERS,
    "offence_reference",
    "offence_date",
    "offence_end_date",
    "offence_code",
    "disposal_date",
    "disposal",
    "country",
    "index_date",
)


def holders(drawn: pd.DataFrame, written: pd.DataFrame) -> np.ndarray:
    """A text a record that is the same wherever linkage takes two records for one person's.

    `drawn`: person, donor and states; `written`: what stands in the rows. The PNC identifier's holder, else the CRN's,
    else birthday and names, letters alone.
    """
    of = {field: drawn["donor"].where(drawn[field] == WRONG, drawn["person"]).astype(str) for field in ("pnc", "crn")}
    names = written["surname"].str.replace(r"\W", "", regex=True) + "|" + written["forenames"].str.strip()
    of_names = "name " + written["date_of_birth"].dt.strftime("%Y-%m-%d").fillna("") + "|" + names.str.upper()
    has_crn = is_present(drawn["crn"].to_numpy())
    by_number = ("crn " + of["crn"]).where(has_crn, of_names)
    return ("pnc " + of["pnc"]).where(is_present(drawn["pnc"].to_numpy()), by_number).to_numpy(dtype=object)


def index_records(records: pd.DataFrame) -> pd.DataFrame:
    """The records that can be index events: one a holder and date, an inspected sentence before others, then by id.

    `records`: a reoffending extract with holder, is_female and case (-1 but for the inspected sentences of matched
    cases). Each record of such a case has the outcome of all of them combined: any reoffending, the most reoffences,
    the fewest days (2023/04, Annex A (iii)).
    """
    combined = (
        records[records["case"] >= 0]
        .groupby("case")
        .agg({"reoffended": "max", "reoffences": "max", "days_to_first_reoffence": "min"})
    )
    records = records.copy()
    inspected = records.index[records["case"] >= 0]
    records.loc[inspected, combined.columns] = combined.loc[records.loc[inspected, "case"]].to_numpy()
    ordered = records.assign(is_other=records["case"] < 0).sort_values(["is_other", "record_id"], kind="stable")
    return ordered[~ordered.duplicated(["holder", "index_date"])].sort_index().drop(columns="is_other")


def draw_offences(rng: np.random.Generator, records: pd.DataFrame) -> pd.DataFrame:
    """The offences of `records` (as `index_records` gives them): columns of the data contract, in no order.

    `is_female` of a record says whose types of offences they are.

    Every inspected case's reoffending comes out as its records say, each of which has the combined outcome.
    """
    records = records.reset_index(drop=True)
    date = records["index_date"].to_numpy().astype("datetime64[D]")
    first_date = records.groupby("holder")["index_date"].transform("min").to_numpy().astype("datetime64[D]")
    outcome = _outcomes(records)
    events = IndexEvents(date, first_date, _is_alone(records), _people(records, date))
    rows = [_index_offences(rng, events), _reoffences(rng, events, outcome), sample_not_counted(rng, events)]
    drawn = pd.concat(rows, ignore_index=True)
    drawn = drawn[~_is_in_the_way(drawn, records, date)]
    drawn = drawn[~(drawn["disposal_date"].to_numpy() > LAST_RESULT)].reset_index(drop=True)
    return _as_extract(drawn, records)


def _outcomes(records: pd.DataFrame) -> pd.DataFrame:
    """reoffences and days by record: a case's outcome at the latest of its records, 0 at the others."""
    days = records["days_to_first_reoffence"].astype("float64").fillna(0)
    latest = records.sort_values(["index_date", "record_id"]).drop_duplicates("case", keep="last").index
    is_told = (records["case"] < 0) | records.index.isin(latest)
    n = records["reoffences"].where((records["reoffended"] == 1) & is_told, 0)
    return pd.DataFrame({"reoffences": n, "days": days}).astype(np.int64)


def _is_alone(records: pd.DataFrame) -> np.ndarray:
    """Whether a record is its holder's only one."""
    return (records.groupby("holder")["record_id"].transform("size") == 1).to_numpy()


def _people(records: pd.DataFrame, date: np.ndarray) -> np.ndarray:
    """The group of people of each record: age as its birthday says, however wrong."""
    born = records["date_of_birth"].to_numpy().astype("datetime64[D]")
    age = (date - born) / np.timedelta64(1, "D") / 365.2425  # not a number where the birthday is missing
    return groups_of_people(age, records["is_female"].to_numpy(dtype=bool))


def _index_offences(rng: np.random.Generator, events: IndexEvents) -> pd.DataFrame:
    """What led to each sentence: committed before any of the person's sentences, so that it is nobody's reoffence."""
    record = np.arange(len(events.date))
    record = np.concatenate([record, record[rng.random(len(record)) < SECOND_INDEX_OFFENCE]])
    committed = events.first_date[record] - rng.integers(20, 300, len(record))
    return pd.DataFrame(
        {
            "record": record,
            "offence_date": committed,
            "offence_code": draw_codes(rng, events.people[record]),
            "disposal_date": events.date[record],
            "disposal": "conviction",
            "country": "england_and_wales",
            "is_index": True,
            "may_count": False,
            "told_again": False,
        }
    )


def _reoffences(rng: np.random.Generator, events: IndexEvents, outcome: pd.DataFrame) -> pd.DataFrame:
    """As many as the outcome says, the first on its day and the others until the end of the follow-up."""
    n, days = outcome["reoffences"].to_numpy(), outcome["days"].to_numpy()
    record = np.repeat(np.arange(len(n)), n)
    is_first = np.r_[True, record[1:] != record[:-1]] if len(record) else np.zeros(0, dtype=bool)
    later = days[record] + (rng.random(len(record)) * (FOLLOW_UP_DAYS - days[record] + 1)).astype(np.int64)
    offset = np.where(is_first, days[record], later)
    codes = draw_codes(rng, events.people[record])
    committed = events.date[record] + offset
    delay, disposal = draw_proofs(rng, offset, codes)
    return pd.DataFrame(
        {
            "record": record,
            "offence_date": committed,
            "offence_code": codes,
            "disposal_date": committed + delay,
            "disposal": disposal,
            "country": "england_and_wales",
            "is_index": False,
            "may_count": True,
            "told_again": False,
        }
    )


def _is_in_the_way(drawn: pd.DataFrame, records: pd.DataFrame, date: np.ndarray) -> np.ndarray:
    """Whether an offence that may count falls into the follow-up of an inspected sentence that it was not drawn for."""
    inspected = records.assign(date=date, record=records.index)[records["case"] >= 0]
    spans = inspected.groupby(["holder", "case"])["date"].agg(["min", "max"]).reset_index()
    spans["until"] = spans["max"] + pd.Timedelta(days=FOLLOW_UP_DAYS + 1)
    own = records[["holder", "case"]].iloc[drawn["record"]].reset_index(drop=True)
    own = own.assign(offence_date=drawn["offence_date"].to_numpy(), row=drawn.index.to_numpy())
    pairs = own[drawn["may_count"].to_numpy()].merge(spans, on="holder", suffixes=("", "_of_span"))
    day = pairs["offence_date"]
    is_hit = (day >= pairs["min"]) & (day <= pairs["until"]) & (pairs["case"] != pairs["case_of_span"])
    return drawn.index.isin(pairs.loc[is_hit, "row"])


def _as_extract(drawn: pd.DataFrame, records: pd.DataFrame) -> pd.DataFrame:
    """Ids, references and identifiers: the first row of a record has the record's id, so that it stands for it."""
    number = drawn.groupby("record").cumcount()
    ids = records["record_id"].to_numpy(dtype=object)[drawn["record"]]
    reference = pd.Series(ids) + "/" + number.astype(str)
    reference = reference.mask(drawn["told_again"], reference.shift())
    taken = records[list(IDENTIFIERS)].iloc[drawn["record"]].reset_index(drop=True)
    index_date = records["index_date"].iloc[drawn["record"]].reset_index(drop=True)
    extract = taken.assign(
        record_id=np.where(number == 0, ids, ids + "-" + number.astype(str)),
        offence_reference=reference,
        offence_date=drawn["offence_date"].astype("datetime64[s]"),
        offence_end_date=pd.Series(pd.NaT, index=drawn.index, dtype="datetime64[s]"),
        offence_code=drawn["offence_code"],
        disposal_date=drawn["disposal_date"].astype("datetime64[s]"),
        disposal=drawn["disposal"],
        country=drawn["country"],
        index_date=index_date.where(drawn["is_index"]).astype("datetime64[s]"),
    )
    return extract[list(COLUMNS)]
