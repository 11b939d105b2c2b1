"""What sets the form: a recipe, a run that is to be repeated, a data set that was just given.

Fields are set rather than deleted: what is deleted comes back from the address.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import streamlit as st

from explorer import registry
from explorer.data import own_pictures
from explorer.lessons import recipes
from explorer.training.spec import RunSpec
from explorer.ui.address import forget_notes

OWN = "t_own"  # in the session: the names of the pictures that this visitor has given
OPTION = "t_opt_"  # before the name of a network's option
UNITS = {"epochs": "epochs", "steps": "steps", "seconds": "seconds"}
USUAL = {"epochs": 10, "steps": 1000, "seconds": 60}
WORDS = ("optimizer", "schedule", "augmentation", "precision")
PLAIN = {"momentum": 0.9, "warmup": 0.0}  # what a recipe has that says nothing of them
NUMBERS = (*PLAIN, "learning_rate", "batch_size", "weight_decay", "pictures", "validation_share", "input_size", "seed")
_NEXT = "t_next_data"  # in the session: the data set to choose
_KEPT = "t_kept"  # in the session: what a repeated run was asked for that the form has no field for
_UNSEEN = (
    "classes",
    "drops",
    "drop_factor",
    "patience",
    "validate_every",
    "dropout_while_measuring",
)


def fill(spec: RunSpec) -> None:
    """Set the form to ask for a run like this one. Call it from a button's callback."""
    fields = dataclasses.asdict(spec)
    st.session_state.update(t_arch=spec.architecture, t_data=spec.dataset, t_recipe="quick")
    if own_pictures.is_own(spec.dataset):
        st.session_state.setdefault(OWN, {})[spec.dataset] = None
    _take(fields | {"labels": list(spec.labels)})
    _take_options(spec.options)
    st.session_state[_KEPT] = {name: fields[name] for name in _UNSEEN} | {"architecture": spec.architecture}
    forget_notes()


def use_later(name: str) -> None:
    """Choose a data set that was just given, when the form is drawn next."""
    st.session_state.setdefault(OWN, {})[name] = None
    st.session_state[_NEXT] = name


def use_now(name: str) -> None:
    """Choose a data set. Call it from a button's callback."""
    st.session_state["t_data"] = name
    take_recipe()


def apply_later() -> None:
    """Choose the data set that `use_later` was told of; call it before the form is drawn."""
    if _NEXT in st.session_state:
        use_now(st.session_state.pop(_NEXT))


def unseen(recipe: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a run that the form does not show: the repeated run's, or else the recipe's."""
    kept = dict(st.session_state.get(_KEPT, {}))
    if kept.pop("architecture", None) == st.session_state["t_arch"]:
        return kept
    return {name: recipe[name] for name in _UNSEEN if name in recipe}


def change_network() -> None:
    """Give all fields the values that the network now chosen starts with."""
    if st.session_state["t_recipe"] not in recipes.names(st.session_state["t_arch"]):
        st.session_state["t_recipe"] = "quick"
    take_recipe()
    _take_options(registry.get(st.session_state["t_arch"]).defaults)


def take_recipe() -> None:
    """Give the fields the values of the recipe now chosen."""
    chosen = st.session_state
    _take(PLAIN | recipes.get(chosen["t_recipe"], chosen["t_arch"], chosen["t_data"]))
    chosen.update(t_labels=[], t_pictures=None, t_input_size=None)
    chosen.pop(_KEPT, None)
    forget_notes()


def take_usual_amount() -> None:
    """Give the budget a usual amount of the unit now chosen."""
    st.session_state["t_amount"] = USUAL[st.session_state["t_for"]]


def budget_of(fields: Mapping[str, Any]) -> tuple[str, int]:
    """Return the unit and the amount of a run's budget."""
    unit = next(unit for unit in UNITS if fields.get(unit) is not None)
    return unit, round(fields[unit])


def _take(fields: Mapping[str, Any]) -> None:
    unit, amount = budget_of(fields)
    st.session_state.update(t_for=unit, t_amount=amount)
    st.session_state.update({f"t_{name}": fields[name] for name in (*WORDS, *NUMBERS, "labels") if name in fields})


def _take_options(options: Mapping[str, Any]) -> None:
    for key in [key for key in st.session_state if str(key).startswith(OPTION)]:
        del st.session_state[key]
    st.session_state.update({OPTION + name: value for name, value in options.items()})
