"""The figures stated in the text of Bulletin 2020/03.

Belongs here: the bulletin's rows of results.headlines, ids as in the published figures, read from the results tables
of the same cases. Not here: those tables, nor which headline is which (`headlines_2020`).

Every figure is rounded once, from the exact share. Where the text rounded a figure that was rounded already (35.5 to
"36%"), ours differs, and the back-test lists it with its arithmetic.
"""

from collections.abc import Iterator

import pandas as pd

from orchestration.methods.bulletin_2020_03.provider_ratings import SERVICES
from orchestration.methods.layouts.headlines import Headline, annex_headlines, headline_table
from orchestration.methods.layouts.headlines_2020 import CELLS, COUNTS, GROUP_SIZES, PAIRS, RATINGS, RETAINED
from orchestration.methods.layouts.layout_2020 import GROUP_BY_ITEM, MEASURES, YES
from orchestration.methods.layouts.rounding import share

HALF = 50
UNITS = {measure.code: measure.unit for measure in MEASURES}


def needs_headlines(
    cases: pd.DataFrame,
    annex_c: pd.DataFrame,
    needs_counts: pd.DataFrame,
    cooccurrence: pd.DataFrame,
    provider_ratings: pd.DataFrame,
) -> pd.DataFrame:
    """One row a headline of 2020/03: value unrounded, value_published as the text has it, n cases behind it.

    `cases`: marts.cases; the others are the results tables made from them. Without ratings for services the headlines
    on them are left out.
    """
    parts = (
        _group_sizes(cases),
        _ratings(provider_ratings),
        _officers(cases),
        annex_headlines(CELLS, annex_c, UNITS),
        _counts(needs_counts),
        _pairs(cooccurrence),
        _below_half(annex_c),
        _retained(annex_c),
    )
    return headline_table(headline for part in parts for headline in part)


def _group_sizes(cases: pd.DataFrame) -> Iterator[Headline]:
    """Section 2's list of who was inspected."""
    yield Headline("cases_inspected_2020", "inspection cases assessed", "count", len(cases), len(cases), 0)
    for name, size in GROUP_SIZES.items():
        groups = cases[GROUP_BY_ITEM[size.item].column]
        members = int((groups == size.category).sum())
        base = int(groups.notna().sum()) if size.of_known else len(cases)
        of_base = ", of those with a score" if size.of_known else ""
        yield Headline(name, size.words, "count", members, base, 0)
        yield Headline(f"{name}_pct", f"{size.words}, share{of_base}", "percent", share(members, base, 100), base, 0)


def _ratings(provider_ratings: pd.DataFrame) -> Iterator[Headline]:
    services = provider_ratings[provider_ratings["standard"] == SERVICES]
    keys = zip(services["provider_type"], services["rating"], strict=True)
    rated = dict(zip(keys, zip(services["n"], services["n_providers"], strict=True), strict=True))
    for name, (provider_type, rating, description) in RATINGS.items():
        if (provider_type, rating) in rated:
            n, n_providers = rated[provider_type, rating]
            yield Headline(name, description, "count", int(n), int(n_providers), 0)


def _officers(cases: pd.DataFrame) -> Iterator[Headline]:
    """Section 2.1.2: "78%; n=1,912", read as 1,912 who said yes and their share of those asked."""
    asked = cases["services_available"].dropna()
    positive = int((asked == YES).sum())
    words = "responsible officers who said that services to meet the needs were available"
    yield Headline("officers_services_available_pct", words, "percent", share(positive, len(asked), 100), len(asked), 0)
    yield Headline("officers_services_available_n", f"{words}, number", "count", positive, len(asked), 0)


def _counts(needs_counts: pd.DataFrame) -> Iterator[Headline]:
    everybody = needs_counts[needs_counts["item"] == "all_cases"]
    counts = everybody.set_index(["kind", "number"])[["n", "n_cases"]].to_dict("index")
    for name, (kind, number, description) in COUNTS.items():
        found = counts[kind, number]
        n_cases = int(found["n_cases"])
        yield Headline(name, description, "percent", share(int(found["n"]), n_cases, 100), n_cases, 0)


def _pairs(cooccurrence: pd.DataFrame) -> Iterator[Headline]:
    pairs = cooccurrence.set_index(["kind", "first", "second"])[["n", "n_both"]].to_dict("index")
    for name, (kind, first, second, description) in PAIRS.items():
        found = pairs[kind, first, second]
        yield Headline(
            name, description, "percent", share(int(found["n_both"]), int(found["n"]), 100), int(found["n"]), 0
        )


def _below_half(annex_c: pd.DataFrame) -> Iterator[Headline]:
    """Section 2.3.1: "for six out of the eight needs, delivery was deemed sufficient in less than half"."""
    overall = annex_c[(annex_c["table_id"] == "C5") & (annex_c["item"] == "all_cases")]
    below = int((overall["value"] < HALF).sum())
    words = "needs with delivery sufficient in less than half of the cases"
    yield Headline("fig7_needs_below_half", words, "count", below, len(overall), 0)


def _retained(annex_c: pd.DataFrame) -> Iterator[Headline]:
    """Section 2.3.1's counts of needs and strengths whose delivery differs significantly."""
    for name, (table_id, item, description) in RETAINED.items():
        rows = annex_c[(annex_c["table_id"] == table_id) & (annex_c["item"] == item)]
        verdicts = rows.drop_duplicates("outcome")["significant"]
        yield Headline(name, description, "count", int(verdicts.fillna(False).sum()), len(verdicts), 0)
