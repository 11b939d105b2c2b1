"""The source of a network: ours with a shape beside each step, or the call that has torchvision build it."""

from __future__ import annotations

import importlib
import inspect

import streamlit as st

from explorer.ui.network_picker import Picked

CODE_HEIGHT = 560  # pixels


def show(picked: Picked) -> None:
    arch = picked.arch
    chosen = "".join(f", {name}={value!r}" for name, value in picked.options.items() if value != arch.defaults[name])
    st.markdown("Build it yourself, on any device:")
    st.code(
        "from explorer import registry\n\n"
        f'network = registry.get("{arch.name}").build(num_classes={picked.num_classes}{chosen})',
        language="python",
    )
    if arch.torchvision or arch.builder.startswith("torchvision_zoo"):
        name = arch.torchvision or dict(arch.arguments)["name"]
        st.markdown("torchvision builds this network:")
        call = f'torchvision.models.get_model("{name}", weights=None, num_classes={picked.num_classes})'
        st.code(f"import torchvision\n\nnetwork = {call}", language="python")
    module = _module(arch.builder)
    st.markdown(f"The source, `{module.replace('.', '/')}.py`:")
    st.code(_source(module), language="python", line_numbers=True, height=CODE_HEIGHT)


def _module(builder: str) -> str:
    return f"explorer.architectures.{builder.partition(':')[0]}"


def _source(module: str) -> str:
    return inspect.getsource(importlib.import_module(module))
