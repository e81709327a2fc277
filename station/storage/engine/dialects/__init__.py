"""One module for each database engine: everything of it that is not SQL.

A dialect opens an engine, begins its transactions, names its faults for people, looks for damage, and knows the table
options and column types that only this engine has. SQLite is the only one so far; a second engine gets a module with
the same functions, and `Database.open` chooses between them.
"""
