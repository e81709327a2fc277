"""The shift report as PDF; the only home of reportlab."""
