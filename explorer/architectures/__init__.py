"""The networks themselves, a family a file, in plain torch; torchvision's where it builds the published network."""
