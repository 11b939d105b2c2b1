"""Which figures of a run are drawn together, and how. Data."""

from __future__ import annotations

from explorer.ui.live_curves import RUN_COLOURS, Panel, Series

BLUE, ORANGE = RUN_COLOURS[:2]
PANELS = (
    Panel(
        "Loss",
        "Cross-entropy (nats)",
        "nats",
        ".4f",
        (
            Series("train_loss", "training", colour=BLUE),
            Series("val_loss", "validation", "dashed", markers=True, smooth=False, colour=ORANGE),
        ),
        "Training and validation loss along the run",
    ),
    Panel(
        "Accuracy",
        "Accuracy (%)",
        "%",
        ".2f",
        (
            Series("train_accuracy", "training", scale=100, colour=BLUE),
            Series("val_accuracy", "validation", "dashed", markers=True, smooth=False, scale=100, colour=ORANGE),
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
            Series("first_gradient_norm", "first layer", colour=BLUE),
            Series("last_gradient_norm", "last layer", "dashed", colour=ORANGE),
        ),
        "Length of the gradient of the first and of the last layer's weights along the run",
    ),
    Panel(
        "Learning rate",
        "Learning rate",
        "",
        ".3g",
        (Series("learning_rate", "learning rate", smooth=False, colour=BLUE),),
        "The learning rate along the run",
    ),
    Panel(
        "Throughput",
        "Pictures per second",
        "pictures/s",
        ",.0f",
        (Series("images_per_second", "trained", colour=BLUE),),
        "Pictures trained per second along the run",
        can_be_log=False,
    ),
    Panel(
        "Memory",
        "Memory (MiB)",
        "MiB",
        ",.1f",
        (
            Series("memory_bytes", "measured", smooth=False, scale=2**-20, colour=BLUE),
            Series("predicted_bytes", "predicted", "dashed", smooth=False, scale=2**-20, colour=ORANGE),
        ),
        "Memory of a training step, measured and predicted, in MiB",
        can_be_log=False,
    ),
)
