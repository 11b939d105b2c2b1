"""The table of layers as a tree, and the card of the selected one."""

from __future__ import annotations

from typing import Any, cast

import pandas as pd
import streamlit as st

from explorer import units
from explorer.analysis.grouping import LEVELS, Group, Level, blocks, levels, whole
from explorer.analysis.rows import Analysis, LayerRow
from explorer.formulas import formulas, receptive_field_sentence
from explorer.palette import KINDS
from explorer.ui.address import choose, explain_address, one_of
from explorer.ui.markdown import plain
from explorer.ui.network_picker import Picked

TABLE_HEIGHT = 520  # pixels
INDENT = "\N{EM SPACE}"


def show(picked: Picked, analysis: Analysis) -> None:
    table_side, card_side = st.columns([8, 3], gap="medium")
    with table_side:
        groups = _choose_rows(analysis)
        selected = _table(analysis, groups)
    if selected is not None:
        with card_side, st.container(border=True, height=TABLE_HEIGHT + 84, key="card"):
            card(analysis, selected)
            if selected.kind != "stage":
                st.button(
                    "Its place in the diagram",
                    icon=":material/account_tree:",
                    on_click=_to_diagram,
                    args=(analysis, selected),
                )


def asked_for(analysis: Analysis) -> Group | None:
    """Return the layer, block or stage that the address asks for; say so where the network has none of that name."""
    asked = st.query_params.get("layer")
    if not asked:
        return None
    everything = [group for _, group in levels(analysis)]
    named = [group for group in everything if _id(group) == asked]
    holders = [group for group in everything if asked in group.rows]
    if named or holders:
        return (named or holders[-1:])[0]
    try:
        return whole(analysis, asked)
    except KeyError:
        st.warning(f"{analysis.title} has no layer called {plain(repr(asked))}.", icon=":material/link_off:")
        return None


def _choose_rows(analysis: Analysis) -> list[tuple[int, Group]]:
    explain_address("layers", {"level": one_of("The depth", LEVELS)})
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = choose(
            st.segmented_control,
            "Depth",
            {name: name.capitalize() for name in LEVELS},
            key="level",
            default="blocks",
            required=True,
            help="Stages are layers with feature maps of one size; blocks are the units that the paper repeats.",
        )
        search = st.text_input(
            "Search",
            key="find",
            bind="query-params",
            placeholder="name, kind or shape",
            icon=":material/search:",
            width=240,
        )
    groups = [(depth, group) for depth, group in levels(analysis, cast(Level, level)) if _matches(group, search or "")]
    if not groups:
        st.info(f"No row has \N{LEFT DOUBLE QUOTATION MARK}{plain(search)}\N{RIGHT DOUBLE QUOTATION MARK} in it.")
    return groups


def _matches(group: Group, search: str) -> bool:
    text = f"{group.path} {group.title} {group.kind} {units.shape(group.output_shape[1:])}".lower()
    return all(word in text for word in search.lower().replace("x", units.TIMES).split()) or search.lower() in text


def _table(analysis: Analysis, groups: list[tuple[int, Group]]) -> Group | None:
    if not groups:
        return None
    wanted = asked_for(analysis)
    places = [at for at, (_, group) in enumerate(groups) if wanted and _id(group) == _id(wanted)]
    if wanted and not places:  # it is not listed at this depth: the row that holds it is
        places = [at for at, (_, group) in enumerate(groups) if wanted.rows[0] in group.rows]
    frame = table(analysis, groups)
    state = st.dataframe(
        frame,
        key=f"rows-{analysis.name}-{hash(tuple(group.path for _, group in groups))}",
        height=TABLE_HEIGHT,
        hide_index=True,
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": places[-1:]}},
        lazy=False,
        column_config=_columns(),
        alt=f"The {len(frame)} rows of {analysis.title} with their shapes, parameters, MACs and memory.",
    )
    rows = state["selection"]["rows"]
    if wanted and rows == places[-1:]:
        return wanted
    if not rows:
        deepest = max(depth for depth, _ in groups)
        return next((group for depth, group in groups if depth == deepest and group.macs), groups[0][1])
    group = groups[rows[0]][1]
    if st.query_params.get("layer") != _id(group):
        st.query_params["layer"] = _id(group)
    return group


def _id(group: Group) -> str:
    """What stands for the group in the address; a stage has the path of its first layer, so it goes by its title."""
    return f"maps-{group.title}".replace(units.TIMES, "x") if group.kind == "stage" else group.path


def table(analysis: Analysis, groups: list[tuple[int, Group]]) -> pd.DataFrame:
    """Return one line a group, indented by its level, with exact numbers and shares of the network's totals."""
    shallowest = min(depth for depth, _ in groups)
    return pd.DataFrame(
        {
            "Layer": [INDENT * (depth - shallowest) + _name(group) for depth, group in groups],
            "What": ["" if group.kind == "stage" else group.title for _, group in groups],
            "Output": [units.shape(group.output_shape[1:]) for _, group in groups],
            "Parameters": [group.params for _, group in groups],
            "of all": [_share(group.params, analysis.params) for _, group in groups],
            "MACs": [group.macs for _, group in groups],
            "of all MACs": [_share(group.macs, analysis.macs) for _, group in groups],
            "Memory": [group.activation_bytes / 2**20 for _, group in groups],
            "of all memory": [_share(group.activation_bytes, analysis.activation_bytes) for _, group in groups],
        }
    )


def _name(group: Group) -> str:
    if group.kind == "stage":
        return f"Maps of {group.title}" if group.title[0].isdigit() else group.title.capitalize()
    times = f" {units.TIMES} {group.repeat}" if group.repeat > 1 else ""
    return (group.path or group.title) + times


def _share(part: int, whole: int) -> float:
    return 100 * part / whole if whole else 0.0


def _columns() -> dict[str, Any]:
    config = st.column_config

    def share(what: str) -> Any:
        return config.ProgressColumn(
            "share", min_value=0, max_value=100, format="%.1f %%", width=80, help=f"Share of the network's {what}."
        )

    return {
        "Layer": config.TextColumn(pinned=True, width=165, help="The name in the network's code."),
        "What": config.TextColumn(width=145),
        "Output": config.TextColumn(width=95, help="Channels, height and width of what it gives on, for one picture."),
        "Parameters": config.NumberColumn(format="localized", width=100),
        "of all": share("parameters"),
        "MACs": config.NumberColumn(format="localized", width=115, help="Multiply-accumulates for one picture."),
        "of all MACs": share("MACs"),
        "Memory": config.NumberColumn("MiB", format="%.2f", width=65, help="What it writes for one picture."),
        "of all memory": share("activation memory"),
    }


def card(analysis: Analysis, group: Group) -> None:
    """Draw what there is to know about one row: a layer's formulas, or where the parameters of a block are."""
    st.markdown(f"#### {group.title}")
    st.caption(f"`{group.path or analysis.name}` · {KINDS[group.group].word} · {group.kind}")
    row = analysis.by_path.get(group.path)
    if row is not None and len(group.rows) - len(group.followers) <= 1:
        layer_card(analysis, row)
    else:
        _group_card(analysis, group)


def _to_diagram(analysis: Analysis, group: Group) -> None:
    """Show the diagram of the block that holds the group, or the network's, with the group marked."""
    holders = [block.path for block in blocks(analysis) if block.can_be_opened and group.rows[0] in block.rows]
    block = holders[0] if holders and holders[0] != group.path else ""
    st.query_params["layer"] = group.path
    if block:
        st.query_params["block"] = block
    else:
        st.query_params.pop("block", None)
    st.session_state["view"] = "Diagram"


def layer_card(analysis: Analysis, row: LayerRow) -> None:
    for formula in formulas(row):
        text = f"`{formula.filled}`" if formula.filled else formula.rule
        st.markdown(f"**{formula.quantity}**  \n{text}", help=formula.rule if formula.filled else None)
    sentence = receptive_field_sentence(row, (analysis.input_shape[-2], analysis.input_shape[-1]))
    st.markdown(f"**Receptive field**  \n{sentence}")
    if row.inputs:
        st.caption("Reads " + ", ".join(f"`{source}`" for source in row.inputs))
    written = f"Writes {units.short_bytes(row.activation_bytes)} for one picture"
    in_place = "Works in place, or only looks at its input in another way: writes nothing new"
    st.caption(written if row.activation_bytes else in_place)


def _group_card(analysis: Analysis, group: Group) -> None:
    st.markdown(
        f"{units.shape(group.input_shape[1:])} \N{RIGHTWARDS ARROW} {units.shape(group.output_shape[1:])}, "
        f"{units.exact(group.params)} parameters, {units.exact(group.macs)} MACs, "
        f"{units.short_bytes(group.activation_bytes)}"
    )
    rows = [analysis.by_path[path] for path in group.rows]
    weighted = [row for row in rows if row.params]
    if weighted:
        st.markdown("**Where its parameters are**")
        st.dataframe(
            pd.DataFrame(
                {
                    "Layer": [row.path.removeprefix(f"{group.path}.") for row in weighted],
                    "Parameters": [row.params for row in weighted],
                    "MACs": [row.macs for row in weighted],
                }
            ),
            hide_index=True,
            height="content" if len(weighted) < 9 else 330,
            column_config={
                "Parameters": st.column_config.NumberColumn(format="localized"),
                "MACs": st.column_config.NumberColumn(format="localized"),
            },
        )
