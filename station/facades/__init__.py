"""The commands of a station by their subjects, each made when it is used first."""
