"""Rules, blocks and guards for public data: the tables as shipped, or what an analyst would write for FEBRL's fields.

Belongs here: the configurations measured. Not here: running them (`public_truth_sql.py`, `public_truth_splink.py`).
"""

from dataclasses import dataclass

from tests.benchmarks.public_truth_data import FEBRL_FIELDS


@dataclass(frozen=True)
class Configuration:
    """How match_rules, match_blocks and match_guards differ from those shipped.

    `rules`, `blocks`: fields, in the place of the shipped rows; none: those shipped. `agreeing`: what counts as
    agreement where they are replaced. `is_guarded`: whether what contradicts itself or differs altogether is refused.
    """

    name: str
    rules: tuple[tuple[str, ...], ...] = ()
    blocks: tuple[tuple[str, ...], ...] = ()
    agreeing: tuple[str, ...] = ()
    is_guarded: bool = True

    @property
    def more_fields(self) -> tuple[str, ...]:
        """Fields that the project has to compare beside its own."""
        return FEBRL_FIELDS if self.rules else ()


DEFAULT = Configuration("default rules")
UNGUARDED = Configuration("default rules, no guard", is_guarded=False)
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


def reference_rows(configuration: Configuration) -> dict[str, list[tuple]]:
    """Rows of match_fields (to add), match_blocks, match_rules and match_guards (in place of those shipped)."""
    if not configuration.rules:
        return {}
    numbered = enumerate(configuration.rules, start=1)
    guards = {
        "conflict_exempt": ("crn", "dob"),
        "contradiction_compared": ("dob", "surname", "first_forename"),
        "contradiction_agreeing": configuration.agreeing,
    }
    return {
        "match_fields": [(field, "a field of FEBRL") for field in configuration.more_fields],
        "match_blocks": [(k, "_".join(b), " ".join(b), True) for k, b in enumerate(configuration.blocks, start=1)],
        "match_rules": [
            (rank, "_".join(fields), " ".join(fields), False, None, True, "near") for rank, fields in numbered
        ],
        "match_guards": [(guard, " ".join(fields), "for FEBRL") for guard, fields in guards.items()],
    }
