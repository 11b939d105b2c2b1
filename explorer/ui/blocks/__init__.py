"""The views of the Blocks page, one a file."""
