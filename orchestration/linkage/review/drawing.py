"""Drawing a review sample: strata, draw, pairs in random order, and the three files.

Belongs here: putting the pieces together. Not here: allocation (`methods/linkage/accuracy/review_sample.py`), which
records are shown (`pools.py`), the spreadsheet (`workbook.py`)."""

import json
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd

from orchestration.errors import PipelineError
from orchestration.ingest import reviews
from orchestration.linkage.review import links, pools
from orchestration.linkage.review.contents import identifiers_of, row_digest
from orchestration.linkage.review.workbook import workbook_bytes
from orchestration.methods.linkage.accuracy.review_sample import allocate, draw, strata_of
from orchestration.settings import Settings
from orchestration.storage import files, fingerprints
from orchestration.storage.safe_text import inert

MINIMUM_A_STRATUM = 10
CASE = ["source", "case_id"]


def draw_sample(settings: Settings, cases: int, seed: int, minimum: int = MINIMUM_A_STRATUM) -> Path:
    """Draw a sample of `cases` cases from each source and write it; returns its folder.

    Raises PipelineError where the links are not finished or not current, the sample exists already, or `cases` is
    smaller than the minimum of all strata.
    """
    with links.linked_warehouse(settings, is_current=True) as connection:
        drawn_from = links.links(connection)
        sample = f"{date.today():%Y%m%d}-{links.fingerprint(drawn_from)[:8]}-{cases}-{seed}"
        folder = reviews.sample_dir(settings, sample)
        if folder.exists():
            raise PipelineError(
                "This very sample has been drawn already: same day, links, size and seed.",
                "Use it, or give another SEED.",
                str(folder),
            )
        rng = np.random.default_rng(seed)
        strata, pairs = _sampled(connection, drawn_from, settings.parameters.match_window_days, cases, minimum, rng)
        numbered = _numbered(pairs, sample, rng)
        contents = identifiers_of(connection, numbered)
    key = _key(sample, seed, cases, minimum, drawn_from, strata, numbered.assign(digest=row_digest(contents)))
    _write(settings, folder, workbook_bytes(sample, contents), key, drawn_from)
    return folder


def describe_sample(folder: Path) -> str:
    """What was drawn, by source and kind, for the terminal: counts only, and what to do next."""
    key = reviews.read_json(folder / reviews.KEY)
    lines = [f"Sample {key['sample']}: {len(key['pairs'])} pairs of {key['n_cases']} cases.", ""]
    lines += [f"{'source':<14}{'stratum':<34}{'cases':>9}{'drawn':>7}"]
    lines += [f"{s['source']:<14}{s['stratum']:<34}{s['population']:>9,}{s['drawn']:>7}" for s in key["strata"]]
    lines += [
        "",
        f"For the reviewer: {folder / reviews.WORKBOOK}",
        "Give the reviewer this workbook alone: the other files tell what was decided.",
        "When it is filled: make review-import FILE=...",
    ]
    return "\n".join(lines)


def _sampled(
    connection: duckdb.DuckDBPyConnection,
    frame: pd.DataFrame,
    window: int,
    cases: int,
    minimum: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Strata with population and drawn counts, and the shown pairs of the drawn cases."""
    unlinked = frame[frame["record_id"].isna()]
    near = pools.records_near(connection, unlinked, window)
    classified = frame.assign(stratum=strata_of(_with_findings(frame, near)))
    strata, drawn = [], []
    for source, own in classified.groupby("source", sort=True):
        population = own["stratum"].value_counts().sort_index()
        allocation = _allocated(population, cases, minimum, str(source))
        drawn.append(classified.loc[draw(own["stratum"], allocation, rng)])
        strata.append(_described(str(source), population, allocation))
    chosen = pd.concat(drawn)
    of_linked = pools.records_near(connection, chosen[chosen["record_id"].notna()], window)
    of_unlinked = near.merge(chosen[CASE], on=CASE)
    shown = pools.shown(pd.concat([of_linked, of_unlinked], ignore_index=True))
    return pd.concat(strata, ignore_index=True), shown.merge(chosen[[*CASE, "stratum"]], on=CASE)


def _with_findings(frame: pd.DataFrame, near: pd.DataFrame) -> pd.DataFrame:
    """The cases with what was found around the unlinked ones, as `strata_of` asks for it."""
    findings = {
        "has_near": near["is_in_window"] & near["is_compared"],
        "has_loose": near["is_in_window"] & ~near["is_compared"],
        "has_outside": ~near["is_in_window"],
    }
    cases = pd.MultiIndex.from_frame(frame[CASE])
    found = {name: cases.isin(pd.MultiIndex.from_frame(near.loc[holds, CASE])) for name, holds in findings.items()}
    return frame.assign(is_linked=frame["record_id"].notna(), **found)


def _allocated(population: pd.Series, cases: int, minimum: int, source: str) -> pd.Series:
    try:
        return allocate(population, cases, minimum)
    except ValueError as error:
        raise PipelineError(f"The sample is too small for the source {source}: {error}.", "Give a larger N.") from None


def _described(source: str, population: pd.Series, allocation: pd.Series) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "source": source,
            "stratum": population.index,
            "population": population.to_numpy(),
            "drawn": allocation.reindex(population.index).fillna(0).astype(int).to_numpy(),
        }
    )


def _numbered(pairs: pd.DataFrame, sample: str, rng: np.random.Generator) -> pd.DataFrame:
    """Pairs in random order with numbers that say nothing; a case's pairs do not stand together."""
    shuffled = pairs.iloc[rng.permutation(len(pairs))].sort_values("source", kind="stable").reset_index(drop=True)
    code = fingerprints.of(sample)[:4].upper()
    cases = shuffled[CASE].apply(tuple, axis=1)
    return shuffled.assign(
        pair=[f"{code}-{number:05d}" for number in range(1, len(shuffled) + 1)],
        case_number=pd.factorize(cases)[0] + 1,
    )


def _key(
    sample: str, seed: int, cases: int, minimum: int, frame: pd.DataFrame, strata: pd.DataFrame, pairs: pd.DataFrame
) -> dict:
    columns = ["pair", "source", "case_id", "record_id", "stratum", "case_number", "is_linked", "is_in_window"]
    return {
        "sample": sample,
        "drawn_on": date.today().isoformat(),
        "seed": seed,
        "cases_a_source": cases,
        "minimum_a_stratum": minimum,
        "links": links.fingerprint(frame),
        "n_cases": int(pairs["case_number"].nunique()),
        "strata": [stratum | {"weight": _weight(stratum)} for stratum in strata.to_dict("records")],
        "pairs": pairs[[*columns, "date_difference_days", "digest"]].to_dict("records"),
    }


def _write(settings: Settings, folder: Path, workbook: bytes, key: dict, frame: pd.DataFrame) -> None:
    """The key comes last: a sample without one was not finished and cannot be imported."""
    files.make_private_folder(folder, reviews.review_dir(settings))
    cells = frame.map(lambda cell: inert(cell) if isinstance(cell, str) else cell)
    files.write_private_file(folder / reviews.LINKS, cells.to_csv(index=False, lineterminator="\n").encode())
    files.write_private_file(folder / reviews.WORKBOOK, workbook)
    files.write_private_file(folder / reviews.KEY, json.dumps(key, indent=1, default=_plain).encode())


def _weight(stratum: dict) -> float | None:
    """Cases of the population that one drawn case stands for."""
    return stratum["population"] / stratum["drawn"] if stratum["drawn"] else None


def _plain(value: object) -> object:
    return value.item() if isinstance(value, np.generic) else str(value)
