"""Floor 2: the records and pictures of the station, durable before they are acknowledged.

SQLAlchemy stays in this room.
"""
