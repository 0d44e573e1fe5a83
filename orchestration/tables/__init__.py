"""What each table is: name, grain, columns with types and meaning, key, disclosure class; declared once.

Belongs here: declarations of what comes in and of every table that Python writes, as plain data that any room may
import. Not here: reading or writing a table (`storage/`), tables that dbt builds (described beside their SQL), and how
a table looks when published (`publications/`).
"""
