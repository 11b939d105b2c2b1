"""The sample pictures that come with the app, with the people to thank for them."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

FOLDER = Path(__file__).parents[1] / "assets" / "samples"
PUBLIC_DOMAIN = "public domain"
CC0 = "CC0 1.0"
CC_BY = "CC BY 2.0"


@dataclass(frozen=True)
class Sample:
    """One picture: what is on it, who made it and on what terms it may be used."""

    name: str
    title: str
    alt: str
    author: str
    licence: str
    source: str  # where it was taken from
    link: str

    @property
    def path(self) -> Path:
        return FOLDER / f"{self.name}.jpg"

    @property
    def credit(self) -> str:
        return f"{self.title}: {self.author}, {self.licence}"

    def data(self) -> bytes:
        """Return the file, a JPEG."""
        return self.path.read_bytes()

    def image(self) -> Image.Image:
        """Return the picture in RGB, 288 pixels high."""
        return Image.open(io.BytesIO(self.data())).convert("RGB")


_SCIKIT_IMAGE = "scikit-image"
_SCIKIT_LEARN = "scikit-learn"
_SAMPLES = (
    Sample(
        "cat",
        "Cat",
        "The face of a tabby cat that looks to the right",
        "Stéfan van der Walt",
        CC0,
        f"{_SCIKIT_IMAGE}, chelsea",
        "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.chelsea",
    ),
    Sample(
        "coffee",
        "Coffee",
        "A cup of espresso on a red saucer, with a spoon, on a wooden table",
        "Rachel Michetti, Pikolo Espresso Bar",
        CC0,
        f"{_SCIKIT_IMAGE}, coffee",
        "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.coffee",
    ),
    Sample(
        "flower",
        "Flower",
        "An orange dahlia before dark leaves",
        "vultilion",
        CC_BY,
        f"{_SCIKIT_LEARN}, flower.jpg",
        "https://www.flickr.com/photos/vultilion/6056698931/",
    ),
    Sample(
        "temple",
        "Temple",
        "A pagoda with three roofs among trees above a lake",
        "Daniel Büchele",
        CC_BY,
        f"{_SCIKIT_LEARN}, china.jpg",
        "https://www.flickr.com/photos/danielbuechele/6061409035/",
    ),
    Sample(
        "astronaut",
        "Astronaut",
        "Eileen Collins in an orange space suit, a shuttle model behind her",
        "NASA",
        PUBLIC_DOMAIN,
        f"{_SCIKIT_IMAGE}, astronaut",
        "https://flic.kr/p/r9qvLn",
    ),
    Sample(
        "rocket",
        "Rocket",
        "A rocket on its launch pad at dusk, between lattice towers",
        "SpaceX",
        PUBLIC_DOMAIN,
        f"{_SCIKIT_IMAGE}, rocket",
        "https://www.flickr.com/photos/spacexphotos/16511594820/",
    ),
    Sample(
        "camera",
        "Camera",
        "A man in a dark coat who looks through a camera on a tripod, in grey",
        "Lav Varshney",
        CC0,
        f"{_SCIKIT_IMAGE}, camera",
        "https://scikit-image.org/docs/stable/api/skimage.data.html#skimage.data.camera",
    ),
    Sample(
        "bricks",
        "Bricks",
        "A brick wall seen at a slant, in grey",
        "CC0Textures (ambientCG)",
        CC0,
        f"{_SCIKIT_IMAGE}, brick",
        "https://cc0textures.com/view.php?tex=Bricks25",
    ),
)
_BY_NAME = {sample.name: sample for sample in _SAMPLES}


def names() -> tuple[str, ...]:
    """Return the name of every sample; the first is the one that pages open with."""
    return tuple(_BY_NAME)


def get(name: str) -> Sample:
    """Return the sample of this name. An unknown name raises KeyError."""
    return _BY_NAME[name]
