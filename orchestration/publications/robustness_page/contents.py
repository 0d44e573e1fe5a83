"""The page "How robust are the findings".

Belongs here: what the page consists of, each part named and none made. Not here: sentences
(`*findings.py`), tables (`*tables.py`), the drawings (`*figures.py`).
"""

from typing import Any

from orchestration.publications.robustness_page import (
    figures,
    findings,
    further_figures,
    quality_tables,
    refit_findings,
    refit_tables,
    reoffence_types,
    tables,
)
from orchestration.publications.shared.publication import Cover, DrawnFigure, Entry, Publication
from orchestration.publications.shared.published_table import Tables
from orchestration.publications.shared.release_facts import ReleaseFacts
from orchestration.tables.bulletins import BULLETIN_2023
from orchestration.tables.robustness import ROBUSTNESS_TABLES

ENTRIES = (
    Entry("K1", "remains", tables.table_findings),
    Entry("K2", "in_points", tables.table_effects),
    Entry("F1", "in_points", figures.figure_table),
    Entry("K3", "by_provider", tables.table_clustered),
    Entry("K4", "many_tests", tables.table_multiplicity),
    Entry("K5", "by_likelihood", tables.table_interactions),
    Entry("K6", "by_likelihood", tables.table_gaps),
    Entry("K7", "strengths", tables.table_strengths),
    Entry("K8", "confounding", tables.table_e_values),
    Entry("K9", "time", refit_tables.table_hazards),
    Entry("F2", "time", further_figures.curve_table, ("reoffence_curves",)),
    Entry("K10", "missing", refit_tables.table_imputed),
    Entry("K11", "links", refit_tables.table_relinked),
    Entry("K12", "by_provider", refit_tables.table_intercepts),
    Entry("K13", "choices", refit_tables.table_specifications),
    Entry("F3", "choices", further_figures.strip_table),
    Entry("K14", "delivery", refit_tables.table_good_delivery),
    Entry("K15", "delivery", refit_tables.table_balance, ("delivery_balance",)),
    Entry("K16", "calibration", quality_tables.table_calibration),
    Entry("K17", "calibration", quality_tables.table_groups, ("calibration_groups",)),
    Entry("K18", "calibration", quality_tables.table_splines),
    Entry("K19", "types", reoffence_types.table_types, ("reoffence_types",)),
    Entry("K20", "types", reoffence_types.table_severity, ("reoffence_severity",)),
    Entry("K21", "types", reoffence_types.table_models, ("reoffence_models",)),
    Entry("K22", "types", reoffence_types.table_measures, ("reoffending_measures",)),
    Entry("F4", "types", reoffence_types.figure_table, ("reoffending_measures",)),
)


def _figures(results: Tables) -> tuple[DrawnFigure, ...]:
    return (
        *figures.effect_figures(results),
        *further_figures.curve_figure(results),
        *further_figures.strip_figure(results),
        *reoffence_types.measures_figure(results),
    )


def _words(results: Tables, facts: ReleaseFacts) -> dict[str, Any]:
    return {
        "remains": findings.remains(results),
        "each_finding": findings.each_finding(results),
        "in_points": findings.in_points(results),
        "by_provider": findings.by_provider(results),
        "many_tests": findings.many_tests(results),
        "by_likelihood": findings.by_likelihood(results),
        "strengths": findings.strengths(results),
        "confounding": findings.confounding(results),
        "through_time": refit_findings.through_time(results),
        "missing": refit_findings.missing(results),
        "links": refit_findings.links(results),
        "levels": refit_findings.levels(results),
        "choices": refit_findings.choices(results, facts.significance_level),
        "delivery": refit_findings.delivery(results),
        "calibration": refit_findings.calibration(results, facts.significance_level),
        "types": reoffence_types.measured_otherwise(results),
        "reading_of_p": findings.READING_OF_P,
        "key_findings": [*findings.remains(results), *findings.many_tests(results), *findings.by_provider(results)],
    }


ROBUSTNESS_PAGE = Publication(
    publication_id="robustness",
    bulletin=BULLETIN_2023,
    title="How robust are the findings",
    short_title="How robust are the findings",
    series="The findings of Bulletin 2023/04",
    attribution="Examines the findings of this release. Not a publication of HM Inspectorate of Probation.",
    template="robustness.html.j2",
    references=("2023/04", "benjamini_hochberg", "holm", "rubin", "vanderweele_ding"),
    page="robustness.html",
    workbook="robustness.xlsx",
    cover=Cover(
        "The findings of Bulletin 2023/04",
        (
            "What remains of each finding under other sizes, errors, cases, times and choices.",
            "Beside the published figures, never in their place.",
        ),
    ),
    sections=(
        ("remains", "What remains?"),
        ("in_points", "How large?"),
        ("by_provider", "Do providers matter?"),
        ("many_tests", "Were there too many tests?"),
        ("by_likelihood", "Does it depend on the likelihood of reoffending?"),
        ("strengths", "Strengths built upon, or none there?"),
        ("confounding", "Could something unmeasured explain it?"),
        ("time", "Before or after the inspection?"),
        ("missing", "Does it matter what is missing?"),
        ("links", "Do false links matter?"),
        ("choices", "Would other choices have found it?"),
        ("delivery", "What would good delivery do?"),
        ("calibration", "How good are the models?"),
        ("types", "What were the reoffences?"),
        ("release", "About this release"),
    ),
    entries=ENTRIES,
    draw=_figures,
    words=_words,
    requires=tuple(name for name, table in ROBUSTNESS_TABLES.items() if not table.stays),
)
