"""What a plug-in imports: the marker for its hooks and the base of its settings. See docs/plugins.md."""

from station.plugin_api.hooks import hookimpl
from station.plugin_api.plugin_settings import PluginSettings

__all__ = ["PluginSettings", "hookimpl"]
