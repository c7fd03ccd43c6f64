"""Rules for the files of institutions, as data: what a column may hold, what the columns of a row owe each other."""
