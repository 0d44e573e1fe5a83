"""Mistakes in the linkage's reference tables are caught by the dbt tests that watch them."""

import pytest

BREAKS = {
    "a rule without a block": (
        "match_rules_hold_a_block",
        "insert into reference.match_rules values (33, 'f', 'forenames', false, null, true, 'near')",
    ),
    "a block dropped": (
        "match_rules_hold_a_block",
        "delete from reference.match_blocks where block = 'swapped_names_dob'",
    ),
    "a rule that accepts a conflict which its only block does not compare": (
        "match_rules_hold_a_block",
        "update reference.match_blocks set compares_conflicting_pnc = false where block = 'crn'",
    ),
    "a rule with a field nobody knows": (
        "match_tables_name_known_fields",
        "insert into reference.match_rules values (33, 'shoe', 'crn shoe_size', false, null, true, 'near')",
    ),
    "a field the SQL does not compare": (
        "match_tables_name_known_fields",
        "insert into reference.match_fields values ('shoe_size', 'size of shoe')",
    ),
    "a rule that is refused by a field nobody knows": (
        "match_tables_name_known_fields",
        "insert into reference.match_rules values (33, 'crn_again', 'crn', false, 'dob; shoe_size', true, 'near')",
    ),
    "a nickname of itself": (
        "nicknames_make_no_circle",
        "insert into reference.nicknames values ('BILL', 'BILL')",
    ),
    "a nickname that stands for a nickname": (
        "nicknames_make_no_circle",
        "insert into reference.nicknames values ('WILLIAM', 'BILL')",
    ),
    "a marker in lower case": (
        "name_tables_fit_the_cleaning",
        "insert into reference.name_markers values ('mig error')",
    ),
    "an empty placeholder": (
        "name_tables_fit_the_cleaning",
        "insert into reference.name_placeholders values ('')",
    ),
    "a block that is no equality": (
        "match_tables_name_known_fields",
        "insert into reference.match_blocks values (6, 'crossed', 'crossed_name', true)",
    ),
    "a block of near names": (
        "match_tables_name_known_fields",
        "insert into reference.match_blocks values (6, 'near', 'near_surname dob', true)",
    ),
    "a placeholder in lower case": (
        "name_tables_fit_the_cleaning",
        "insert into reference.name_placeholders values ('none')",
    ),
    "a fold of a plain letter": (
        "name_tables_fit_the_cleaning",
        "insert into reference.letter_folds values ('W', 'V')",
    ),
    "an apostrophe that is a hyphen": (
        "name_tables_fit_the_cleaning",
        "insert into reference.apostrophes values ('U+002D', 'hyphen')",
    ),
    "a title twice": ("reference_tables_hold_each_key_once", "insert into reference.titles values ('MR', false)"),
    "two rules of one rank": (
        "match_tables_hold_each_key_once",
        "insert into reference.match_rules values (10, 'crn_again', 'crn', false, null, true, 'near')",
    ),
    "a rule before the reviewers": (
        "match_rules_leave_the_first_place_to_overrides",
        "insert into reference.match_rules values (0, 'first', 'pnc crn', false, null, true, 'near')",
    ),
    "a rule with the reviewers' name": (
        "match_rules_leave_the_first_place_to_overrides",
        "insert into reference.match_rules values (33, 'override', 'pnc crn', false, null, true, 'near')",
    ),
    "a tier before the reviewers": (
        "match_rules_leave_the_first_place_to_overrides",
        "insert into reference.match_tiers values (0, 'sure', 'seen')",
    ),
    "two tiers of one rank": (
        "match_tables_hold_each_key_once",
        "insert into reference.match_tiers values (4, 'nearer', 'as near')",
    ),
    "a rule on Splink's word alone": (
        "match_rules_ask_for_the_birthday_beside_splink",
        "insert into reference.match_rules values (33, 'probable', 'probable surname', true, null, false, 'probable')",
    ),
    "bands that overlap": (
        "bands_do_not_overlap",
        "update reference.bands set highest = 25 where category = '18-24'",
    ),
    "bands with a hole": (
        "bands_do_not_overlap",
        "update reference.bands set highest = 23 where category = '18-24'",
    ),
}


@pytest.mark.parametrize(("test", "change"), [pytest.param(*b, id=name) for name, b in BREAKS.items()])
def test_a_mistake_in_a_reference_table_is_caught(project, own_warehouse, test, change):
    query = project.singular_test(test).sql
    assert own_warehouse.execute(query).fetchall() == []
    own_warehouse.execute(change)
    assert own_warehouse.execute(query).fetchall() != []
