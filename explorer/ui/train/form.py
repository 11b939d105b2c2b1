"""The form that asks for a run. What it is set to is in the page's address."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from explorer import data, registry, settings
from explorer.data import own_pictures
from explorer.lessons import recipes
from explorer.training.spec import RunSpec
from explorer.ui.address import choose, explain_address, known, one_of, whole_number
from explorer.ui.markdown import plain
from explorer.ui.network_picker import check_of, pick_option
from explorer.ui.train import details, filling

FIRST_NETWORK, FIRST_DATASET = "lenet5_modern", "digits"
_MOST = {"epochs": 10_000, "steps": 1_000_000, "seconds": 86_400}


def ask(submit: Callable[[RunSpec], None]) -> RunSpec | None:
    """Draw the form and return the run that it asks for; None where there can be no such run, which it says then."""
    _explain_address()
    filling.apply_later()
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="train-form"):
        name, dataset = _pick_network(), _pick_dataset()
        defaults = recipes.get(_pick_recipe(name), name, dataset)
        budget = _pick_budget(defaults)
        options = _pick_options(name)
        with st.popover("More", icon=":material/tune:", help="Optimizer, learning rate, batch, pictures, seed"):
            more = details.pick(dataset, defaults)
        fields = {"architecture": name, "dataset": dataset, "options": options, **budget, **more}
        spec, problem = _check({**filling.unseen(defaults), **fields})
        st.button(
            "Train",
            type="primary",
            icon=":material/play_arrow:",
            key="train",
            disabled=bool(problem),
            on_click=submit,
            args=(spec,),
        )
    if problem:
        st.warning(plain(problem), icon=":material/error:")
    return spec


def chosen_dataset() -> str:
    """Return the data set that the form is set to."""
    name: str = st.session_state["t_data"]
    return name


def _check(fields: dict[str, Any]) -> tuple[RunSpec | None, str]:
    """Return the run, or why there can be none. Another machine's pictures are not known here."""
    try:
        spec = RunSpec(**fields)
    except ValueError as error:
        return None, str(error)
    dataset = data.get(spec.dataset)
    if dataset.is_available() or settings.scheduler_address():
        return spec, ""
    return spec, f"{dataset.title} is not on this machine yet: the Pictures tab can fetch it, or says where to put it."


def _pick_network() -> str:
    return choose(
        st.selectbox,
        "Network",
        {name: f"{registry.get(name).title} ({registry.get(name).year})" for name in registry.names()},
        key="t_arch",
        default=FIRST_NETWORK,
        on_change=filling.change_network,
        help="In the order of publication. Type to search by name or year.",
        width=260,
    )


def _pick_dataset() -> str:
    asked = st.query_params.get("t_data", "")
    own = [*st.session_state.get(filling.OWN, {}), *([asked] if own_pictures.is_own(asked) else [])]
    titles = {name: data.get(name).title for name in data.names()}
    for name in own:
        try:
            titles[name] = data.get(name).title
        except KeyError:  # deleted
            continue
    return choose(
        st.selectbox,
        "Data set",
        titles,
        key="t_data",
        default=FIRST_DATASET,
        on_change=filling.take_recipe,
        help="The Pictures tab shows what is in it, and takes pictures of your own.",
        width=220,
    )


def _pick_recipe(name: str) -> str:
    offered = recipes.names(name)
    published = registry.get(name).recipe
    return choose(
        st.selectbox,
        "Recipe",
        {key: recipes.TITLES[key] for key in offered},
        key="t_recipe",
        default="quick",
        on_change=filling.take_recipe,
        help=f"Quick learns within a minute or so. As published: {published or 'nobody says how it was trained.'}",
        width=140,
    )


def _pick_budget(defaults: Mapping[str, Any]) -> dict[str, Any]:
    unit, amount = filling.budget_of(defaults)
    number_place = st.container(width=110)
    chosen = choose(
        st.selectbox,
        "Unit",
        filling.UNITS,
        key="t_for",
        default=unit,
        on_change=filling.take_usual_amount,
        width=110,
        help="An epoch sees each training picture once, a step sees one batch.",
    )
    number = number_place.number_input(
        "Budget",
        min_value=1,
        max_value=_MOST[chosen],
        value=amount if chosen == unit else filling.USUAL[chosen],
        key="t_amount",
        bind="query-params",
        help="How long it trains. Seconds are kept to within a tenth: two of them go into finding out how far they "
        "reach.",
    )
    return {chosen: float(number) if chosen == "seconds" else number}


def _pick_options(name: str) -> dict[str, Any]:
    offered = registry.get(name).options
    if not offered:
        return {}
    with st.popover("Options", icon=":material/account_tree:", help="The choices that this network offers"):
        return {option.name: pick_option(option, filling.OPTION) for option in offered}


# What a pasted link asks for


def _explain_address() -> None:
    name = st.query_params.get("t_arch", "")
    arch = registry.get(name if name in registry.names() else FIRST_NETWORK)
    most = _MOST.get(st.query_params.get("t_for", ""), max(_MOST.values()))
    explain_address(
        "train",
        {
            "t_arch": known(registry.get),
            "t_data": known(data.get),
            "t_recipe": one_of("The recipe", recipes.names(arch.name)),
            "t_for": one_of("The budget's unit", filling.UNITS),
            "t_amount": whole_number("The budget", 1, most),
            **{filling.OPTION + option.name: check_of(arch, option) for option in arch.options},
            **details.checks(_asked_dataset()),
        },
    )


def _asked_dataset() -> str:
    name = st.query_params.get("t_data", "")
    try:
        return data.get(name).name
    except KeyError:
        return FIRST_DATASET
