"""The views of the Predict page, one a file; each draws itself from the question that was asked."""

VIEWS = (
    "What it gets",
    "Where it looked",
    "Feature maps",
    "Filters",
    "Hide and see",
    "Receptive field",
    "Robustness",
    "All pictures",
)
