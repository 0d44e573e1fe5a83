"""What the bulletins list, as data.

Belongs here: tables, items, categories, outcomes, model terms and headlines in published order and words, and the
rounding. Not here: any number that comes from cases, and any layout of a page.
"""
