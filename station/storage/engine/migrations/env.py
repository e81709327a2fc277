from alembic import context

from station.storage.engine.schema import Tables

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Tables.metadata,
    render_as_batch=True,
)
context.run_migrations()
