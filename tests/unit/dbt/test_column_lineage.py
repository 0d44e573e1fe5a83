"""Which columns a column is made from."""

from orchestration.dbt.column_lineage import column_lineage

COLUMNS = {"raw": {"people": {"id": "int", "name": "varchar"}, "scores": {"id": "int", "score": "double"}}}
SQL = """
with
people as (select * from "warehouse"."raw"."people"),
scores as (select id, score * 2 as doubled from "warehouse"."raw"."scores")
select
    people.id,
    case when people.name is null then 0 else scores.doubled end as shown,
    'fixed' as word
from people
left join scores on people.id = scores.id
"""


def test_columns_are_followed_through_ctes_to_the_tables():
    assert column_lineage(SQL, COLUMNS, "warehouse") == {
        "id": [("raw", "people", "id")],
        "shown": [("raw", "people", "name"), ("raw", "scores", "score")],
        "word": [],
    }
