"""dbt inside the process.

Belongs here: building a layer, deciding how much to link again, checking the reference tables. Not here: any SQL of a
model (`dbt_project`) and any Dagster.
"""
