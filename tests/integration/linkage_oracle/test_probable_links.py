"""Cases linked on Splink's word: by a rule of their own, after all others, and explained like any link."""

from dataclasses import replace

import pytest

from orchestration.linkage.explaining.reading import read_explanation
from orchestration.linkage.explaining.text import explanation_text
from orchestration.storage.tables import write_table
from orchestration.synthetic.population.files import write_population
from orchestration.synthetic.population.size import PRESETS
from orchestration.tables.probable_pairs import PROBABLE_PAIRS
from tests.benchmarks.linkage_data import IN_MEMORY, Files, open_linking
from tests.benchmarks.linkage_populations import splinks_pairs
from tests.integration.linkage_oracle import compiled

POPULATION = replace(PRESETS["dirty"], n_cases=400, n_terminations=1500, n_reoffending=4000, blemishes=6.0)
LINKS = "select case_id, record_id, rule, tier from linkage.reoffending_matches order by case_id"


@pytest.fixture(scope="module")
def linked(project, tmp_path_factory):
    """A small and very dirty population, linked without Splink and with it: the connection, and both sets of links."""
    pytest.importorskip("splink")
    files = Files(tmp_path_factory.mktemp("dirty"), 0)
    write_population(POPULATION, 1, files.folder / "landing", files.folder / "truth", "parquet")
    connection = open_linking(project, files, IN_MEMORY, {})
    compiled.run(connection, project, "staging", "linkage")
    without = connection.execute(LINKS).fetchall()
    write_table(connection, PROBABLE_PAIRS, splinks_pairs(connection, 0.95))
    connection.execute("update reference.match_rules set is_used = true where rule = 'probable_dob'")
    compiled.run(connection, project, "linkage")
    yield connection, without, connection.execute(LINKS).fetchall()
    connection.close()


def test_splinks_word_adds_links_of_a_tier_of_their_own_and_moves_no_other(linked):
    _, without, with_splink = linked
    added = set(with_splink) - set(without)
    assert set(without) <= set(with_splink)
    assert added
    assert {(rule, tier) for _, _, rule, tier in added} == {("probable_dob", "probable")}


def test_no_probable_link_is_without_the_birthday_or_against_the_veto(linked):
    connection, *_ = linked
    told = connection.execute(
        "select fields_agreeing, fields_disagreeing from linkage.explanations "
        "where list_contains(string_split(rules_satisfied, ' '), 'probable_dob')"
    ).fetchall()
    assert told
    assert all({"probable", "dob", "certain_dob"} <= set(agreeing.split()) for agreeing, _ in told)
    assert not any("pnc" in disagreeing.split() for _, disagreeing in told)


def test_a_probable_link_is_explained(linked):
    connection, without, with_splink = linked
    case_id, record_id, *_ = min(set(with_splink) - set(without))
    explanation = read_explanation(connection, "reoffending", case_id, is_showing_identifiers=False)
    told = " ".join(explanation_text(case_id, "key", [explanation], 7).split())
    assert f"MATCHED by probable_dob to {record_id}" in told
    assert "How certain: Splink's word, and the birthday; no number" in told
    assert "probable to Splink" in told
    assert "Splink holds them to be one person with a probability of " in told
