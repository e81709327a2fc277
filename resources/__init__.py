"""What is shipped beside the code: style, fonts, icons, the demo model."""
