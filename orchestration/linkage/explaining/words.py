"""The words an explanation uses for the codes of linkage.explanations.

Belongs here: code -> words. Not here: sentences and layout (`text.py`).
"""

FIELDS = {
    "pnc": "PNC identifier",
    "crn": "case reference",
    "dob": "date of birth",
    "surname": "surname",
    "forenames": "forenames",
    "first_forename": "first forename",
    "swapped_names": "names exchanged",
    "crossed_name": "surname equals the other's first forename",
    "near_surname": "surname nearly (a typing fault, or cut short)",
    "near_forename": "first forename nearly (a typing fault, or cut short)",
    "nickname": "first forename (one is a short form of the other)",
    "initial": "first forename's initial",
    "other_surname": "a surname on both sides, not the same",
    "name_words": "all words of one name",
    "certain_dob": "a birthday that is not 1 January",
    "near_dob": "date of birth nearly (one digit, or day and month exchanged)",
    "same_day": "the very day",
    "probable": "probable to Splink",
}
# What a rule asks beside agreement: no agreement to tell of.
CONDITIONS = {"other_surname", "certain_dob"}
# Identifiers that a field is compared by, where it is none itself.
READ_FROM = {
    "first_forename": ("forenames",),
    "swapped_names": ("surname", "forenames"),
    "near_surname": ("surname",),
    "near_forename": ("forenames",),
    "nickname": ("forenames",),
    "initial": ("forenames",),
    "other_surname": ("surname",),
    "name_words": ("surname", "forenames"),
    "certain_dob": ("dob",),
    "near_dob": ("dob",),
    "same_day": (),
    "probable": (),
}
STATES = {
    "valid": "valid",
    "missing": "missing",
    "placeholder": "not usable: a placeholder",
    "no_letters": "not usable: holds no letters",
    "malformed": "not usable: not of its form",
    "wrong_letter": "not usable: the check letter is wrong",
    "year_out_of_range": "not usable: its year is impossible",
    "two_readings": "not usable: can be read in two ways",
    "serial_zero": "not usable: its serial is zero",
    "after_own_date": "not usable: lies after the row's own date",
    "too_old": "not usable: more than 110 years before the row's own date",
}
BROUGHT_BY = {
    "person": "came only with its person",
    "override": "named by a reviewer",
    "probable": "brought by Splink",
}
OUTCOMES = {
    "chosen": "CHOSEN",
    "must_not_link": "not linked: a reviewer decided so",
    "override_prefers_another": "not chosen: a reviewer linked another record",
    "combined": "not the closest; its outcome is combined with the others",
    "farther": "not chosen: farther from the start date",
    "tie_lost_to_later_date": "not chosen: as near, but before the start date",
    "tie_lost_to_smaller_id": "not chosen: as near, but its record_id is larger",
    "outside_window": "not chosen: outside the window",
    "contradicted": "set aside: contradicts the case (nothing agrees but a number, or it is a relative's)",
    "vetoed": "refused: another valid PNC identifier",
    "no_rule_satisfied": "refused: satisfies no rule",
    "other_person": "not chosen: its person is reached only by a rule that was not needed",
    "ambiguous": "not chosen: the rule reached two people, so none is taken",
}
STATUSES = {
    "matched": "MATCHED",
    "ambiguous": "AMBIGUOUS: the rule reached two people",
    "no_record_in_window": "NOT MATCHED: somebody was reached, but has no record in the window",
    "no_person": "NOT MATCHED: no record satisfies any rule",
}
TIERS = {
    "reviewed": "decided by a reviewer",
    "number_and_birthday": "number and birthday",
    "number_and_name": "number and name",
    "names_and_birthday": "names and birthday, no number",
    "near": "nearly agreeing, no number",
    "probable": "Splink's word, and the birthday; no number",
}
GUARDS = ("vetoed", "contradicted", "another_person")
# Clauses of the measure (docs/offence-records.md), as an offence fails them.
VERDICTS = {
    "counted": "COUNTED",
    "index_offence": "not counted: it led to the index event itself",
    "pseudo_reconviction": "not counted: committed before the follow-up began, proven after",
    "before_index": "not counted: committed before the follow-up began",
    "after_followup": "not counted: committed after the follow-up",
    "overturned": "not counted: refused, or its proof was overturned",
    "not_proven": "not counted: not proven",
    "proven_too_late": "not counted: proven after the waiting period",
    "outside_england_and_wales": "not counted: committed outside England and Wales",
    "not_a_reoffence": "not counted: of a kind that is no reoffence, such as a breach",
}
