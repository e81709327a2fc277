"""The database engine: connection, dialect, column types, migrations."""
