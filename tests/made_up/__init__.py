"""Made-up data that the tests of several rooms start from: extracts, cases, evidence, results tables.

Belongs here: what more than one room's tests use. Not here: any test, and what one room's tests alone use (it lies
in their folder).
"""
