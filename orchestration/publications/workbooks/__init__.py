"""How the tables of any publication become a workbook.

Belongs here: what stands on a sheet, notes and cover too, as XLSX, ODS and a CSV file a table. Not here: the tables
themselves (the publication's own room).
"""
