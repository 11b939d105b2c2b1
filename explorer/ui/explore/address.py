"""What a link to the Explore page asks for."""

from __future__ import annotations

import streamlit as st

from explorer import registry
from explorer.architecture import Architecture
from explorer.ui.address import NotAsAskedError, asked_anew, explain_address, known, one_of, whole_number
from explorer.ui.explore import VIEWS
from explorer.ui.network_picker import (
    ALL_FAMILIES,
    LARGEST_BATCH,
    LARGEST_SIDE,
    OPTIMIZERS,
    PRECISIONS,
    check_of,
    choose_network,
    first_of,
    names_of,
)


def read() -> None:
    """Show a note for each parameter that is refused; where a link names a network, choose it as the link has it.

    What the link does not name, of another family or of the network that was shown before, no longer counts.
    """
    _explain()
    name = asked_anew("arch")
    if name is not None:
        if name not in names_of(st.query_params.get("family", ALL_FAMILIES)):
            del st.query_params["family"]
        choose_network(name, named=st.query_params)


def _explain() -> None:
    family = st.query_params.get("family", ALL_FAMILIES)
    name = st.query_params.get("arch", "")
    arch = registry.get(name if name in registry.names() else first_of(family if names_of(family) else ALL_FAMILIES))
    explain_address(
        "explore",
        {
            "family": lambda family: _check_family(arch, family),
            "arch": known(registry.get),
            **{option.name: check_of(arch, option) for option in arch.options},
            "size": lambda value: _check_side(arch, value),
            "classes": whole_number(f"The number of classes of {arch.title}", arch.least_classes, arch.most_classes),
            "batch": whole_number("The batch", 1, LARGEST_BATCH),
            "optimizer": one_of("The optimizer", OPTIMIZERS),
            "precision": one_of("The precision", PRECISIONS),
            "view": one_of("The view", VIEWS),
        },
    )


def _check_family(arch: Architecture, family: str) -> None:
    one_of("The family", (ALL_FAMILIES, *registry.families()))(family)
    if arch.name not in names_of(family):
        raise NotAsAskedError(f"{arch.title} is of the family {arch.family}.", "all families")


def _check_side(arch: Architecture, value: str) -> None:
    side = whole_number("The input size", 1, LARGEST_SIDE)(value)
    try:
        options = arch.check_options({name: st.query_params[name] for name in arch.defaults if name in st.query_params})
    except ValueError:  # has a note of its own
        options = arch.defaults
    arch.check_input_size((arch.input_size[0], side, side), options)
