"""Where a layer is built: in the warehouse itself, or on a Spark cluster that gives its tables back to it.

Belongs here: one function an engine, all with the same contract, and Spark's cluster on this machine. Not here: any SQL
(`dbt_project`), calling dbt (`dbt/`), and what a layer is for.
"""
