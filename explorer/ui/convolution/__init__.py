"""The views of the Convolution page, one a file."""

VIEWS = ("Picture", "Step by step", "Channels", "Pooling", "Flattening", "Receptive field")
