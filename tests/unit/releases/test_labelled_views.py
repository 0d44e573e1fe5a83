"""Tables again in words, as databases hold them."""

import duckdb
import pytest

from orchestration.releases.labelled_views import VIEWS
from orchestration.settings import PROJECT_DIR
from orchestration.storage.tables import make_view

TABLES = """
create schema marts; create schema results;
create table marts.cases as select columns_of.* from (values
    ('low', 'yes', 'near', 1), ('very_high', null, 'by_hand', 0)
) as columns_of (ogrs_group, engagement, termination_tier, reoffended);
create table results.match_rates as select * from (values
    ('terminations', 'gender', 'male', 0.5), ('reoffending', 'ogrs_group', 'high_very_high', 0.25),
    ('reoffending', 'rosh_group', 'high_very_high', 0.25), ('reoffending', 'rosh_group', 'low_medium', 0.25)
) as rows_of (source, item, category, p_value);
comment on column results.match_rates.category is 'the group';
"""


@pytest.fixture
def database():
    with duckdb.connect(":memory:") as connection:
        connection.execute(TABLES)
        yield connection


def view_of(name: str):
    return next(view for view in VIEWS if view.name == name)


def test_a_category_is_worded_by_its_item_and_its_source_too(database):
    make_view(database, view_of("match_rates_by_group"))
    assert database.execute("select source, item, category from results.match_rates_by_group").fetchall() == [
        ("Terminations (community sentences)", "Gender", "Male"),
        ("Proven reoffending (all cases)", "Likelihood of reoffending", "High and very high together"),
        ("Proven reoffending (all cases)", "Risk of serious harm", "High/Very high"),
        ("Proven reoffending (all cases)", "Risk of serious harm", "Low and medium together"),
    ]


def test_a_view_and_its_columns_have_the_words_of_the_table(database):
    make_view(database, view_of("match_rates_by_group"))
    words = dict(
        database.execute(
            "select column_name, comment from duckdb_columns() where table_name = 'match_rates_by_group'"
        ).fetchall()
    )
    assert words["category"] == "the group"
    described = database.execute("select comment from duckdb_views() where view_name = 'match_rates_by_group'")
    assert described.fetchall()[0][0].startswith("One row a source and group")


def test_a_view_without_its_table_is_left_out(database):
    make_view(database, view_of("annex_b_labelled"))
    assert database.execute("select count(*) from duckdb_views() where not internal").fetchall() == [(0,)]


def test_every_view_is_named_in_the_data_contract():
    contract = (PROJECT_DIR / "docs" / "data-contract.md").read_text(encoding="utf-8")
    assert [view.name for view in VIEWS if f"{view.schema}.{view.name}" not in contract] == []
