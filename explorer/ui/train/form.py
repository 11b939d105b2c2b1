"""The form that asks for a run. What it is set to is in the page's address."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explorer import data, registry, settings
from explorer.data import own_pictures
from explorer.lessons import recipes
from explorer.training.spec import AUGMENTATIONS, MOST_PICTURES, OPTIMIZERS, PRECISIONS, SCHEDULES, RunSpec
from explorer.ui.address import choose, explain_address, forget_notes, one_of
from explorer.ui.markdown import plain
from explorer.ui.network_picker import pick_option

FIRST_NETWORK, FIRST_DATASET = "lenet5_modern", "digits"
OWN = "t_own"  # in the session: the names of the pictures that this visitor has given
UNITS = {"epochs": "epochs", "steps": "steps", "seconds": "seconds"}
OPTION = "t_opt_"
_NEXT = "t_next_data"  # in the session: the data set to choose
_MOST = {"epochs": 10_000, "steps": 1_000_000, "seconds": 86_400}
_WORDS = {
    "optimizer": dict(zip(OPTIMIZERS, ("SGD", "Momentum", "Nesterov", "Adam", "AdamW", "RMSprop"), strict=True)),
    "schedule": dict(zip(SCHEDULES, ("Constant", "Steps", "On plateau", "Cosine", "One cycle"), strict=True)),
    "augmentation": dict(zip(AUGMENTATIONS, ("None", "Crop", "Mirror", "Crop and mirror"), strict=True)),
    "precision": dict(zip(PRECISIONS, ("Automatic", "float32", "bfloat16"), strict=True)),
}
_NUMBERS = ("learning_rate", "batch_size", "weight_decay", "pictures", "validation_share", "input_size", "seed")
_HELP = {
    "optimizer": "How a gradient becomes a step. Momentum, Nesterov and RMSprop keep 0.9 of what they gathered.",
    "schedule": "How the learning rate goes on: the same throughout, divided by ten at steps or when the validation "
    "loss stands still, down a cosine, or up and down once.",
    "augmentation": "What chance does to each training picture: move it by up to an eighth, mirror it. Validation "
    "pictures stay as they are.",
    "precision": "Automatic is bfloat16 (autocast) on an NVIDIA GPU and float32 elsewhere.",
}


def ask(submit: Callable[[RunSpec], None]) -> RunSpec | None:
    """Draw the form and return the run that it asks for; None where there can be no such run, which it says then."""
    _explain_address()
    if _NEXT in st.session_state:
        st.session_state["t_data"] = st.session_state.pop(_NEXT)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="train-form"):
        name = choose(
            st.selectbox,
            "Network",
            {name: f"{registry.get(name).title} ({registry.get(name).year})" for name in registry.names()},
            key="t_arch",
            default=FIRST_NETWORK,
            on_change=_network_changed,
            help="In the order of publication. Type to search by name or year.",
            width=250,
        )
        dataset = choose(
            st.selectbox,
            "Data set",
            _datasets(),
            key="t_data",
            default=FIRST_DATASET,
            on_change=_take_recipe,
            help="The Pictures tab shows what is in it, and takes pictures of your own.",
            width=210,
        )
        recipe = _pick_recipe(name)
        defaults = recipes.get(recipe, name, dataset)
        budget = _pick_budget(defaults)
        options = _pick_options(name)
        with st.popover("More", icon=":material/tune:", help="Optimizer, learning rate, batch, pictures, seed"):
            details = _pick_details(dataset, defaults)
        fields: dict[str, Any] = {key: defaults[key] for key in ("warmup", "drops") if key in defaults}
        fields |= {"architecture": name, "dataset": dataset, "options": options, **budget, **details}
        spec, problem = _check(fields)
        st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            disabled=bool(problem),
            on_click=submit,
            args=(spec,),
        )
    if problem:
        st.warning(plain(problem), icon=":material/error:")
    return spec


def _check(fields: dict[str, Any]) -> tuple[RunSpec | None, str]:
    """Return the run, or why there can be none. Another machine's pictures are not known here."""
    try:
        spec = RunSpec(**fields)
    except ValueError as error:
        return None, str(error)
    dataset = data.get(spec.dataset)
    if dataset.is_available() or settings.scheduler_address():
        return spec, ""
    return spec, f"{dataset.missing()} The Pictures tab can fetch them."


def fill(spec: RunSpec) -> None:
    """Set the form to ask for a run like this one. Call it from a button's callback."""
    defaults = recipes.get("quick", spec.architecture, spec.dataset)
    st.session_state.update(t_arch=spec.architecture, t_data=spec.dataset, t_recipe="quick")
    if own_pictures.is_own(spec.dataset):
        st.session_state.setdefault(OWN, {})[spec.dataset] = None
    _take(defaults | dataclasses.asdict(spec) | {"labels": list(spec.labels)})
    _take_options(spec.options)


def use_later(name: str) -> None:
    """Choose a data set that was just given, when the form is drawn next."""
    st.session_state.setdefault(OWN, {})[name] = None
    st.session_state[_NEXT] = name


def chosen_dataset() -> str:
    """Return the data set that the form is set to."""
    name: str = st.session_state["t_data"]
    return name


def _datasets() -> dict[str, str]:
    asked = st.query_params.get("t_data", "")
    own = [*st.session_state.get(OWN, {}), *([asked] if own_pictures.is_own(asked) else [])]
    titles = {name: data.get(name).title for name in data.names()}
    for name in own:
        try:
            titles[name] = data.get(name).title
        except KeyError:
            continue
    return titles


def _pick_recipe(name: str) -> str:
    offered = recipes.names(name)
    return choose(
        st.segmented_control,
        "Recipe",
        {key: recipes.TITLES[key] for key in offered},
        key="t_recipe",
        default="quick",
        required=True,
        on_change=_take_recipe,
        help=f"How it was trained as published: {registry.get(name).recipe or 'nobody says.'}",
    )


def _pick_budget(defaults: Mapping[str, Any]) -> dict[str, Any]:
    unit, amount = _budget_of(defaults)
    chosen = choose(st.selectbox, "For", UNITS, key="t_for", default=unit, on_change=_take_amount, width=110)
    number = st.number_input(
        "Budget",
        min_value=1,
        max_value=_MOST[chosen],
        value=amount if chosen == unit else _usual(chosen),
        key="t_amount",
        bind="query-params",
        help="One epoch sees each training picture once. Seconds are kept to within a tenth: two of them go into "
        "finding out how far they reach.",
        width=105,
    )
    return {chosen: float(number) if chosen == "seconds" else number}


def _pick_options(name: str) -> dict[str, Any]:
    offered = registry.get(name).options
    if not offered:
        return {}
    with st.popover("Network", icon=":material/account_tree:", help="The choices that this network offers"):
        return {option.name: pick_option(option, OPTION) for option in offered}


def _usual(unit: str) -> int:
    return {"epochs": 10, "steps": 1000, "seconds": 60}[unit]


def _pick_details(dataset: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    left, right = st.columns(2)
    with left:
        words = {field: _choose_word(field, defaults) for field in _WORDS}
        labels = st.multiselect(
            "Classes",
            list(data.get(dataset).classes),
            key="t_labels",
            bind="query-params",
            placeholder="All",
            help="Train on these classes only, at least two.",
        )
    with right:
        numbers = _pick_numbers(dataset, defaults)
    return {**words, **numbers, "labels": tuple(labels)}


def _choose_word(field: str, defaults: Mapping[str, Any]) -> str:
    return choose(
        st.selectbox,
        field.capitalize(),
        _WORDS[field],
        key=f"t_{field}",
        default=defaults.get(field, "auto"),
        help=_HELP[field],
    )


def _pick_numbers(dataset: str, defaults: Mapping[str, Any]) -> dict[str, Any]:
    bound: Any = {"bind": "query-params"}
    pictures = data.get(dataset).train_pictures
    return {
        "learning_rate": st.number_input(
            "Learning rate",
            1e-7,
            1000.0,
            float(defaults["learning_rate"]),
            format="%g",
            key="t_learning_rate",
            help="The highest that the schedule reaches.",
            **bound,
        ),
        "batch_size": st.number_input(
            "Batch",
            1,
            MOST_PICTURES,
            defaults["batch_size"],
            key="t_batch_size",
            help="Pictures in one training step.",
            **bound,
        ),
        "weight_decay": st.number_input(
            "Weight decay",
            0.0,
            1.0,
            float(defaults["weight_decay"]),
            format="%g",
            key="t_weight_decay",
            help="What pulls each weight towards zero, as a share of it.",
            **bound,
        ),
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
            0.0,
            0.99,
            0.2,
            0.05,
            key="t_validation_share",
            help="Training pictures set aside to measure on. 0: the data set's test pictures are used instead.",
            **bound,
        ),
        "input_size": st.number_input(
            "Picture size",
            1,
            512,
            None,
            key="t_input_size",
            placeholder="the data set's",
            help="Height and width in pixels that pictures are brought to.",
            **bound,
        ),
        "seed": st.number_input(
            "Seed",
            0,
            2**31 - 1,
            0,
            key="t_seed",
            help="The same seed gives the same weights to start with, the same split and the same order of pictures.",
            **bound,
        ),
    }


# What choices set other choices to


def _network_changed() -> None:
    if st.session_state["t_recipe"] not in recipes.names(st.session_state["t_arch"]):
        st.session_state["t_recipe"] = "quick"
    _take_recipe()
    _take_options(registry.get(st.session_state["t_arch"]).defaults)


def _take_recipe() -> None:
    """Give the fields of the form the recipe's values: set rather than deleted, which the address would bring back."""
    chosen = st.session_state
    _take(recipes.get(chosen["t_recipe"], chosen["t_arch"], chosen["t_data"]))
    st.session_state.update(t_labels=[], t_pictures=None, t_input_size=None)
    forget_notes()


def _take_amount() -> None:
    st.session_state["t_amount"] = _usual(st.session_state["t_for"])


def _take(fields: Mapping[str, Any]) -> None:
    unit, amount = _budget_of(fields)
    st.session_state.update(t_for=unit, t_amount=amount)
    drawn = (
        *_WORDS,
        "learning_rate",
        "batch_size",
        "weight_decay",
        "pictures",
        "validation_share",
        "input_size",
        "seed",
    )
    st.session_state.update({f"t_{field}": fields[field] for field in (*drawn, "labels") if field in fields})


def _budget_of(fields: Mapping[str, Any]) -> tuple[str, int]:
    unit = next(unit for unit in UNITS if fields.get(unit) is not None)
    return unit, round(fields[unit])


def _take_options(options: Mapping[str, Any]) -> None:
    for key in [key for key in st.session_state if str(key).startswith(OPTION)]:
        del st.session_state[key]
    st.session_state.update({OPTION + name: value for name, value in options.items()})


# What a pasted link asks for


def _explain_address() -> None:
    checks = {f"t_{field}": one_of(f"The {field}", words) for field, words in _WORDS.items()}
    explain_address(
        "train",
        {
            "t_arch": _check_network,
            "t_data": _check_dataset,
            "t_for": one_of("The budget's unit", UNITS),
            **checks,
        },
    )


def _check_network(name: str) -> None:
    try:
        registry.get(name)
    except KeyError as error:
        raise ValueError(error.args[0]) from None


def _check_dataset(name: str) -> None:
    try:
        data.get(name)
    except KeyError as error:
        raise ValueError(error.args[0]) from None
