"""A profile and a seed in, three extracts with their truth out.

Belongs here: the order in which everything is drawn, and the safe writing of the folders. Not here: the
drawing itself, which each neighbour module does for its part.

Every part draws from its own generator, spawned from the seed, so that a change in one leaves the others be.
"""

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.settings import CODES_DIR
from orchestration.synthetic import calendar, outcomes, people, planning, sentences
from orchestration.synthetic.deliveries import cut_into_files, write_csv
from orchestration.synthetic.inspections import IDENTIFIERS, build_inspections, draw_case_ids
from orchestration.synthetic.rendering import render
from orchestration.synthetic.shares import RowFaults, Shares
from orchestration.synthetic.states import FIELDS

GENERATOR_VERSION = "1"
SOURCES = ("inspections", "terminations", "reoffending")
MANIFEST = "synthetic_manifest.json"
DATE_COLUMN = {"terminations": "sentence_date", "reoffending": "index_date"}
OUTCOME_COLUMNS = {
    "terminations": ["termination_date", "termination_reason"],
    "reoffending": ["reoffended", "reoffences", "days_to_first_reoffence"],
}
RECORDS_A_STRANGER = {"terminations": 1.3, "reoffending": 2.4}


@dataclass(frozen=True)
class Extracts:
    """The three extracts as frames (columns of the data contract), and whose each record is.

    `truth` has source -> (case_id, record_id): every record of a case's person in that source, whatever its
    date and however spoiled its row.
    """

    inspections: pd.DataFrame
    terminations: pd.DataFrame
    reoffending: pd.DataFrame
    truth: dict[str, pd.DataFrame]


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
    rngs = iter(np.random.default_rng(seed).spawn(8))
    months = pd.read_csv(CODES_DIR / "report_months.csv", dtype=str)
    rng = next(rngs)
    fieldwork = calendar.fieldwork_dates(rng, profile, months)
    start = calendar.start_dates(rng, fieldwork)
    reasons = planning.draw_reasons(next(rngs), profile)
    n_strangers = round(max(n_terminations / RECORDS_A_STRANGER["terminations"], n_reoffending / 2.4))
    crowd = _draw_population(next(rngs), profile, start, reasons, n_strangers, shares)
    cases = _plan_cases(next(rngs), profile, crowd, reasons, shares)
    cases = cases.assign(
        fieldwork_date=fieldwork.astype("datetime64[s]"), start_date=start.astype("datetime64[s]")
    )
    inspections = build_inspections(next(rngs), profile, cases, crowd.people, shares.writing)
    drawn, truth = {}, {}
    for source, size in (("terminations", n_terminations), ("reoffending", n_reoffending)):
        drawn[source], truth[source] = _draw_source(
            next(rngs), source, size, profile, cases, reasons[source], crowd, shares
        )
    return Extracts(inspections, drawn["terminations"], drawn["reoffending"], truth)


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
        {"person": len(own) + np.arange(len(case)), "case": case, "is_twin": np.arange(len(case)) < len(twin_of)}
    )
    first_stranger = len(own) + len(case)
    return _Population(
        people.with_identifiers(rng, everybody), lookalikes, np.arange(first_stranger, len(everybody))
    )


def _plan_cases(
    rng: np.random.Generator, profile: pd.DataFrame, crowd: _Population, reasons: pd.DataFrame, shares: Shares
) -> pd.DataFrame:
    """case_id, person, donor and the states of each case's row."""
    size = len(profile)
    swappable = people.can_swap(crowd.people)[:size]
    states = planning.plan_case_states(rng, profile, reasons, shares.inspections, swappable)
    planned = states.assign(
        case_id=draw_case_ids(rng, size), person=np.arange(size), role="case", date=np.datetime64("2018-01-01", "s")
    )
    first_stranger = int(crowd.strangers[0])
    return sentences.borrow_identifiers(rng, planned, crowd.people, first_stranger, None)


def _draw_source(
    rng: np.random.Generator,
    source: str,
    size: int,
    profile: pd.DataFrame,
    cases: pd.DataFrame,
    reasons: pd.Series,
    crowd: _Population,
    shares: Shares,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One source's records (at least `size`), and its truth."""
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
    extract = pd.concat([drawn.drop(columns=list(FIELDS)), written], axis=1)
    extract = extract.rename(columns={"date": DATE_COLUMN[source]})
    columns = ["record_id", *IDENTIFIERS, DATE_COLUMN[source], *OUTCOME_COLUMNS[source]]
    order = rng.permutation(len(extract))
    return extract[columns].iloc[order].reset_index(drop=True), _truth(drawn, cases)


def _draw_record_ids(rng: np.random.Generator, source: str, drawn: pd.DataFrame) -> np.ndarray:
    """Record ids in no order, but of two records of one case on one day the inspected sentence has the smaller."""
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


def write_extracts(
    profile: pd.DataFrame,
    seed: int,
    landing_dir: Path,
    truth_dir: Path,
    n_terminations: int = 60_000,
    n_reoffending: int = 200_000,
    shares: Shares | None = None,
) -> None:
    """Draw a profile's extracts and write them: landing/<source>/*.csv, a manifest beside them, and the truth.

    Raises PipelineError where a landing folder or the truth already holds files: nothing is written over.
    """
    shares = shares or Shares()
    landing_dir, truth_dir = Path(landing_dir), Path(truth_dir)
    _refuse_to_overwrite(landing_dir, truth_dir)
    drawn = draw_extracts(profile, seed, n_terminations, n_reoffending, shares)
    rng = np.random.default_rng([seed, 1])
    partial = landing_dir / ".synthetic_partial"
    shutil.rmtree(partial, ignore_errors=True)
    files = []
    for source in SOURCES:
        (partial / source).mkdir(parents=True)
        for name, rows in cut_into_files(rng, source, getattr(drawn, source), shares.corrected).items():
            digest = write_csv(partial / source / name, rows, source)
            files.append({"source": source, "name": name, "sha256": digest, "rows": len(rows)})
    manifest = {
        "synthetic": True,
        "generator_version": GENERATOR_VERSION,
        "seed": seed,
        "profile_sha256": hashlib.sha256(profile.to_csv(index=False).encode()).hexdigest(),
        "n_cases": len(profile),
        "files": files,
    }
    (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    _move_into_place(partial, landing_dir)
    truth_dir.mkdir(parents=True, exist_ok=True)
    for source, truth in drawn.truth.items():
        truth.to_csv(truth_dir / f"{source}.csv", index=False, lineterminator="\n")


def _refuse_to_overwrite(landing_dir: Path, truth_dir: Path) -> None:
    truths = [truth_dir / f"{source}.csv" for source in DATE_COLUMN]
    taken = [path for source in SOURCES for path in sorted((landing_dir / source).glob("*"))]
    taken += [path for path in [*truths, landing_dir / MANIFEST] if path.exists()]
    if taken:
        raise PipelineError(
            problem=f"{len(taken)} files are in the way of synthetic extracts, {taken[0].name} first.",
            remedy="Synthetic extracts never replace files. Move these away, or name other folders.",
            where=str(taken[0].parent),
        )


def _move_into_place(partial: Path, landing_dir: Path) -> None:
    """Move complete files to where readers look, the manifest first: a synthetic file is never without it."""
    (partial / MANIFEST).replace(landing_dir / MANIFEST)
    for source in SOURCES:
        (landing_dir / source).mkdir(exist_ok=True)
        for path in sorted((partial / source).iterdir()):
            path.replace(landing_dir / source / path.name)
    shutil.rmtree(partial)
