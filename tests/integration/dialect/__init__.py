"""The dialect macros on every engine that the models are written for.

Belongs here: what a macro of `dbt_project/macros/dialect` gives, and Athena's SQL. Not here: what a model gives (dbt's
unit tests) and whether two engines link alike (`make parity`).
"""
