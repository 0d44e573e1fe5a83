"""What the reader sees: tables, figures, the workbook, the bulletin page and the release folder.

Belongs here: frames in, files out. Not here: estimates and counts (`methods/`), reading the warehouse and
deciding when to publish (`assets/`). `tables_database.py` alone may write DuckDB.
"""
