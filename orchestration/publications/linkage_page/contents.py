"""The linkage page: how far the links behind the bulletin can be trusted.

Belongs here: what the page consists of, each part named and none made. Not here: sentences (`findings.py` and
its siblings), tables (`rule_tables.py` and its siblings), drawings (`figures.py`).
"""

from functools import partial
from typing import Any

import pandas as pd

from orchestration.publications.linkage_page import (
    accuracy_tables,
    choice_tables,
    effect_tables,
    findings,
    opinion_tables,
    rule_tables,
    tier_tables,
)
from orchestration.publications.linkage_page.accuracy_findings import how_surely
from orchestration.publications.linkage_page.effect_findings import does_it_matter
from orchestration.publications.linkage_page.figure_text import displayed_data
from orchestration.publications.linkage_page.figures import sensitivity_figures
from orchestration.publications.linkage_page.words import SOURCE
from orchestration.publications.shared.match_tables import table_m1, table_m2
from orchestration.publications.shared.publication import Cover, DrawnFigure, Entry, Publication
from orchestration.publications.shared.published_table import PublishedTable, Tables, plain_table
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.tables.bulletins import BULLETIN_2023

FIGURE_NUMBERS = {"sensitivity_window": 1, "sensitivity_left_out_rule": 2, "sensitivity_false_links": 3}
REQUIRED_TABLES = (
    "linkage_statuses",
    "linkage_rules",
    "linkage_overrides",
    "linkage_quality",
    "linkage_losses",
    "linkage_loss_fields",
    "linkage_review",
    "linkage_tiers",
    "match_rates",
    "match_bias",
    "match_bias_summary",
    "match_models",
    "match_model_terms",
    "linkage_weights",
    "annex_b_weighted",
    "model_coefficients_weighted",
    "sensitivity_match_rates",
    "sensitivity_ratios",
    "sensitivity_summary",
)


def _entries() -> tuple[Entry, ...]:
    return (
        Entry("L1", "how_many", rule_tables.table_statuses),
        Entry("L2", "which_rule", rule_tables.table_rules),
        Entry("L3", "which_rule", rule_tables.table_overrides),
        Entry("L4", "how_surely", accuracy_tables.table_accuracy),
        Entry("L5", "how_surely", accuracy_tables.table_losses),
        Entry("L6", "how_surely", accuracy_tables.table_loss_fields),
        Entry("L7", "how_surely", accuracy_tables.table_subgroups),
        Entry("L8", "how_surely", accuracy_tables.table_review),
        Entry("L9", "how_surely", opinion_tables.table_second_opinion),
        Entry("L19", "how_surely", tier_tables.table_tiers),
        Entry("M1", "who_is_missing", table_m1),
        Entry("M2", "who_is_missing", table_m2),
        Entry("L10", "who_is_missing", partial(effect_tables.table_bias, "terminations", "L10")),
        Entry("L11", "who_is_missing", partial(effect_tables.table_bias, "reoffending", "L11")),
        Entry("L12", "who_is_missing", effect_tables.table_match_terms),
        Entry("L13", "does_it_matter", effect_tables.table_weights),
        Entry("L14", "does_it_matter", effect_tables.table_weighted_annex),
        Entry("L15", "does_it_matter", effect_tables.table_weighted_ratios),
        Entry("L16", "does_it_matter", choice_tables.table_choices),
        Entry("L17", "does_it_matter", choice_tables.table_scenarios),
        Entry("L18", "does_it_matter", choice_tables.table_rates),
        Entry("L20", "does_it_matter", tier_tables.table_ratios_by_tier),
        *(
            Entry(f"F{number}", "does_it_matter", partial(_figure_table, figure_id))
            for figure_id, number in FIGURE_NUMBERS.items()
        ),
    )


def _figure_table(figure_id: str, tables: Tables, _level: float) -> PublishedTable:
    kind = figure_id.removeprefix("sensitivity_")
    rates, ratios = (
        tables[name][tables[name]["kind"] == kind] for name in ("sensitivity_match_rates", "sensitivity_ratios")
    )
    nothing = pd.DataFrame(columns=["Scenario"])
    return _table_of(figure_id, nothing if rates.empty else displayed_data(kind, rates, ratios))


def _table_of(figure_id: str, data: pd.DataFrame) -> PublishedTable:
    number = FIGURE_NUMBERS[figure_id]
    return plain_table(f"F{number}", f"the data behind Figure {number}", SOURCE, data)


def _drawn(tables: Tables) -> tuple[DrawnFigure, ...]:
    return tuple(
        DrawnFigure(
            figure_id=figure.figure_id,
            label=f"Figure {FIGURE_NUMBERS[figure.figure_id]}",
            heading=f"Figure {FIGURE_NUMBERS[figure.figure_id]}: {figure.title}",
            svg=figure.svg,
            png=figure.png,
            data=figure.data,
            table=_table_of(figure.figure_id, figure.data),
        )
        for figure in sensitivity_figures(tables)
    )


def _words(tables: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    answers = {
        "how_many": findings.how_many(tables),
        "which_rule": findings.which_rule(tables),
        "how_surely": how_surely(tables),
        "who_is_missing": findings.who_is_missing(tables),
        "does_it_matter": does_it_matter(tables),
    }
    return {
        **answers,
        "key_findings": [sentence for answer in answers.values() for sentence in answer.first],
        "window_days": facts.parameters["match_window_days"],
    }


LINKAGE_PAGE = Publication(
    publication_id="linkage",
    bulletin=BULLETIN_2023,
    title="How far the links can be trusted",
    short_title="How far the links can be trusted",
    series="The linkage behind Bulletin 2023/04",
    attribution="Describes the linkage of this release. Not a publication of HM Inspectorate of Probation.",
    template="linkage.html.j2",
    references=("2023/04", "holm", "wilson"),
    page="linkage.html",
    workbook="linkage.xlsx",
    cover=Cover(
        "The linkage behind Bulletin 2023/04",
        (
            "How many cases were matched, by which rule, how surely, who is missing, and whether it matters.",
            "Counts only: no table holds a case or a record.",
        ),
    ),
    sections=(
        ("how_many", "How many?"),
        ("which_rule", "By which rule?"),
        ("how_surely", "How surely?"),
        ("who_is_missing", "Who is missing?"),
        ("does_it_matter", "Does it matter?"),
        ("release", "About this release"),
    ),
    entries=_entries(),
    draw=_drawn,
    words=_words,
    requires=REQUIRED_TABLES,
)
