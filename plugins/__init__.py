"""PluginRunner: one package each, using the same door as a stranger's plug-in would."""
