"""One reader a format: CSV, XLSX, SPSS, Parquet.

Belongs here: a file's header and its cells as text by physical line, and what is wrong with a file as a file. Not
here: names, types and rules of the contract (`orchestration/ingest`).
"""
