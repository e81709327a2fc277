"""Plug-ins that come with the program. Each is one package and uses only what any other plug-in may use."""
