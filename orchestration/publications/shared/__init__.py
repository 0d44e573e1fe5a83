"""What every publication is made with.

Belongs here: the page, the workbook, the CSV files, published tables, small cells, and numbers as the bulletins print
them. Not here: anything that only one publication says.
"""
