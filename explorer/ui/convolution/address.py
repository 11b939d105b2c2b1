"""What a pasted link to the Convolution page may ask for."""

from __future__ import annotations

from explorer.ui.address import explain_address, one_of
from explorer.ui.convolution import (
    VIEWS,
    channels,
    controls,
    field,
    flattening,
    layer_controls,
    picture,
    picture_source,
    pooling,
    stepping,
)


def explain() -> None:
    """Show a note for each parameter of the address that is refused."""
    checks = {"lesson": one_of("The view", VIEWS)}
    for module in (picture_source, picture, controls, stepping, layer_controls, channels, pooling, flattening, field):
        checks |= module.CHECKS
    explain_address("convolution", checks)
