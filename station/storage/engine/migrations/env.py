# No batch: on SQLite it copies a table, and loses AUTOINCREMENT, triggers and collations on the way; where children
# are deleted with their parent (ON DELETE CASCADE), it empties them. A migration that must change a table says each
# step itself, as 0002 does.
from alembic import context

from station.storage.engine.schema import Tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Tables.metadata,
    render_as_batch=False,
)
context.run_migrations()
