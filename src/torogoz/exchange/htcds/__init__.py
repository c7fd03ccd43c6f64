"""The Human Trafficking Case Data Standard (HTCDS) 2.0 of IOM: its fields, files of it read and written.

`fields.csv` is made from the standard, which is published under CC BY 4.0; each of its lines names the source.
"""
