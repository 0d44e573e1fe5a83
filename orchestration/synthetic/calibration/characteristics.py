"""Who the cases are: sanctions, age, gender, ethnicity, both risks and provider.

Belongs here: characteristics as bands with exact margins, then whole numbers inside the bands. Not here:
judgements, needs and strengths.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from orchestration.settings import CODES_DIR
from orchestration.synthetic.calibration.bands import (
    AGE_BANDS,
    AGE_GROUPS,
    AGE_GROUPS_2020,
    OGRS_BANDS,
    OGRS_GROUPS_2020,
    SANCTION_BANDS,
)
from orchestration.synthetic.calibration.draw import Row, count_row, draw_categories
from orchestration.synthetic.calibration.outcome_rows import balance_rows, outcome_rows
from orchestration.synthetic.calibration.strata import outcomes_of
from orchestration.synthetic.calibration.targets import annex_c

MISSING = ""
AGE_CENTRES = np.array([-1.5, -1.1, -0.7, 0.0, 0.9, 1.7, 2.5])
SANCTION_CENTRES = np.array([-1.4, -0.8, -0.3, 0.3, 0.8, 1.5])
OGRS_CENTRES = np.array([-0.9, 0.3, 1.1, 1.9])
ROSH_CENTRES = np.array([-1.0, 0.1, 1.4])
# Community cases without a match to a termination. Ours, so that matching falls as the risk rises (2023/04,
# Annex A (ii): better match rates for cases with lower risk levels), about 96 to 88 and 96 to 84 per cent.
UNMATCHED_BY_OGRS = {"low": 32, "medium": 26, "high": 25, "very_high": 8}
UNMATCHED_BY_ROSH = {"low": 18, "medium": 60, "high_very_high": 13}
VERY_HIGH_ROSH_SHARE = 0.05


def draw_characteristics(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The cases with every characteristic of Tables B1 and C1, as the contract's columns."""
    cases = cases.assign(sanctions_band=_sanctions(cases, rng))
    cases = cases.assign(age_band=_age(cases, rng))
    cases = cases.assign(gender=_gender(cases, rng))
    cases = cases.assign(ethnicity=_ethnicity(cases, rng))
    cases = cases.assign(latent_ogrs=_ogrs_latent(cases, rng))
    cases = cases.assign(ogrs_band=_ogrs(cases, rng))
    cases = cases.assign(rosh_band=_rosh(cases, rng))
    cases = cases.assign(rosh_level=_rosh_level(cases, rng), provider_type=_provider_type(cases, rng))
    cases = cases.assign(provider=_provider(cases, rng))
    cases = cases.assign(latent_quality=cases["latent_quality"] + _provider_effect(cases, rng))
    return _whole_numbers(cases, rng).drop(columns=["sanctions_band", "age_band", "ogrs_band", "rosh_band"])


def centred(cases: pd.DataFrame, column: str, codes: Sequence[str], centres: np.ndarray) -> np.ndarray:
    """A band column as a number around 0; missing counts as 0."""
    return cases[column].map(dict(zip(codes, centres, strict=True))).fillna(0.0).to_numpy(dtype=float)


def _ordered(score: np.ndarray, centres: np.ndarray, sharpness: float) -> np.ndarray:
    """Utilities of ordered bands: the nearer a band's centre to the score, the likelier; missing is last."""
    near = -sharpness * (score[:, None] - centres[None, :]) ** 2
    return np.column_stack([near, near.mean(axis=1)])


def _draw(
    what: str, codes: Sequence[str], utilities: np.ndarray, rows: list[Row], rng: np.random.Generator
) -> pd.Series:
    drawn = pd.Series(np.array([*codes, MISSING])[draw_categories(what, utilities, rows, rng)], dtype="str")
    return drawn.where(drawn != MISSING)


def _sizes(item: str, codes: Sequence[str], groups: dict[str, str]) -> list[Row]:
    """Table C1's group sizes."""
    cells = annex_c()
    everyone = np.ones(cells["all_cases", "all", "need_drugs"].n or 0)
    rows = []
    for category in dict.fromkeys(groups.values()):
        chosen = np.array([groups[code] == category for code in codes] + [False])
        size = cells[item, category, "need_drugs"].n
        rows.append(count_row(f"{category} of all", everyone, chosen, size or 0))
    return rows


def _sanctions(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = list(SANCTION_BANDS)
    score = 0.8 * cases["latent_risk"].to_numpy() + 0.6 * rng.standard_normal(len(cases))
    rows = outcome_rows("previous_sanctions_group", codes, {c: c for c in codes}, outcomes_of(cases))
    rows += balance_rows("previous_sanctions_group", codes, {c: c for c in codes}, outcomes_of(cases))
    return _draw("previous sanctions", codes, _ordered(score, SANCTION_CENTRES, 1.0), rows, rng)


def _age(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Many sanctions take years; at equal sanctions the riskier are younger."""
    codes = list(AGE_BANDS)
    sanctions = centred(cases, "sanctions_band", list(SANCTION_BANDS), SANCTION_CENTRES)
    score = 0.7 * sanctions - 0.5 * cases["latent_risk"].to_numpy() + rng.standard_normal(len(cases))
    flags = outcomes_of(cases)
    rows = outcome_rows("age_group", codes, AGE_GROUPS, flags) + balance_rows("age_group", codes, AGE_GROUPS, flags)
    rows += _sizes("age_group", codes, AGE_GROUPS_2020)
    return _draw("age", codes, _ordered(score, AGE_CENTRES, 0.6), rows, rng)


def _gender(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = ["male", "female"]
    groups = {c: c for c in codes}
    risk = cases["latent_risk"].to_numpy()
    utilities = np.column_stack([0.2 * risk, -0.2 * cases["latent_harm"].to_numpy(), 0 * risk])
    flags = outcomes_of(cases)
    rows = outcome_rows("gender", codes, groups, flags) + balance_rows("gender", codes, groups, flags, sized=True)
    return _draw("gender", codes, utilities, rows + _sizes("gender", codes, groups), rng)


def _ethnicity(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = ["white", "black", "asian", "mixed", "other"]
    groups = {c: c for c in codes}
    age = centred(cases, "age_band", list(AGE_BANDS), AGE_CENTRES)
    utilities = np.outer(age, [0.1, -0.2, -0.1, -0.4, 0.0, 0.0])
    flags = outcomes_of(cases)
    rows = outcome_rows("ethnicity", codes, groups, flags) + balance_rows("ethnicity", codes, groups, flags, sized=True)
    return _draw("ethnicity", codes, utilities, rows + _sizes("ethnicity", codes, groups), rng)


def _ogrs_latent(cases: pd.DataFrame, rng: np.random.Generator) -> np.ndarray:
    """What the reconviction scale looks at, sanctions, age and gender, and the risk it is to predict."""
    sanctions = centred(cases, "sanctions_band", list(SANCTION_BANDS), SANCTION_CENTRES)
    age = centred(cases, "age_band", list(AGE_BANDS), AGE_CENTRES)
    female = (cases["gender"] == "female").to_numpy(dtype=float)
    own = cases["latent_risk"].to_numpy()
    return 0.7 * sanctions - 0.4 * age - 0.25 * female + 0.45 * own + 0.3 * rng.standard_normal(len(cases))


def _ogrs(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = list(OGRS_BANDS)
    utilities = _ordered(cases["latent_ogrs"].to_numpy(), OGRS_CENTRES, 2.0)
    utilities[:, -1] += np.where(cases["sanctions_band"].isna(), 4.0, 0.0)  # no sanctions known, no score
    flags = outcomes_of(cases)
    rows = outcome_rows("ogrs_group", codes, {c: c for c in codes}, flags)
    rows += _sizes("ogrs_group", codes, OGRS_GROUPS_2020) + _unmatched(cases, codes, UNMATCHED_BY_OGRS)
    rows += _very_high_ogrs(codes)
    return _draw("likelihood of reoffending", codes, utilities, rows, rng)


def _very_high_ogrs(codes: Sequence[str]) -> list[Row]:
    """732 high and 199 very high of 931 give each its 84 per cent of matches (2023/04, Annex A (iii))."""
    everyone = np.ones(annex_c()["all_cases", "all", "need_drugs"].n or 0)
    return [count_row("very high of all", everyone, np.array([c == "very_high" for c in [*codes, MISSING]]), 199)]


def _unmatched(cases: pd.DataFrame, codes: Sequence[str], sizes: dict[str, int]) -> list[Row]:
    flags = outcomes_of(cases)
    members = flags.community & cases["termination_reason"].isna().to_numpy(dtype=bool)
    chosen = np.eye(len(codes) + 1)
    return [count_row(f"{c} unmatched", members, chosen[codes.index(c)], size) for c, size in sizes.items()]


def _rosh(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    codes = ["low", "medium", "high_very_high"]
    groups = {c: c for c in codes}
    rows = outcome_rows("rosh_group", codes, groups, outcomes_of(cases)) + _sizes("rosh_group", codes, groups)
    utilities = _ordered(cases["latent_harm"].to_numpy(), ROSH_CENTRES, 1.0)
    return _draw("risk of serious harm", codes, utilities, rows + _unmatched(cases, codes, UNMATCHED_BY_ROSH), rng)


def _rosh_level(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """High or very high told apart: the highest on the latent scale are very high."""
    score = cases["latent_harm"] + 0.5 * rng.standard_normal(len(cases))
    both = cases["rosh_band"] == "high_very_high"
    very_high = both & (score.where(both).rank(pct=True) > 1 - VERY_HIGH_ROSH_SHARE)
    return cases["rosh_band"].mask(both, "high").mask(very_high, "very_high")


def _provider_type(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """The National Probation Service (NPS) supervises every high or very high risk of serious harm."""
    nps = annex_c()["provider_type", "nps", "need_drugs"].n or 0
    high = (cases["rosh_band"] == "high_very_high").to_numpy(dtype=bool)
    low = (cases["rosh_band"] == "low").to_numpy(dtype=bool)
    utility = 1.2 * cases["latent_harm"].to_numpy() - 1.5 * low
    is_nps = np.array([True, False])
    rows = [
        count_row("nps", np.ones(len(cases)), is_nps, nps),
        count_row("high risk in the nps", high, is_nps, int(high.sum())),
    ]
    drawn = draw_categories("provider type", np.column_stack([utility, 0 * utility]), rows, rng)
    return pd.Series(np.array(["nps", "crc"])[drawn], dtype="str")


def _provider(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """One of the 28 inspected providers (Table A1), their sizes uneven as samples of uneven caseloads are."""
    named = pd.read_csv(CODES_DIR / "report_months.csv", dtype="str")
    provider = np.full(len(cases), "", dtype=object)
    for kind, names in named.groupby(named["provider_type"].str.lower())["provider"]:
        members = np.flatnonzero(cases["provider_type"] == kind)
        weights = rng.uniform(0.75, 1.25, len(names))
        shares = np.floor(len(members) * np.cumsum(weights) / weights.sum() + 0.5).astype(int)
        places = np.searchsorted(shares, np.arange(len(members)), side="right")
        provider[rng.permutation(members)] = names.to_numpy(dtype=object)[places]
    return pd.Series(provider, dtype="str")


def _provider_effect(cases: pd.DataFrame, rng: np.random.Generator) -> pd.Series:
    """Some providers supervise better than others: judgements of one provider's cases are not independent."""
    name = cases["provider_type"] + " " + cases["provider"]
    effects = {
        provider: effect for provider, effect in zip(sorted(name.unique()), rng.normal(0, 0.25, 28), strict=True)
    }
    return name.map(effects)


def _whole_numbers(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Age, previous sanctions and OGRS score inside their bands, in the order of the case's own risk."""
    noise = rng.standard_normal((3, len(cases)))
    sanctions_score = cases["latent_risk"] + noise[0]
    return cases.assign(
        previous_sanctions=_inside(cases["sanctions_band"], SANCTION_BANDS, sanctions_score, {"21+": 2.2}),
        age=_inside(cases["age_band"], AGE_BANDS, pd.Series(noise[1]), {"60+": 2.0, "50-59": 1.2}),
        ogrs_score=_inside(cases["ogrs_band"], OGRS_BANDS, cases["latent_ogrs"] + 0.3 * noise[2], {"very_high": 1.8}),
    )


def _inside(band: pd.Series, bands: dict[str, tuple[int, int]], score: pd.Series, skew: dict[str, float]) -> pd.Series:
    """Whole numbers over each band by the rank of `score`; a skew above 1 crowds them at the lower end."""
    values = pd.Series(pd.NA, index=band.index, dtype="Int64")
    for label, (low, high) in bands.items():
        members = band == label
        share = (score[members].rank(method="first") - 0.5) / members.sum()
        values[members] = (low + np.floor(share ** skew.get(label, 1.0) * (high - low + 1))).astype("Int64")
    return values
