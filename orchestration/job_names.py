"""Names of the jobs and of the asset groups each stage covers; importing them costs nothing."""

# Everything that a release holds; what is made when asked for is left out.
BULLETIN_JOB = "bulletins"
BULLETIN_2023_JOB = "bulletin_2023_04"
SECOND_OPINION_JOB = "second_opinion"
ASKED_FOR_GROUPS = [SECOND_OPINION_JOB]
STAGE_GROUPS = {
    "ingest": ["extracts"],
    "link": ["staging", "reference", "linkage", "marts"],
    "models": ["models", "tables"],
    "study": ["linkage_studies"],
    "publish": ["publication"],
}
