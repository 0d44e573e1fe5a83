"""The reference tables as shipped are the method's own; a changed one is a changed method."""

import csv
import datetime

from orchestration.settings import CODES_DIR
from tests.integration.linkage_oracle import normalising
from tests.integration.linkage_oracle.oracle import NICKNAMES, RULE_OF_SPLINK, RULES, RULES_WITH_THE_DAY, Rule


def rows(name: str) -> list[dict[str, str]]:
    with (CODES_DIR / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_rule(row: dict[str, str]) -> Rule:
    unless = tuple(tuple(fields.split()) for fields in row["unless_differing"].split(";") if fields.strip())
    fields, is_unique = tuple(row["fields"].split()), row["is_unique"] == "true"
    return Rule(int(row["rule_rank"]), row["rule"], fields, is_unique, unless, row["tier"])


def test_the_rules_are_those_of_the_method():
    used = {"true": [], "false": []}
    for row in rows("match_rules"):
        used[row["is_used"]].append(read_rule(row))
    assert tuple(used["true"]) == RULES
    assert tuple(used["false"]) == (*RULES_WITH_THE_DAY, RULE_OF_SPLINK)


def test_the_blocks_are_those_of_the_method():
    assert [r["fields"] for r in rows("match_blocks")] == [
        "pnc",
        "crn",
        "surname dob",
        "swapped_names dob",
        "first_forename dob",
        "surname first_forename same_day",
        "probable",
    ]


def test_the_letters_titles_and_placeholders_are_those_of_the_method():
    assert {r["letter"]: r["replacement"] for r in rows("letter_folds")} == normalising.FOLDS
    assert {chr(int(r["code_point"][2:], 16)) for r in rows("apostrophes")} == set(normalising.APOSTROPHES)
    titles = {r["title"]: r["is_also_a_name"] == "true" for r in rows("titles")}
    assert {title for title, is_name in titles.items() if not is_name} == normalising.TITLES
    assert {title for title, is_name in titles.items() if is_name} == normalising.TITLES_AND_NAMES
    assert tuple(r["marker"] for r in rows("name_markers")) == normalising.MARKERS
    particles = {r["particle"]: r["joins_the_next_word"] == "true" for r in rows("name_particles")}
    assert {particle for particle, joins in particles.items() if not joins} == normalising.PARTICLES
    assert {particle for particle, joins in particles.items() if joins} == {"MC", "MAC"}
    assert {r["placeholder"] for r in rows("name_placeholders")} == normalising.NAME_PLACEHOLDERS
    found = {datetime.date.fromisoformat(r["placeholder_date"]) for r in rows("date_placeholders")}
    assert found == normalising.DATE_PLACEHOLDERS


def test_the_nicknames_hold_those_of_the_worlds():
    given = {(r["forename"], r["nickname"]) for r in rows("nicknames")}
    assert {(name, form) for name, forms in NICKNAMES.items() for form in forms} <= given


def test_the_limits_are_those_of_the_method():
    assert {r["limit_name"]: int(r["limit_value"]) for r in rows("limits")} == {
        "oldest_age_years": 110,
        "pnc_earliest_year": 1900,
        "pnc_earliest_year_without_slash": 1950,
    }


def test_the_reasons_are_recoded_as_the_bulletin_recodes_them():
    assert {r["termination_reason"]: r["termination_outcome"] for r in rows("termination_reasons")} == {
        "ran_full_course": "positive",
        "early_good_progress": "positive",
        "early_conviction": "negative",
        "early_failure_to_comply": "negative",
        "early_other": "excluded",
        "excluded": "excluded",
    }


def test_the_bands_are_the_categories_of_the_published_tables():
    published = {}
    for file in ("annex_b", "annex_c"):
        with (CODES_DIR.parent / "published" / f"{file}.csv").open(encoding="utf-8", newline="") as cells:
            for cell in csv.DictReader(cells):
                published.setdefault((file, cell["item"]), set()).add(cell["category"])
    bands = {}
    for r in rows("bands"):
        bands.setdefault(r["item"], set()).add(r["category"])
    assert bands["age_group"] == published["annex_b", "age_group"]
    assert bands["age_group_2020"] == published["annex_c", "age_group"]
    assert bands["ogrs_group"] == published["annex_b", "ogrs_group"]
    assert bands["ogrs_group_2020"] == published["annex_c", "ogrs_group"]
    assert bands["previous_sanctions_group"] == published["annex_b", "previous_sanctions_group"]
    assert {r["rosh_group"] for r in rows("rosh_groups")} == published["annex_b", "rosh_group"]
