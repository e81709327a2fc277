"""One module for each database engine: everything of it that is not SQL.

A dialect opens an engine, begins its transactions, names its faults for people, looks for damage, and knows the table
options and column types that only this engine has. SQLite is the engine of a station, PostgreSQL that of a plant.
"""
