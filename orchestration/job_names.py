"""Names of the jobs and of the asset groups each stage covers; importing them costs nothing."""

BULLETIN_JOB = "bulletin_2023_04"
STAGE_GROUPS = {
    "ingest": ["extracts"],
    "link": ["staging", "reference", "linkage", "marts"],
    "models": ["models", "tables"],
    "study": ["linkage_studies"],
    "publish": ["publication"],
}
