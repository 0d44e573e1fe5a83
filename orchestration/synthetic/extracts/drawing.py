"""A profile and a seed in, three extracts and their truth out, as frames.

Belongs here: the order in which everything is drawn. Not here: the drawing itself, which each neighbour
module does for its part, and the writing of files (`writing.py`).

Every part draws from its own generator, spawned from the seed, so that a change in one leaves the others be.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from orchestration.settings import CODES_DIR
from orchestration.synthetic import calendar
from orchestration.synthetic.extracts import outcomes, planning, sentences
from orchestration.synthetic.extracts.inspections import IDENTIFIERS, build_inspections, draw_case_ids
from orchestration.synthetic.extracts.offences import holders
from orchestration.synthetic.identities import people
from orchestration.synthetic.identities.rendering import render
from orchestration.synthetic.identities.shares import RowFaults, Shares
from orchestration.synthetic.identities.states import FIELDS, WRONG

DATE_COLUMN = {"terminations": "sentence_date", "reoffending": "index_date"}
OUTCOME_COLUMNS = {
    "terminations": ["termination_date", "termination_reason"],
    "reoffending": ["reoffended", "reoffences", "days_to_first_reoffence"],
}
RECORDS_A_STRANGER = {"terminations": 1.3, "reoffending": 2.4}
FEWEST_STRANGERS = 200  # whose identifiers can be mistaken for somebody's, however small the extracts


@dataclass(frozen=True)
class Extracts:
    """The three extracts as frames (columns of the data contract), and whose each record is.

    `inspections` is in the profile's order. `truth` has source -> (case_id, record_id): every record of a
    case's person in that source, whatever its date and however spoiled its row. `whose` tells of each reoffending
    record its holder (see `offences.holders`), the sex of its person (`is_female`) and the matched case whose inspected
    sentence it is, -1 for none.
    """

    inspections: pd.DataFrame
    terminations: pd.DataFrame
    reoffending: pd.DataFrame
    truth: dict[str, pd.DataFrame]
    whose: pd.DataFrame


@dataclass(frozen=True)
class _Population:
    people: pd.DataFrame
    lookalikes: pd.DataFrame  # person, case, is_twin
    strangers: np.ndarray  # numbers of the people who are nobody's look-alike


def draw_extracts(
    profile: pd.DataFrame, seed: int, n_terminations: int, n_reoffending: int, shares: Shares
) -> Extracts:
    """Draw the extracts of a profile: same arguments, same frames; another seed gives other people."""
    profile = profile.reset_index(drop=True)
    sizes = {"terminations": n_terminations, "reoffending": n_reoffending}
    rngs = iter(np.random.default_rng(seed).spawn(8))
    months = pd.read_csv(CODES_DIR / "report_months.csv", dtype=str)
    rng = next(rngs)
    fieldwork = calendar.fieldwork_dates(rng, profile, months)
    start = calendar.start_dates(rng, fieldwork)
    reasons = planning.draw_reasons(next(rngs), profile)
    n_strangers = max(FEWEST_STRANGERS, *(round(n / RECORDS_A_STRANGER[s]) for s, n in sizes.items()))
    crowd = _draw_population(next(rngs), profile, start, reasons, n_strangers, shares)
    cases = _plan_cases(next(rngs), profile, crowd, reasons, shares)
    cases = cases.assign(fieldwork_date=fieldwork.astype("datetime64[s]"), start_date=start.astype("datetime64[s]"))
    inspections = build_inspections(next(rngs), profile, cases, crowd.people, shares.writing)
    drawn, truth, whose = {}, {}, pd.DataFrame()
    for source, size in sizes.items():  # reoffending comes last
        drawn[source], truth[source], whose = _draw_source(
            next(rngs), source, size, profile, cases, reasons[source], crowd, shares
        )
    return Extracts(inspections, drawn["terminations"], drawn["reoffending"], truth, whose)


def _draw_population(
    rng: np.random.Generator,
    profile: pd.DataFrame,
    start: np.ndarray,
    reasons: pd.DataFrame,
    n_strangers: int,
    shares: Shares,
) -> _Population:
    """Case people first (person number = position of the case), then twins, namesakes, strangers."""
    own = people.draw_case_people(rng, profile, start)
    twin_of = np.flatnonzero(rng.random(len(own)) < shares.twins)
    is_ambiguous = (reasons == "ambiguous").any(axis=1).to_numpy()
    namesake_of = np.flatnonzero(is_ambiguous | (rng.random(len(own)) < shares.namesakes))
    twins = people.twins_of(rng, own, twin_of)
    strangers = people.apart_from(rng, people.draw_strangers(rng, n_strangers), own)
    everybody = pd.concat([own, twins, own.iloc[namesake_of], strangers], ignore_index=True)
    case = np.concatenate([twin_of, namesake_of])
    lookalikes = pd.DataFrame(
        {
            "person": len(own) + np.arange(len(case)),
            "case": case,
            "is_twin": np.arange(len(case)) < len(twin_of),
        }
    )
    first_stranger = len(own) + len(case)
    return _Population(people.with_identifiers(rng, everybody), lookalikes, np.arange(first_stranger, len(everybody)))


def _plan_cases(
    rng: np.random.Generator, profile: pd.DataFrame, crowd: _Population, reasons: pd.DataFrame, shares: Shares
) -> pd.DataFrame:
    """case_id, person, donor and the states of each case's row."""
    size = len(profile)
    swappable = people.can_swap(crowd.people)[:size]
    states = planning.plan_case_states(rng, profile, reasons, shares.inspections, swappable)
    planned = states.assign(case_id=draw_case_ids(rng, size), person=np.arange(size), donor=-1)
    borrowed = np.flatnonzero((planned["pnc"] == WRONG) | (planned["crn"] == WRONG))
    nobody = np.zeros(len(borrowed), dtype=np.int64)
    first_stranger = int(crowd.strangers[0])
    planned.loc[borrowed, "donor"] = sentences.draw_donors(rng, crowd.people, borrowed, nobody, first_stranger)
    return planned


def _draw_source(
    rng: np.random.Generator,
    source: str,
    size: int,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    reasons: pd.Series,
    crowd: _Population,
    shares: Shares,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One source's records (at least `size`), its truth, and whose each record is (holder, is_female, case)."""
    faults: RowFaults = getattr(shares, source)
    start = cases["start_date"].to_numpy().astype("datetime64[D]")
    swappable = people.can_swap(crowd.people)
    states = planning.plan_window_states(rng, source, faults, cases, reasons, swappable[: len(cases)])
    near = sentences.may_lookalike_be_near(cases, reasons, crowd.lookalikes)
    own = [
        sentences.window_sentences(rng, start, reasons, states, shares),
        sentences.other_sentences(rng, source, start, reasons, faults, shares.other_sentences),
        sentences.lookalike_sentences(rng, source, crowd.lookalikes, start, near),
    ]
    n_strangers = max(0, size - sum(len(part) for part in own))
    rest = sentences.stranger_sentences(rng, source, crowd.strangers, n_strangers, faults)
    drawn = pd.concat([*own, rest], ignore_index=True)
    drawn["swapped"] = drawn["swapped"].astype(bool) & swappable[drawn["person"]]
    drawn = sentences.borrow_identifiers(rng, drawn, crowd.people, int(crowd.strangers[0]), start)
    add = outcomes.add_terminations if source == "terminations" else outcomes.add_reoffending
    drawn = add(rng, drawn, profile).assign(record_id=_draw_record_ids(rng, source, drawn))
    written = render(rng, source, drawn, crowd.people, shares.writing)
    order = rng.permutation(len(drawn))
    is_inspected = drawn["role"].isin(("window", "second")) & (reasons.to_numpy()[drawn["case"]] == "matched")
    is_female = crowd.people["is_female"].to_numpy(dtype=bool)[drawn["person"]]
    case = drawn["case"].where(is_inspected, -1)
    whose = pd.DataFrame({"holder": holders(drawn, written), "is_female": is_female, "case": case})
    extract, whose = (frame.iloc[order].reset_index(drop=True) for frame in (_extract(source, drawn, written), whose))
    return extract, _truth(drawn, cases), whose


def _extract(source: str, drawn: pd.DataFrame, written: pd.DataFrame) -> pd.DataFrame:
    extract = pd.concat([drawn.drop(columns=list(FIELDS)), written], axis=1)
    extract = extract.rename(columns={"date": DATE_COLUMN[source]})
    return extract[["record_id", *IDENTIFIERS, DATE_COLUMN[source], *OUTCOME_COLUMNS[source]]]


def _draw_record_ids(rng: np.random.Generator, source: str, drawn: pd.DataFrame) -> np.ndarray:
    """Record ids in no order; of a case's two window records the inspected sentence has the smaller."""
    numbers = 1_000_000 + rng.permutation(len(drawn))
    role, case = drawn["role"].to_numpy(), drawn["case"].to_numpy()
    second, windows = np.flatnonzero(role == "second"), np.flatnonzero(role == "window")
    first = windows[np.searchsorted(case[windows], case[second])]
    pair = np.sort(np.stack([numbers[first], numbers[second]]), axis=0)
    numbers[first], numbers[second] = pair
    return np.array([f"{source[0].upper()}{number}" for number in numbers.tolist()], dtype=object)


def _truth(drawn: pd.DataFrame, cases: pd.DataFrame) -> pd.DataFrame:
    is_own = drawn["case"] >= 0
    case_id = cases["case_id"].to_numpy(dtype=object)[drawn.loc[is_own, "case"]]
    truth = pd.DataFrame({"case_id": case_id, "record_id": drawn.loc[is_own, "record_id"].to_numpy(dtype=object)})
    return truth.sort_values(["case_id", "record_id"], ignore_index=True)
