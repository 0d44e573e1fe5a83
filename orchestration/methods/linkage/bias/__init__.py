"""Who is missing from the matched cases, and whether it matters to the published numbers.

Belongs here: matched against unmatched cases, a model of being matched, its weights, and the published numbers with
them. Not here: other ways to link (`methods/linkage/choices`).
"""
