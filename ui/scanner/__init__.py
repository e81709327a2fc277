"""A barcode scanner types as a keyboard: its keys are kept from shortcuts and fields, and arrive as one text."""
