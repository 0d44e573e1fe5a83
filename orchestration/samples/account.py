"""The account that goes with a drawn sample: from what, how, how many.

Belongs here: its words. Not here: drawing (`methods/sampling`) and files (`drawing.py`). It holds counts, no
case, and nothing that changes from one draw of the same sample to the next, such as the time.
"""

from collections.abc import Iterable, Iterator

import pandas as pd

from orchestration.methods.sampling.allocation import LEVELS, PROVIDER, STRATUM
from orchestration.methods.sampling.drawing import Draw
from orchestration.methods.sampling.sample_size import Precision, margin_of_error

METHOD = (
    "Each provider's size is that of a simple random sample of its caseload (finite population). It is spread",
    "over gender, type of disposal and risk of serious harm in proportion (largest remainder), a missing value",
    "being a level. Within a stratum cases are drawn in the order of the SHA-256 of `seed:caseload_id`.",
    "",
    "A case that turns out not to be eligible gives way to the next reserve of its own stratum, in draw order.",
    "Keep a note of both; do not replace a case for any other reason.",
)


def account(drawn: Draw, name: str, sha256: str, seed: int, precision: Precision, oversample: float) -> str:
    """The account of a draw from the list `name` as a Markdown page."""
    strata = drawn.strata
    head = [
        "# Sample of a caseload",
        "",
        f"- List: {name}, SHA-256 {sha256}; {strata['caseload'].sum():,} cases of the providers drawn from",
        f"- Drawn: {len(drawn.sample):,} cases and {len(drawn.reserves):,} reserves",
        f"- Seed: {seed}; confidence {precision.confidence:.6g}, margin of error {precision.margin:.6g}, "
        f"share {precision.share:.6g}, reserves {oversample:.6g} of each stratum's sample, rounded up",
        "",
        *METHOD,
    ]
    ratios = ("provider", "type", "characteristic", "level", "% of caseload", "% of drawn")
    providers = ("provider", "type", "caseload", "drawn", "reserves", "margin of error, points")
    by_stratum = ("provider", "type", *STRATUM, "caseload", "drawn", "reserves")
    return "\n".join(
        [
            *head,
            *_section("Providers", providers, _providers(strata, precision)),
            *_section("Ratios", ratios, _ratios(strata)),
            *_section("Strata", by_stratum, strata.itertuples(index=False, name=None)),
            "",
        ]
    )


def summary(text: str) -> str:
    """The account up to its providers: what fits a screen."""
    return "\n## ".join(text.split("\n## ")[:2])


def _providers(strata: pd.DataFrame, precision: Precision) -> list[tuple[object, ...]]:
    totals = strata.groupby(list(PROVIDER), sort=False)[["caseload", "sample", "reserves"]].sum().reset_index()
    return [
        (*row, f"{100 * margin_of_error(int(n), int(size), precision):.2f}")
        for row, n, size in zip(
            totals.itertuples(index=False, name=None), totals["sample"], totals["caseload"], strict=True
        )
    ]


def _ratios(strata: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """The shares that the sample is to match, provider by provider; missing values are a level."""
    for name, rows in strata.groupby(list(PROVIDER), sort=False):
        totals = rows[["caseload", "sample"]].sum()
        for item in STRATUM:
            counts = rows.groupby(item)[["caseload", "sample"]].sum()
            for level in sorted(counts.index, key=LEVELS[item].index):
                yield *name, item, level, *(f"{100 * counts.loc[level, c] / totals[c]:.1f}" for c in totals.index)


def _section(title: str, header: tuple[str, ...], rows: Iterable[tuple[object, ...]]) -> list[str]:
    lines = [header, ("---",) * len(header), *rows]
    table = ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines]
    return ["", f"## {title}", "", *table]
