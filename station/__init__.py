"""The core of Lineside: cameras, judgement, records and learning, without Qt."""

# Written here and read from here by the build: asking the installed package would cost each camera process 50 ms.
__version__ = "0.1.0"
