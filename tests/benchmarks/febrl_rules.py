"""Rules, blocks and guards for FEBRL's fields: what an analyst would write into the reference tables.

Belongs here: the configurations measured. Not here: running them (`febrl_sql.py`, `febrl_splink.py`).
"""

from dataclasses import dataclass, replace

from tests.benchmarks.febrl_data import MORE_FIELDS


@dataclass(frozen=True)
class Configuration:
    """Rows of match_rules, match_blocks and match_guards, in the words of those tables."""

    name: str
    rules: tuple[tuple[str, ...], ...]
    blocks: tuple[tuple[str, ...], ...]
    agreeing: tuple[str, ...] = ("dob", "surname", "first_forename", "crossed_name")


# The default rules as they are, the social security number standing for the case reference number.
DEFAULT = Configuration(
    "default rules",
    rules=(
        ("soc_sec_id", "dob"),
        ("soc_sec_id", "surname"),
        ("surname", "forenames", "dob"),
        ("surname", "first_forename", "dob"),
        ("swapped_names", "dob"),
        ("soc_sec_id",),
    ),
    blocks=(("soc_sec_id",), ("surname", "dob"), ("swapped_names", "dob")),
)
# Any two strong fields, or three weak ones; chosen with the truth of set 4 in view, that of sets 1 to 3 not.
ADDRESS = Configuration(
    "rules with the address",
    rules=(
        ("soc_sec_id",),
        ("surname", "dob"),
        ("first_forename", "dob"),
        ("swapped_names", "dob"),
        ("postcode", "dob"),
        ("address_1", "dob"),
        ("suburb", "dob"),
        ("surname", "first_forename", "postcode"),
        ("surname", "first_forename", "suburb"),
        ("surname", "first_forename", "address_1"),
        ("surname", "postcode", "street_number"),
        ("first_forename", "postcode", "street_number"),
        ("postcode", "address_1", "street_number"),
        ("surname", "suburb", "street_number"),
        ("first_forename", "suburb", "street_number"),
        ("swapped_names", "postcode"),
    ),
    blocks=(
        ("soc_sec_id",),
        ("surname", "dob"),
        ("first_forename", "dob"),
        ("swapped_names",),
        ("postcode", "dob"),
        ("address_1", "dob"),
        ("suburb", "dob"),
        ("surname", "first_forename"),
        ("postcode", "street_number"),
        ("suburb", "street_number"),
    ),
    agreeing=("dob", "surname", "first_forename", "crossed_name", "soc_sec_id", "postcode", "suburb", "address_1"),
)
# What the contradiction guard costs: agreement on the number alone is taken for agreement.
DEFAULT_UNGUARDED = replace(DEFAULT, name="default rules, unguarded", agreeing=(*DEFAULT.agreeing, "soc_sec_id"))
CONFIGURATIONS = (DEFAULT, ADDRESS)


def reference_rows(configuration: Configuration) -> dict[str, list[tuple]]:
    """The rows of match_fields (to add), match_blocks, match_rules and match_guards (to put in place)."""
    numbered = enumerate(configuration.rules, start=1)
    guards = {
        "conflict_exempt": ("crn", "dob"),
        "contradiction_compared": ("dob", "surname", "first_forename"),
        "contradiction_agreeing": configuration.agreeing,
    }
    return {
        "match_fields": [(field, "a field of FEBRL") for field in MORE_FIELDS],
        "match_blocks": [(k, "_".join(b), " ".join(b), True) for k, b in enumerate(configuration.blocks, start=1)],
        "match_rules": [
            (rank, "_".join(fields), " ".join(fields), False, None, True, "near") for rank, fields in numbered
        ],
        "match_guards": [(guard, " ".join(fields), "for FEBRL") for guard, fields in guards.items()],
    }
