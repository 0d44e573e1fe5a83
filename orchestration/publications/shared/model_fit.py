"""How well models fit, as a table for readers, for any bulletin.

Belongs here: results.models laid out by model and block. Not here: any test, and which models a bulletin has.
"""

from collections.abc import Mapping

from orchestration.publications.shared.published_table import ROW_GROUP, Column, PublishedTable, Tables

_FIT = (
    Column("n", "Complete cases", decimals=0),
    Column("minus_two_log_likelihood", "-2 log-likelihood", decimals=2),
    Column("block_chi2", "Chi-square", "Block", 2),
    Column("block_df", "df", "Block", 0),
    Column("block_p", "p", "Block", 3, is_p_value=True),
    Column("cox_snell_r2", "Cox-Snell", "R²", 3),
    Column("nagelkerke_r2", "Nagelkerke", "R²", 3),
    Column("hosmer_lemeshow_chi2", "Chi-square", "Hosmer-Lemeshow", 2),
    Column("hosmer_lemeshow_df", "df", "Hosmer-Lemeshow", 0),
    Column("hosmer_lemeshow_p", "p", "Hosmer-Lemeshow", 3, is_p_value=True),
    Column("alpha", "Dispersion (alpha)", decimals=3),
    Column("aic", "AIC", decimals=1),
)
_BLOCKS = {
    "controls": "Block 1: controls",
    "judgements": "Block 2: judgements",
    "all": "All terms in one step",
}


def model_fit(tables: Tables, table_id: str, titles: Mapping[str, str], source: str) -> PublishedTable:
    """Fit of each model and block, as far as the kind of model has the statistic; `titles`: model id -> words."""
    fits = tables["models"]
    fits = fits.loc[fits["model_id"].isin(titles.keys())].reset_index(drop=True)
    frame = fits.reindex(columns=[column.key for column in _FIT])
    frame["label"] = [_BLOCKS[str(block)] for block in fits["block"]]
    frame[ROW_GROUP] = [titles[str(model)] for model in fits["model_id"]]
    notes = (
        "Hosmer-Lemeshow: groups cut at the deciles of the predicted probabilities (linear interpolation), "
        "df two fewer than groups; a small p speaks against the fit. The dispersion alpha is 0 for a Poisson "
        "distribution.",
    )
    return PublishedTable(table_id, "Fit of the models", source, (Column("label", "Block"), *_FIT), frame, notes)
