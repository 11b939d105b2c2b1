"""What a pasted link to the Predict page may ask for."""

from __future__ import annotations

from explorer.prediction.robustness import CHANGES
from explorer.ui.address import explain_address, one_of, whole_number
from explorer.ui.predict import VIEWS
from explorer.ui.predict.hide import FILLS
from explorer.ui.predict.maps import COUNTS
from explorer.ui.predict.networks import check_networks
from explorer.ui.predict.picture_source import SOURCES, check_picture
from explorer.ui.predict.where import METHODS, PATCHES

LARGEST_NUMBER = 99_999  # of a class or a channel; one that the network does not have gives way to the first


def explain() -> None:
    """Show a note for each parameter of the address that cannot be had."""
    explain_address(
        "predict",
        {
            "from": one_of("The source of pictures", SOURCES),
            "picture": check_picture,
            "net": check_networks,
            "show": one_of("The view", VIEWS),
            "method": one_of("The method", METHODS),
            "patch": one_of("The patch", PATCHES),
            "fill": one_of("What hides", FILLS),
            "maps": one_of("The number of maps", COUNTS),
            "change": one_of("The change", CHANGES),
            "class": whole_number("The class", 0, LARGEST_NUMBER),
            "truth": whole_number("The true class", 0, LARGEST_NUMBER),
            "channel": whole_number("The channel", 0, LARGEST_NUMBER),
        },
    )
