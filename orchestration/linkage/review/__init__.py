"""Clerical review of the links: a blind sample out, the filled spreadsheet in.

Everything here handles identifiers and stays under `review/` of the data folder (0700, files 0600). Statistics are in
`methods/linkage/review_*.py`; what the pipeline does with a review is in `assets/linkage_review.py`.
"""
