"""Convolutional networks taken apart: exact analysis, explanations, training and predictions."""

__version__ = "0.1.0"
