"""What is asked: a picture, some networks, the one to look into, and the class to explain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import streamlit as st
from PIL import Image

from explorer.analysis import analyze
from explorer.analysis.rows import LayerRow
from explorer.prediction import layers as feature_layers
from explorer.prediction.answer import Answer, ask
from explorer.prediction.drawing import framed
from explorer.prediction.explain import grad_cam
from explorer.prediction.heat import Heat
from explorer.prediction.layers import MapLayer
from explorer.prediction.model import DivergedError, Model
from explorer.ui.markdown import plain
from explorer.ui.predict import state
from explorer.ui.predict.album import Picture, remember

TOP = 5
OF_ONE_NETWORK = ("class", "resize", "crop", "layer", "cam", "channel", "row", "column")
OF_ONE_PICTURE = ("class", "truth")


@dataclass(frozen=True, eq=False)
class Question:
    """A picture, the answers of all networks, and the one network and class that the views look into."""

    picture: Picture
    models: Mapping[str, Model]
    answers: Mapping[str, Answer]
    model: Model
    number: int

    @property
    def answer(self) -> Answer:
        return self.answers[self.model.name]

    @property
    def image(self) -> Image.Image:
        return image_for(self.model, self.picture)

    @property
    def cropped(self) -> Image.Image:
        """What the network sees, before it becomes numbers."""
        return self.model.preprocessing.cropped(self.image)

    @property
    def label(self) -> str:
        return self.answer.labels[self.number]

    @property
    def key(self) -> tuple[str, str, str]:
        """What stands for picture and network in `remember`."""
        return self.picture.name, self.model.name, self.model.version

    def heat(self, path: str = "") -> Heat:
        """Return Grad-CAM at a layer, at the best one for this network if none is named."""
        path = path or default_layer(self.model).path
        return remember(
            ("grad-cam", *self.key, self.number, path), lambda: grad_cam(self.model, self.image, self.number, path)
        )


def image_for(model: Model, picture: Picture) -> Image.Image:
    """Return the picture as the network should get it: a drawn digit is framed like those that it learned from."""
    return framed(picture.image, model.preprocessing.digit_share) if picture.is_drawn else picture.image


def answer_of(model: Model, picture: Picture) -> Answer:
    """Return what a network says of a picture, asked once in this session."""
    return remember(("answer", picture.name, model.name, model.version), lambda: ask(model, image_for(model, picture)))


def put(picture: Picture, models: Sequence[Model]) -> Question | None:
    """Ask every network; return the question, or None if there is none that answers."""
    answers = {}
    for model in models:
        try:
            answers[model.name] = answer_of(model, picture)
        except DivergedError as error:
            st.error(str(error), icon=":material/error:")
    known = {model.name: model for model in models if model.name in answers}
    if not known:
        return None
    look = state.read("look")
    model = known.get(look) or next(iter(known.values()))
    _start_afresh(model.name, OF_ONE_NETWORK, "network-asked")
    number = state.read("class")
    answer = answers[model.name]
    best = answer.top(1)[0]
    is_class = number.isascii() and number.isdecimal() and int(number) < len(answer.labels)
    return Question(picture, known, answers, model, int(number) if is_class else best)


def _start_afresh(name: str, keys: Sequence[str], noted_as: str) -> None:
    """Drop the choices that belong to another network."""
    before = st.session_state.get(noted_as)
    st.session_state[noted_as] = name
    if before not in (None, name):
        state.drop(*keys)


def explain(question: Question, name: str, number: int) -> None:
    """Look into one network's reason for one class from now on."""
    if name != question.model.name:
        state.write("look", name, next(iter(question.models)))
        state.drop(*OF_ONE_NETWORK)
        st.session_state["network-asked"] = name
    state.write("class", str(number))
    st.rerun()


@st.cache_data(max_entries=64, show_spinner=False, hash_funcs={Model: lambda model: (model.name, model.preprocessing)})
def layers_of(model: Model) -> tuple[MapLayer, ...]:
    """Return the feature maps of a network, in depth order."""
    return feature_layers.layers(model)


def default_layer(model: Model) -> MapLayer:
    return feature_layers.default_layer(model.network, layers_of(model))


def first_layer(model: Model) -> MapLayer:
    """Return where to begin looking: the first convolution, not the padding before it."""
    found = layers_of(model)
    return next((layer for layer in found if "Conv" in layer.kind), found[0])


def row_of(model: Model, path: str) -> LayerRow:
    """Return the analysis of a layer; of a block, that of the last layer in it."""
    analysis = analyze(
        model.arch,
        input_size=model.preprocessing.shape,
        num_classes=model.num_classes,
        options=dict(model.options),
    )
    if path in analysis.by_path:
        return analysis.by_path[path]
    block = next(block for block in analysis.blocks if block.path == path)
    return analysis.by_path[block.rows[-1]]


def quoted(label: str) -> str:
    """Return a class in quotation marks, with no sign in it read as Markdown."""
    return f"\N{LEFT DOUBLE QUOTATION MARK}{plain(label)}\N{RIGHT DOUBLE QUOTATION MARK}"
