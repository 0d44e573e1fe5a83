"""What an uncalibrated population is like: every size and share is a parameter.

Belongs here: frozen parameters, presets, and the scaling of blemishes. Not here: drawing (`register.py`,
`cases.py`, `records.py`) or writing (`files.py`).
"""

from dataclasses import dataclass, field, fields, replace

from orchestration.errors import PipelineError
from orchestration.synthetic.identities.identifiers import CRN_LETTERS
from orchestration.synthetic.identities.people import LARGEST_SERIAL
from orchestration.synthetic.identities.shares import INSPECTIONS, REOFFENDING, TERMINATIONS, RowFaults, Writing
from orchestration.synthetic.population.register import MOST_RELATIVES

RECORDS_A_STRANGER = {"terminations": 1.3, "reoffending": 2.4}
FEWEST_STRANGERS = 200
MOST_PEOPLE = min(2 * LARGEST_SERIAL, len(CRN_LETTERS) * 1_000_000)
# a field that is missing in most rows is so by the nature of the source: no blemish, not scaled
MISSING_BY_NATURE = 0.5
LARGEST_SHARE = 0.9
MULTIPLES = ("blemishes", "other_sentences", "stranger_records")  # no shares: 0 or more
# inspections of the calibrated extracts have no missing birthdays and surnames of their own: a profile gives them
POPULATION_INSPECTIONS = replace(
    INSPECTIONS,
    crn_wrong=0.001,
    dob_missing=0.003,
    dob_malformed=0.002,
    dob_wrong=0.006,
    surname_missing=0.001,
    surname_malformed=0.001,
)


@dataclass(frozen=True)
class Population:
    """Sizes, and shares of what happens. Shares of rows are those of the calibrated extracts, times `blemishes`."""

    n_cases: int = 3_308
    n_terminations: int = 60_000
    n_reoffending: int = 200_000
    blemishes: float = 1.0  # every share of faulty rows, times this
    twins: float = 0.02  # of inspected people who have a twin in the registers
    households: float = 0.0  # of inspected people who have one or two relatives of their household in the registers
    household_numbers: float = 0.02  # of such a household's rows: the PNC identifier or CRN of another of it
    relatives_together: float = 0.10  # of relatives, who are sentenced within a week of the inspected one
    twins_together: float = 0.25  # of twins, who are sentenced within a week of each other
    inspected_twice: float = 0.01  # of cases: another case of a person inspected before
    recorded_terminations: float = 0.96  # of community cases whose sentence is in the extract
    recorded_reoffending: float = 0.91  # of cases whose sentence is in the extract
    near_miss: float = 0.25  # of sentences not recorded: dated 8 to 20 days off instead
    never_recorded: float = 0.35  # of people whose sentence is not recorded: without any record at all
    exact_date: float = 0.72  # of recorded sentences: dated on the very day, the others 1 to 7 days off
    second_in_window: float = 0.05  # of recorded sentences: with another of the person's within a week
    other_sentences: float = 1.2  # mean number of a case person's other sentences in a source
    stranger_records: float = 1.0  # mean number of a stranger's records in a source (RECORDS_A_STRANGER), times this
    case_donors: float = 0.40  # of strangers' rows with another's identifier: it is an inspected person's
    donors_near: float = 0.25  # of those: dated within a week of that case's start
    twin_donors: float = 0.50  # of twins' rows with another's identifier: it is the other twin's
    inspections: RowFaults = POPULATION_INSPECTIONS
    terminations: RowFaults = TERMINATIONS
    reoffending: RowFaults = REOFFENDING
    writing: Writing = field(default_factory=Writing)

    def faults(self, source: str) -> RowFaults:
        """The shares of a source's faulty rows, scaled."""
        return scaled(getattr(self, source), self.blemishes)

    def n_records(self, source: str) -> int:
        """Records asked for in `terminations` or `reoffending`."""
        return int(getattr(self, f"n_{source}"))

    def recorded(self, source: str) -> float:
        """Share of the eligible cases whose inspected sentence the source has."""
        return float(getattr(self, f"recorded_{source}"))

    @property
    def n_strangers(self) -> int:
        """How many people there are besides the inspected ones and their twins."""
        by_source = [
            round(self.n_records(source) / (each * self.stranger_records))
            for source, each in RECORDS_A_STRANGER.items()
        ]
        return max(FEWEST_STRANGERS, *by_source)

    @property
    def n_near_cases(self) -> int:
        """How many people there are at most of the inspected ones, their twins and relatives."""
        return (2 + MOST_RELATIVES) * self.n_cases


DIRTIER = Population(blemishes=3.0, twins=0.06, households=0.10)
NATIONAL = Population(n_cases=100_000, n_terminations=1_000_000, n_reoffending=4_000_000, twins=0.02, case_donors=0.05)
PRESETS = {"plain": Population(), "dirty": DIRTIER, "national": NATIONAL}


def scaled(faults: RowFaults, times: float) -> RowFaults:
    """The shares times `times`, at most LARGEST_SHARE; what is missing by nature stays as it is."""
    shares = {column.name: float(getattr(faults, column.name)) for column in fields(faults)}
    return RowFaults(
        **{
            name: share if share > MISSING_BY_NATURE else min(share * times, LARGEST_SHARE)
            for name, share in shares.items()
        }
    )


def require_drawable(population: Population) -> None:
    """Raise PipelineError where sizes or shares cannot be drawn."""
    if population.stranger_records <= 0:
        raise _undrawable("Its strangers have no records", "Give stranger_records a number above 0.")
    n_people = population.n_near_cases + population.n_strangers
    if n_people > MOST_PEOPLE:
        raise _undrawable(
            f"{n_people:,} people are more than there are distinct CRNs and PNC identifiers ({MOST_PEOPLE:,})",
            "Ask for fewer cases or records, or for more records of each stranger (stranger_records).",
        )
    sizes = (population.n_cases, population.n_terminations, population.n_reoffending)
    if population.n_cases < 1 or min(sizes) < 0:
        raise _undrawable("It has no case, or a negative size", "Ask for one case at least.")
    names = [c.name for c in fields(population) if isinstance(getattr(population, c.name), float)]
    wrong = [n for n in names if n not in MULTIPLES and not 0 <= getattr(population, n) <= 1]
    wrong += [n for n in MULTIPLES if getattr(population, n) < 0]
    if wrong:
        raise _undrawable(f"{wrong[0]} is no share", "Give a number from 0 to 1 (blemishes: 0 or more).")


def _undrawable(problem: str, remedy: str) -> PipelineError:
    return PipelineError(problem=f"The population cannot be drawn. {problem}.", remedy=remedy, where="population")
