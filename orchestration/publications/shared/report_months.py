"""Table A1, the inspections behind the data, which both bulletins list.

Belongs here: the reference table of report months laid out. Not here: any number.
"""

import pandas as pd

from orchestration.publications.shared.published_table import Column, PublishedTable, Tables


def table_a1(tables: Tables) -> PublishedTable:
    """Table A1 (2020/03 and 2023/04, Annex A): the providers in order of report publication.

    Needs report_months: provider, provider_type (CRC or NPS), report_month (YYYY-MM).
    """
    months = tables["report_months"]
    published = pd.to_datetime(months["report_month"], format="%Y-%m")
    frame = pd.DataFrame(
        {
            "provider": months["provider"],
            "provider_type": months["provider_type"].str.upper(),
            "month": published.dt.strftime("%B %Y"),
        }
    )
    columns = (
        Column("provider", "Provider"),
        Column("provider_type", "CRC or NPS"),
        Column("month", "Month of report publication"),
    )
    title = "Probation inspections, June 2018 – June 2019"
    return PublishedTable("A1", title, "Inspectorate report months (reference table)", columns, frame)
