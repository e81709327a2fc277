"""What a plug-in may import: the hooks of `station.plugin_api.hooks`."""

from station.plugin_api.hooks import hookimpl, hookspec

__all__ = ["hookimpl", "hookspec"]
