"""The records, recipes and pictures of the station, durable before they are acknowledged.

Each subject has a folder with its tables and rules; the engine below them opens the database. Only this room imports
SQLAlchemy, only its dialects know SQLite.
"""
