"""The figures stated in a bulletin's text, as a table.

Belongs here: results.headlines laid out for readers, for any bulletin. Not here: sentences, figures that are drawn.
"""

import pandas as pd

from orchestration.publications.shared import formatting
from orchestration.publications.shared.published_table import Column, PublishedTable, Tables
from orchestration.publications.shared.results_reader import Results


def table_h1(tables: Tables, source: str) -> PublishedTable:
    """Every figure stated in a bulletin's text that the data can give, rounded as printed there."""
    results, stated = Results(tables), tables["headlines"]
    frame = pd.DataFrame(
        {
            "description": [formatting.upper_first(str(words)) for words in stated["description"]],
            "figure": [
                results.headline_text(str(headline)) + (" percentage points" if unit == "percentage_points" else "")
                for headline, unit in zip(stated["id"], stated["unit"], strict=True)
            ],
            "n": stated["n"],
        }
    )
    columns = (
        Column("description", "Figure of the text"),
        Column("figure", "As printed"),
        Column("n", "n", decimals=0),
    )
    notes = ("n: the cases the figure rests on.",)
    return PublishedTable("H1", "Figures stated in the text", source, columns, frame, notes)
