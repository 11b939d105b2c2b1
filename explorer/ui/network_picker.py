"""The controls that choose a network, its options and its input. What they are set to is in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from explorer import registry
from explorer.architecture import Architecture, Option, OptionValue
from explorer.ui.warm_up import FIRST_NETWORK

ALL_FAMILIES = "all"
LARGEST_BATCH = 4096
LARGEST_SIDE = 1024
OPTIMIZERS = {"adam": "Adam", "momentum": "SGD with momentum", "sgd": "SGD"}
PRECISIONS = {"float32": "float32", "bfloat16": "bfloat16 (autocast)"}


@dataclass(frozen=True)
class Picked:
    """One network with its options, its input, and how it would be trained."""

    arch: Architecture
    options: Mapping[str, OptionValue]
    num_classes: int
    input_size: tuple[int, int, int]
    batch_size: int
    optimizer: str
    precision: str

    @property
    def how(self) -> dict[str, Any]:
        """The arguments that `analyze` and `training_memory` share."""
        options = tuple(sorted(self.options.items()))
        return {"input_size": self.input_size, "num_classes": self.num_classes, "options": dict(options)}


def pick_network() -> Picked:
    """Draw the controls and return what they are set to."""
    notes = _mend_address()
    with st.container(horizontal=True, vertical_alignment="bottom", key="pickers"):
        arch = _pick_architecture()
        options = {option.name: _pick_option(option) for option in arch.options}
        size = _pick_size(arch, options)
        classes = _pick_classes(arch)
        batch = st.number_input(
            "Batch",
            min_value=1,
            max_value=LARGEST_BATCH,
            value=32,
            key="batch",
            bind="query-params",
            help="Pictures in one training step: it sets the training peak. All other figures are for one picture.",
            width=110,
        )
        optimizer = _choose("Optimizer", OPTIMIZERS, "optimizer", 190)
        precision = _choose("Precision", PRECISIONS, "precision", 190)
    for note in notes:
        st.warning(note, icon=":material/link_off:")
    return Picked(arch, options, classes, (arch.input_size[0], size, size), batch, optimizer, precision)


def _choose(label: str, choices: Mapping[str, str], key: str, width: int) -> str:
    help_text = {
        "optimizer": "Adam keeps two more numbers for each parameter, momentum one, plain SGD none.",
        "precision": "With bfloat16 most activations take half the memory; parameters stay in float32.",
    }[key]
    chosen: str = st.selectbox(
        label,
        list(choices),
        format_func=choices.__getitem__,
        key=key,
        bind="query-params",
        help=help_text,
        width=width,
    )
    return chosen


def _pick_architecture() -> Architecture:
    family = st.selectbox(
        "Family",
        [ALL_FAMILIES, *registry.families()],
        format_func=lambda family: "All families" if family == ALL_FAMILIES else family,
        key="family",
        bind="query-params",
        on_change=_family_changed,
        width=190,
    )
    names = _names_of(family)
    name = st.selectbox(
        "Network",
        names,
        index=names.index(FIRST_NETWORK) if FIRST_NETWORK in names else 0,
        format_func=_label,
        key="arch",
        bind="query-params",
        on_change=forget_details,
        help="In the order of publication. Type to search by name or year.",
        width=290,
    )
    return registry.get(name)


def _names_of(family: str) -> list[str]:
    return [name for name in registry.names() if family in (ALL_FAMILIES, registry.get(name).family)]


def _label(name: str) -> str:
    arch = registry.get(name)
    return f"{arch.title} ({arch.year})"


def _family_changed() -> None:
    names = _names_of(st.session_state["family"])
    if st.session_state.get("arch") not in names:
        st.session_state["arch"] = FIRST_NETWORK if FIRST_NETWORK in names else names[0]
        forget_details()


def forget_details() -> None:
    """Let options, classes, size and the selected layer start afresh: they belong to one network."""
    for key in {"size", "classes", "layer", "block", "notes"} | _option_names():
        st.session_state.pop(key, None)


def show_network(name: str) -> None:
    """Change to another network, from a button's callback."""
    if name not in _names_of(st.session_state.get("family", ALL_FAMILIES)):
        st.session_state["family"] = ALL_FAMILIES
    st.session_state["arch"] = name
    forget_details()


def _option_names() -> set[str]:
    return {option.name for name in registry.names() for option in registry.get(name).options}


def _pick_option(option: Option) -> OptionValue:
    label = option.name.replace("_", " ").capitalize()
    common: dict[str, Any] = {"key": option.name, "bind": "query-params", "help": option.help}
    if option.type is bool:
        return st.toggle(label, value=bool(option.default), width="content", **common)
    if option.choices:
        choices = list(option.choices)
        return str(st.selectbox(label, choices, index=choices.index(str(option.default)), width=130, **common))
    if option.type is str:
        return st.text_input(label, value=str(option.default), width=420, **common) or str(option.default)
    kind = option.type
    return kind(
        st.number_input(
            label,
            min_value=kind(option.least),
            max_value=kind(option.most),
            value=kind(option.default),
            step=None if option.step is None else kind(option.step),
            width=130,
            **common,
        )
    )


def _pick_size(arch: Architecture, options: Mapping[str, OptionValue]) -> int:
    try:
        least, most = arch.size_range(options)
    except ValueError:  # an option that is still to be mended: the page says what is wrong with it
        least, most = arch.least_size, arch.most_size
    most = most or LARGEST_SIDE
    return st.number_input(
        "Input size",
        min_value=least,
        max_value=most,
        value=min(max(arch.input_size[1], least), most),
        key="size",
        bind="query-params",
        disabled=least == most,
        help=f"Height and width of the picture in pixels, {least} to {most}: {arch.title} {arch.size_rule}.",
        width=120,
    )


def _pick_classes(arch: Architecture) -> int:
    return st.number_input(
        "Classes",
        min_value=arch.least_classes,
        max_value=arch.most_classes,
        value=arch.classes,
        key="classes",
        bind="query-params",
        help="Outputs of the last layer: what the network tells apart.",
        width=120,
    )


# What a pasted link asks for


def _mend_address() -> list[str]:
    """Return a note for each thing the page's address asks for that cannot be had, until another network is chosen.

    The controls themselves fall back to their defaults and take the bad value out of the address.
    """
    asked = {key: value for key, value in st.query_params.items() if key not in st.session_state}
    if asked and (notes := list(_complaints(asked))):
        st.session_state["notes"] = notes
    return st.session_state.get("notes", [])


def _complaints(asked: Mapping[str, str]) -> list[str]:
    found = []
    name = asked.get("arch", FIRST_NETWORK)
    try:
        arch = registry.get(name)
    except KeyError as error:
        arch = registry.get(FIRST_NETWORK)
        found.append(f"{error.args[0]} Showing {arch.title} instead.")
    family = asked.get("family", ALL_FAMILIES)
    if arch.name not in _names_of(family):
        found.append(f"The link asks for {arch.title} in the family {family}, where it is not.")
        st.session_state["family"] = ALL_FAMILIES
    return found + _complaints_about(arch, asked)


def _complaints_about(arch: Architecture, asked: Mapping[str, str]) -> list[str]:
    options = {option.name: option for option in arch.options}
    checks = {name: option.check for name, option in options.items()} | {
        "batch": lambda value: _in_range("The batch", value, 1, LARGEST_BATCH),
        "classes": lambda value: arch.check_classes(int(value)),
        "size": lambda value: _check_side(arch, options, asked, value),
        "optimizer": lambda value: _one_of("The optimizer", value, OPTIMIZERS),
        "precision": lambda value: _one_of("The precision", value, PRECISIONS),
    }
    found = []
    for key, check in checks.items():
        try:
            if key in asked:
                check(asked[key])
        except ValueError as error:
            reason = str(error) if "invalid literal" not in str(error) else f"{key} is a whole number."
            found.append(f"The link asks for {key}={asked[key]}. {reason} Showing the default instead.")
    return found


def _check_side(arch: Architecture, options: Mapping[str, Option], asked: Mapping[str, str], value: str) -> None:
    side = int(value)
    try:
        checked = arch.check_options({name: asked[name] for name in options if name in asked})
    except ValueError:
        checked = arch.defaults
    arch.check_input_size((arch.input_size[0], side, side), checked)
    _in_range("The input size", value, 1, LARGEST_SIDE)


def _in_range(what: str, value: str, least: int, most: int) -> None:
    if not least <= int(value) <= most:
        raise ValueError(f"{what} can be {least} to {most}.")


def _one_of(what: str, value: str, choices: Mapping[str, str]) -> None:
    if value not in choices:
        raise ValueError(f"{what} can be {' or '.join(choices)}.")
