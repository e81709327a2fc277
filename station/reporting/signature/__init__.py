"""The digital signature of a report: made with the certificate of the plant, and checked."""
