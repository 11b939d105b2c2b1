"""The controls that choose a network, its options and its input. What they are set to is in the page's address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st

from explorer import registry
from explorer.architecture import Architecture, Option, OptionValue
from explorer.ui.address import choose, explain_address, forget_notes, one_of, whole_number
from explorer.ui.warm_up import FIRST_NETWORK

if TYPE_CHECKING:
    from explorer.analysis.memory import TrainingMemory

ALL_FAMILIES = "all"
VIEWS = ("Layers", "Charts", "Diagram", "Memory", "Story", "Code", "Audit")
LARGEST_BATCH = 4096
LARGEST_SIDE = 1024
OPTIMIZERS = {"adam": "Adam", "momentum": "Momentum", "sgd": "SGD"}
PRECISIONS = {"float32": "float32", "bfloat16": "bfloat16"}


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


def step_memory(picked: Picked) -> TrainingMemory:
    """Return the memory of one training step of what was picked. One that is not possible raises ValueError."""
    from explorer.analysis import training_memory

    return training_memory(
        picked.arch.name, picked.batch_size, picked.optimizer, precision=picked.precision, **picked.how
    )


def pick_network() -> Picked:
    """Draw the controls and return what they are set to."""
    _explain_address()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="pickers"):
        arch = _pick_architecture()
        options = {option.name: pick_option(option) for option in arch.options}
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
            width=95,
        )
        optimizer = choose(
            st.selectbox,
            "Optimizer",
            OPTIMIZERS,
            key="optimizer",
            default="adam",
            help="Adam keeps two more numbers for each parameter, momentum one, plain SGD none.",
            width=150,
        )
        precision = choose(
            st.selectbox,
            "Precision",
            PRECISIONS,
            key="precision",
            default="float32",
            help="With bfloat16 (autocast) most activations take half the memory; parameters stay in float32.",
            width=120,
        )
    return Picked(arch, options, classes, (arch.input_size[0], size, size), batch, optimizer, precision)


def _pick_architecture() -> Architecture:
    family = choose(
        st.selectbox,
        "Family",
        {ALL_FAMILIES: "All families"} | {family: family for family in registry.families()},
        key="family",
        default=ALL_FAMILIES,
        on_change=_family_changed,
        width=150,
    )
    name = choose(
        st.selectbox,
        "Network",
        {name: f"{registry.get(name).title} ({registry.get(name).year})" for name in _names_of(family)},
        key="arch",
        default=_first_of(family),
        on_change=forget_details,
        help="In the order of publication. Type to search by name or year.",
        width=260,
    )
    return registry.get(name)


def _first_of(family: str) -> str:
    names = _names_of(family)
    return FIRST_NETWORK if FIRST_NETWORK in names else names[0]


def _names_of(family: str) -> list[str]:
    return [name for name in registry.names() if family in (ALL_FAMILIES, registry.get(name).family)]


def _family_changed() -> None:
    family = st.session_state["family"]
    if st.session_state.get("arch") not in _names_of(family):
        st.session_state["arch"] = _first_of(family)
        forget_details()


def forget_details() -> None:
    """Give options, classes and size the defaults of the network now chosen, and select no layer.

    They are set rather than deleted: what is deleted comes back from the address.
    """
    arch = registry.get(st.session_state["arch"])
    for key in _option_names():
        st.session_state.pop(key, None)
    st.session_state.update(arch.defaults | {"size": arch.input_size[1], "classes": arch.classes})
    for key in ("layer", "block"):
        st.query_params.pop(key, None)
    forget_notes()


def show_network(name: str) -> None:
    """Change to another network, from a button's callback."""
    if name not in _names_of(st.session_state.get("family", ALL_FAMILIES)):
        st.session_state["family"] = ALL_FAMILIES
    st.session_state["arch"] = name
    forget_details()


def _option_names() -> set[str]:
    return {option.name for name in registry.names() for option in registry.get(name).options}


def pick_option(option: Option, prefix: str = "") -> OptionValue:
    """Draw the control of one option, `prefix` before its name in the address, and return what it is set to."""
    label = option.name.replace("_", " ").capitalize()
    common: dict[str, Any] = {"key": prefix + option.name, "bind": "query-params", "help": option.help}
    if option.type is bool:
        return st.toggle(label, value=bool(option.default), width="content", **common)
    if option.choices:
        choices = list(option.choices)
        return str(st.selectbox(label, choices, index=choices.index(str(option.default)), width=120, **common))
    if option.type is str:
        return st.text_input(label, value=str(option.default), width=420, **common) or str(option.default)
    kind: Any = option.type
    return kind(
        st.number_input(
            label,
            min_value=kind(option.least),
            max_value=kind(option.most),
            value=kind(option.default),
            step=None if option.step is None else kind(option.step),
            width=120,
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
        width=100,
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
        width=100,
    )


# What a pasted link asks for


def _explain_address() -> None:
    try:
        arch = registry.get(st.query_params.get("arch", FIRST_NETWORK))
    except KeyError:
        arch = registry.get(FIRST_NETWORK)
    if arch.name not in _names_of(st.query_params.get("family", ALL_FAMILIES)):
        st.session_state["family"] = ALL_FAMILIES
    options = {option.name: option.check for option in arch.options}
    explain_address(
        "explore",
        {
            "arch": _check_name,
            **options,
            "size": lambda value: _check_side(arch, value),
            "classes": whole_number(f"The number of classes of {arch.title}", arch.least_classes, arch.most_classes),
            "batch": whole_number("The batch", 1, LARGEST_BATCH),
            "optimizer": one_of("The optimizer", OPTIMIZERS),
            "precision": one_of("The precision", PRECISIONS),
            "view": one_of("The view", VIEWS),
        },
    )


def _check_name(name: str) -> None:
    try:
        registry.get(name)
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _check_side(arch: Architecture, value: str) -> None:
    side = whole_number("The input size", 1, LARGEST_SIDE)(value)
    try:
        options = arch.check_options({name: st.query_params[name] for name in arch.defaults if name in st.query_params})
    except ValueError:  # has a note of its own
        options = arch.defaults
    arch.check_input_size((arch.input_size[0], side, side), options)
