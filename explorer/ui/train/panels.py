"""Which figures of a run are drawn together, and how. Data."""

from __future__ import annotations

from explorer.ui.live_curves import Panel, Series

FIRST, SECOND = 0, 1  # colours
PANELS = (
    Panel(
        "Loss",
        "Cross-entropy (nats)",
        "nats",
        ".4f",
        (
            Series("train_loss", "training", colour=FIRST),
            Series("val_loss", "validation", "dashed", markers=True, smooth=False, colour=SECOND),
        ),
        "Training and validation loss along the run",
    ),
    Panel(
        "Accuracy",
        "Accuracy (%)",
        "%",
        ".2f",
        (
            Series("train_accuracy", "training", scale=100, colour=FIRST),
            Series("val_accuracy", "validation", "dashed", markers=True, smooth=False, scale=100, colour=SECOND),
        ),
        "Training and validation accuracy along the run, in percent",
        can_be_log=False,
        from_zero=False,
    ),
    Panel(
        "Gradient norms",
        "Length of the gradient",
        "",
        ".3g",
        (
            Series("first_gradient_norm", "first layer", colour=FIRST),
            Series("last_gradient_norm", "last layer", "dashed", colour=SECOND),
        ),
        "Length of the gradient of the first and of the last layer's weights along the run",
    ),
    Panel(
        "Learning rate",
        "Learning rate",
        "",
        ".3g",
        (Series("learning_rate", "learning rate", smooth=False, colour=FIRST),),
        "The learning rate along the run",
    ),
    Panel(
        "Throughput",
        "Pictures per second",
        "pictures/s",
        ",.0f",
        (Series("images_per_second", "trained", colour=FIRST),),
        "Pictures trained per second along the run",
        can_be_log=False,
    ),
    Panel(
        "Memory",
        "Memory (MiB)",
        "MiB",
        ",.1f",
        (
            Series("memory_bytes", "measured", smooth=False, scale=2**-20, colour=FIRST),
            Series("predicted_bytes", "predicted", "dashed", smooth=False, scale=2**-20, colour=SECOND),
        ),
        "The most memory that the run takes, measured and predicted, in MiB",
        can_be_log=False,
    ),
)
