"""What is known about each architecture, a family a file: plain data, which imports no torch."""
