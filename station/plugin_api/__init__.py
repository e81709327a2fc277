"""What a plug-in imports: the marker for its hooks, the base of its settings, and its models. See docs/plugins.md."""

from station.domain.plugin_model import LearnedModel, Lesson, ModelData, PluginModel
from station.plugin_api.hooks import hookimpl
from station.plugin_api.plugin_settings import PluginSettings
from station.plugin_api.teaching import TeachingMethod

__all__ = ["LearnedModel", "Lesson", "ModelData", "PluginModel", "PluginSettings", "TeachingMethod", "hookimpl"]
