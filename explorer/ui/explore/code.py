"""The source of a network: ours with a shape beside each step, or the call that has torchvision build it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Mapping

import streamlit as st

from explorer.architecture import Architecture, OptionValue
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
    if arch.torchvision:
        call = torchvision_call(arch, picked.num_classes, picked.options)
        st.markdown("torchvision builds this network:")
        st.code(f"import torchvision\n\nnetwork = {call}", language="python")
    module = _module(arch.builder)
    st.markdown(f"The source, `{module.replace('.', '/')}.py`:")
    st.code(_source(module), language="python", line_numbers=True, height=CODE_HEIGHT)


def torchvision_call(arch: Architecture, num_classes: int, options: Mapping[str, OptionValue]) -> str:
    """Return the call that has torchvision build this very network, with these options."""
    changed = {name: value for name, value in options.items() if value != arch.defaults[name]}
    name = f"{arch.torchvision}_bn" if changed.pop("batch_norm", False) else arch.torchvision
    if "aux" in options:  # torchvision adds the auxiliary heads unless it is told not to
        changed.pop("aux", None)
        changed["aux_logits"] = options["aux"]
    more = "".join(f", {name}={value!r}" for name, value in changed.items())
    return f'torchvision.models.get_model("{name}", weights=None, num_classes={num_classes}{more})'


def _module(builder: str) -> str:
    return f"explorer.architectures.{builder.partition(':')[0]}"


def _source(module: str) -> str:
    return inspect.getsource(importlib.import_module(module))
