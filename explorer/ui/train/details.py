"""The finer points of a run, in a popover of the form: optimizer, learning rate, batch, pictures, seed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explorer import data
from explorer.training.spec import AUGMENTATIONS, MOST_PICTURES, OPTIMIZERS, PRECISIONS, SCHEDULES
from explorer.ui.address import choose, number, one_of, whole_number
from explorer.ui.train.filling import PLAIN, WORDS

HAVE_MOMENTUM = ("momentum", "nesterov", "rmsprop")
_TITLES = {
    "optimizer": dict(zip(OPTIMIZERS, ("SGD", "Momentum", "Nesterov", "Adam", "AdamW", "RMSprop"), strict=True)),
    "schedule": dict(zip(SCHEDULES, ("Constant", "Steps", "On plateau", "Cosine", "One cycle"), strict=True)),
    "augmentation": dict(zip(AUGMENTATIONS, ("None", "Crop", "Mirror", "Crop and mirror"), strict=True)),
    "precision": dict(zip(PRECISIONS, ("Automatic", "float32", "bfloat16"), strict=True)),
}
_HELP = {
    "optimizer": "How a gradient becomes a step. Adam and AdamW keep a pace of their own for each weight.",
    "schedule": "How the learning rate goes on: the same throughout, divided by ten at steps or when the validation "
    "loss stands still, down a cosine, or up and down once.",
    "augmentation": "What chance does to each training picture: move it by up to an eighth, mirror it. Validation "
    "pictures stay as they are.",
    "precision": "Automatic is bfloat16 (autocast) on an NVIDIA GPU that has it, and float32 elsewhere.",
}
_WHOLE = {  # least and most
    "batch_size": (1, MOST_PICTURES),
    "input_size": (1, 512),
    "seed": (0, 2**31 - 1),
}
_SHARES = {"momentum": (0.0, 0.999), "warmup": (0.0, 0.5), "weight_decay": (0.0, 1.0), "validation_share": (0.0, 0.99)}
_LEAST_RATE, _MOST_RATE = 1e-7, 1000.0


def pick(dataset: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    """Draw the controls in two columns and return the fields of the run that they are set to."""
    left, right = st.columns(2)
    with left:
        words = {field: _choose(field, defaults) for field in WORDS}
        motion = _pick_motion(words["optimizer"], defaults)
        labels = st.multiselect(
            "Classes",
            list(data.get(dataset).classes),
            key="t_labels",
            bind="query-params",
            placeholder="All",
            help="Train on these classes only, at least two.",
        )
    with right:
        numbers = {**_pick_rates(defaults), **_pick_pictures(dataset)}
    return {**words, **motion, **numbers, "labels": tuple(labels)}


def checks(dataset: str) -> dict[str, Callable[[str], Any]]:
    """Return what a link may ask for, by its parameter."""
    numbers = _SHARES | {"learning_rate": (_LEAST_RATE, _MOST_RATE)}
    return {
        **{f"t_{field}": one_of(f"The {field}", titles) for field, titles in _TITLES.items()},
        **{f"t_{field}": whole_number(_worded(field), *ends) for field, ends in _WHOLE.items()},
        "t_pictures": whole_number("The number of pictures", 2, data.get(dataset).train_pictures),
        **{f"t_{field}": number(_worded(field), *ends) for field, ends in numbers.items()},
    }


def _worded(field: str) -> str:
    return f"The {field.replace('_', ' ')}"


def _choose(field: str, defaults: Mapping[str, Any]) -> str:
    return choose(
        st.selectbox,
        field.capitalize(),
        _TITLES[field],
        key=f"t_{field}",
        default=defaults.get(field, "auto"),
        help=_HELP[field],
    )


def _pick_motion(optimizer: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    left, right = st.columns(2)
    momentum = left.number_input(
        "Momentum",
        *_SHARES["momentum"],
        float(defaults.get("momentum", PLAIN["momentum"])),
        0.05,
        format="%g",
        key="t_momentum",
        bind="query-params",
        disabled=optimizer not in HAVE_MOMENTUM,
        help="The share of what it gathered that a step keeps: momentum, Nesterov and RMSprop. Adam's are fixed.",
    )
    warmup = right.number_input(
        "Warm-up",
        *_SHARES["warmup"],
        float(defaults.get("warmup", PLAIN["warmup"])),
        0.05,
        format="%g",
        key="t_warmup",
        bind="query-params",
        help="The share of the steps in which the learning rate rises from 0.",
    )
    return {"momentum": momentum, "warmup": warmup}


def _pick_rates(defaults: Mapping[str, Any]) -> dict[str, Any]:
    bound: Any = {"bind": "query-params"}
    return {
        "learning_rate": st.number_input(
            "Learning rate",
            _LEAST_RATE,
            _MOST_RATE,
            float(defaults["learning_rate"]),
            format="%g",
            key="t_learning_rate",
            help="The highest that the schedule reaches.",
            **bound,
        ),
        "batch_size": st.number_input(
            "Batch",
            *_WHOLE["batch_size"],
            defaults["batch_size"],
            key="t_batch_size",
            help="Pictures in one training step.",
            **bound,
        ),
        "weight_decay": st.number_input(
            "Weight decay",
            *_SHARES["weight_decay"],
            float(defaults["weight_decay"]),
            format="%g",
            key="t_weight_decay",
            help="What pulls each weight towards zero, as a share of it.",
            **bound,
        ),
    }


def _pick_pictures(dataset: str) -> dict[str, Any]:
    bound: Any = {"bind": "query-params"}
    pictures = data.get(dataset).train_pictures
    return {
        "pictures": st.number_input(
            "Training pictures",
            2,
            pictures,
            None,
            key="t_pictures",
            placeholder=f"all {pictures:,}",
            help="So many of them, drawn by the seed.",
            **bound,
        ),
        "validation_share": st.number_input(
            "Validation share",
            *_SHARES["validation_share"],
            0.2,
            0.05,
            key="t_validation_share",
            help="Training pictures set aside to measure on. 0: the data set's test pictures are used instead.",
            **bound,
        ),
        "input_size": st.number_input(
            "Picture size",
            *_WHOLE["input_size"],
            None,
            key="t_input_size",
            placeholder="the data set's",
            help="Height and width in pixels that pictures are brought to.",
            **bound,
        ),
        "seed": st.number_input(
            "Seed",
            *_WHOLE["seed"],
            0,
            key="t_seed",
            help="The same seed gives the same weights to start with, the same split and the same order of pictures.",
            **bound,
        ),
    }
