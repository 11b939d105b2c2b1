"""The controls that choose a network, its options and its input. What they are set to is in the page's address."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from explorer import registry
from explorer.architecture import Architecture, Option, OptionValue
from explorer.ui import warm_up
from explorer.ui.address import choose, forget_notes, on_or_off
from explorer.ui.warm_up import FIRST_NETWORK

if TYPE_CHECKING:
    from explorer.analysis.memory import TrainingMemory

ALL_FAMILIES = "all"
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
    notes = st.container()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="pickers"):
        arch = _pick_architecture()
        options = {option.name: pick_option(option) for option in arch.options}
        size = _pick_size(arch, options, notes)
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
        {name: f"{registry.get(name).title} ({registry.get(name).year})" for name in names_of(family)},
        key="arch",
        default=first_of(family),
        on_change=_network_changed,
        help="In the order of publication. Type to search by name or year.",
        width=260,
    )
    return registry.get(name)


def first_of(family: str) -> str:
    """Return the network that stands for a family, or for all."""
    names = names_of(family)
    return FIRST_NETWORK if FIRST_NETWORK in names else names[0]


def names_of(family: str) -> list[str]:
    """Return the networks of a family, or of all."""
    return [name for name in registry.names() if family in (ALL_FAMILIES, registry.get(name).family)]


def _family_changed() -> None:
    family = st.session_state["family"]
    if st.session_state.get("arch") not in names_of(family):
        show_network(first_of(family))


def _network_changed() -> None:
    show_network(st.session_state["arch"])


def show_network(name: str) -> None:
    """Change to another network, with no layer selected, from a control's callback."""
    choose_network(name)
    for key in ("layer", "block"):
        st.query_params.pop(key, None)
    forget_notes()


def choose_network(name: str, named: Collection[str] = ()) -> None:
    """Choose a network with its own options, classes and size, but for those `named` in a link, which come from there.

    They are set rather than deleted: what is deleted comes back from the address. All families are offered where the
    chosen one does not have the network.
    """
    arch = registry.get(name)
    if name not in names_of(st.session_state.get("family", ALL_FAMILIES)):
        st.session_state["family"] = ALL_FAMILIES
    own = arch.defaults | {"size": arch.input_size[1], "classes": arch.classes}
    fresh = {key: value for key, value in own.items() if key not in named}
    for key in {*_option_names(), *own} - set(fresh):
        st.session_state.pop(key, None)
    st.session_state.update(fresh, arch=name)


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


def check_of(arch: Architecture, option: Option) -> Callable[[str], Any]:
    """Return what refuses a value of an option in the address; a text that only the builder can read is built."""
    if option.type is bool:
        return on_or_off(f"The option {option.name}")
    if option.type is str and not option.choices:
        return lambda value: _build(arch, {option.name: value})
    return option.check


def _build(arch: Architecture, options: Mapping[str, Any]) -> None:
    warm_up.wait()
    import torch

    with torch.device("meta"):
        arch.build(**options)


def _pick_size(arch: Architecture, options: Mapping[str, OptionValue], notes: DeltaGenerator) -> int:
    try:
        least, most = arch.size_range(options)
    except ValueError:  # an option that is still to be mended: the page says what is wrong with it
        least, most = arch.least_size, arch.most_size
    most = most or LARGEST_SIDE
    held = st.session_state.get("size", least)
    if not least <= held <= most:  # an option has moved the limits
        st.session_state["size"] = min(max(held, least), most)
        notes.info(
            f"The input size was {held} and is {st.session_state['size']} now: {arch.title} {arch.size_rule}.",
            icon=":material/aspect_ratio:",
        )
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
