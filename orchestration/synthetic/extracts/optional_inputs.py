"""The optional inputs of a profile's extracts: ratings of the providers, and the caseloads they were sampled from.

Belongs here: drawing both and cutting them into files. Not here: the three extracts (`drawing.py`), and what a sample
design makes of a caseload (`orchestration/methods`).

Both are drawn from a generator of their own, so that the extracts are the same with and without them.
"""

import numpy as np
import pandas as pd

from orchestration.synthetic.extracts.deliveries import CALENDARS

OPTIONAL_SOURCES = ("ratings", "caseload")
PROVIDER = ["provider", "provider_type"]
STRATUM = ["gender", "case_type", "rosh_level"]
# 2020/03, section 2.1.1: ratings for services; which provider has which is invented.
PUBLISHED_RATINGS = {
    "crc": {"Good": 12, "Requires improvement": 7, "Inadequate": 2},
    "nps": {"Good": 6, "Requires improvement": 1},
}
RATINGS_DELIVERED = (("2018-12-31", "2019-04-05"), ("9999-12-31", "2019-10-04"))  # fieldwork up to, delivered on
# Both bulletins, Annex A: 80% confidence, five points; with p = 0.5 a sample of so many from a boundless caseload.
UNLIMITED_SAMPLE = 1.2815515655446004**2 * 0.25 / 0.05**2
LARGEST_REQUIRED = 158  # of the 164 that a boundless caseload needs: beyond it caseloads grow out of proportion
CASE_ID_KNOWN = 0.97  # share of the sampled cases that the caseload list names
NATIONAL_CASES = 20  # so many cases with the national shares are mixed into each provider's own
SHARE_SPREAD = 0.15  # how far a stratum's share in the caseload is from its share in the sample, on the log scale


def draw_optional_files(seed: int, inspections: pd.DataFrame) -> dict[str, dict[str, pd.DataFrame]]:
    """Source -> file name -> rows, in order of delivery; `inspections`: the extract's frame, as the contract names it.

    Same arguments, same frames.
    """
    of_ratings, of_caseload = np.random.default_rng([seed, 2]).spawn(2)
    fieldwork = inspections.groupby(PROVIDER)["fieldwork_date"].min()
    ratings, caseload = draw_ratings(of_ratings, inspections), draw_caseload(of_caseload, inspections)
    return {
        "ratings": _cut(ratings, fieldwork, RATINGS_DELIVERED, "provider_ratings"),
        "caseload": _cut(caseload, fieldwork, CALENDARS["inspections"].deliveries, "eligible_caseload"),
    }


def draw_ratings(rng: np.random.Generator, inspections: pd.DataFrame) -> pd.DataFrame:
    """One row a provider with its rating for services, in the words of a report: the published numbers of each."""
    providers = inspections[PROVIDER].drop_duplicates().sort_values(PROVIDER, ignore_index=True)
    ratings = pd.Series(index=providers.index, dtype="str")
    for kind, numbers in PUBLISHED_RATINGS.items():
        dealt = rng.permutation([rating for rating, number in numbers.items() for _ in range(number)])
        of_kind = providers.index[providers["provider_type"] == kind]
        ratings[of_kind] = np.resize(dealt, len(of_kind))
    return providers.assign(standard="Services", rating=ratings)


def draw_caseload(rng: np.random.Generator, inspections: pd.DataFrame) -> pd.DataFrame:
    """One row an eligible case: each provider's inspected cases among so many that about as many would be sampled.

    Strata have about the shares of the sample, not the same. Rows are in no order; ids are of rows, not of persons.
    """
    national = inspections[STRATUM].value_counts(normalize=True, dropna=False)
    parts = []
    for (provider, kind), own in inspections.groupby(PROVIDER, sort=True):
        n_others = caseload_size(rng, len(own)) - len(own)
        counts = own[STRATUM].value_counts(dropna=False).reindex(national.index, fill_value=0)
        weights = (counts + NATIONAL_CASES * national).to_numpy() * np.exp(rng.normal(0, SHARE_SPREAD, len(national)))
        others = national.index.to_frame(index=False)
        others = others.loc[others.index.repeat(rng.multinomial(n_others, weights / weights.sum()))]
        is_known = rng.random(len(own)) < CASE_ID_KNOWN
        inspected = own[STRATUM].assign(case_id=own["case_id"].where(is_known))
        parts.append(pd.concat([inspected, others]).assign(provider=str(provider), provider_type=str(kind)))
    rows = pd.concat(parts, ignore_index=True)
    rows = rows.loc[rng.permutation(len(rows))].reset_index(drop=True)
    rows["caseload_id"] = [f"EL-{number:05d}" for number in range(1, len(rows) + 1)]
    return rows[["caseload_id", *PROVIDER, *STRATUM, "case_id"]]


def caseload_size(rng: np.random.Generator, n_inspected: int) -> int:
    """Eligible cases of which about `n_inspected` (5% more or fewer) make the sample that Annex A asks for.

    The finite population correction n = n0 / (1 + (n0 - 1) / N), solved for N; never below the cases inspected.
    """
    required = min(n_inspected * rng.uniform(0.95, 1.05), LARGEST_REQUIRED)
    return max(round(required * (UNLIMITED_SAMPLE - 1) / (UNLIMITED_SAMPLE - required)), n_inspected)


def _cut(
    rows: pd.DataFrame, fieldwork: pd.Series, deliveries: tuple[tuple[str, str], ...], stem: str
) -> dict[str, pd.DataFrame]:
    """File name -> rows of the providers inspected up to its last day and not in an earlier file."""
    last_days = pd.to_datetime([last for last, _ in deliveries[:-1]])
    days = rows[PROVIDER].merge(fieldwork.rename("day"), left_on=PROVIDER, right_index=True, how="left")["day"]
    part = last_days.searchsorted(days, side="left")
    files = {f"{stem}_{delivered}.csv": rows[part == number] for number, (_, delivered) in enumerate(deliveries)}
    return {name: frame.reset_index(drop=True) for name, frame in files.items() if len(frame)}
