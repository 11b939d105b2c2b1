"""The data sets that are downloaded once and then read by torchvision, which is not imported before that."""

from __future__ import annotations

from typing import Any

from explorer.data import class_names, embedded
from explorer.data.datasets import Dataset, Tensors
from explorer.data.downloads import Files


def _dataset(files: Files, /, **about: Any) -> Dataset:
    """Return the record of a data set that comes in these files."""
    return Dataset(
        name=files.name,
        title=files.title,
        is_available=files.is_available,
        missing=files.missing,
        loader=files.load,
        download_bytes=files.bytes,
        downloader=files.fetch,
        file=files.file,
        **about,
    )


def _like_mnist(train_images: int, train_labels: int, test_images: int, test_labels: int) -> dict[str, int]:
    """Return the four files of MNIST and of the sets that took its form."""
    return {
        "train-images-idx3-ubyte.gz": train_images,
        "train-labels-idx1-ubyte.gz": train_labels,
        "t10k-images-idx3-ubyte.gz": test_images,
        "t10k-labels-idx1-ubyte.gz": test_labels,
    }


_FASHION_FILES = Files("fashion_mnist", "Fashion-MNIST", _like_mnist(26_421_880, 29_515, 4_422_102, 5_148))


def _load_fashion_mnist() -> Tensors:
    return embedded.load_fashion_mnist() if embedded.has_fashion_mnist() else _FASHION_FILES.load()


FASHION_MNIST = Dataset(
    name="fashion_mnist",
    title="Fashion-MNIST",
    classes=class_names.FASHION,
    channels=1,
    native_size=28,
    train_pictures=60_000,
    test_pictures=10_000,
    source="https://github.com/zalandoresearch/fashion-mnist",
    licence="MIT, Zalando SE",
    survives_mirroring=True,
    is_available=lambda: embedded.has_fashion_mnist() or _FASHION_FILES.is_available(),
    missing=lambda: f"{_FASHION_FILES.missing()} Debian has it too: apt-get install dataset-fashion-mnist.",
    loader=_load_fashion_mnist,
    is_on_black=True,
    download_bytes=_FASHION_FILES.bytes,
    downloader=_FASHION_FILES.fetch,
    file=_FASHION_FILES.file,
)

DATASETS = (
    FASHION_MNIST,
    _dataset(
        Files("mnist", "MNIST", _like_mnist(9_912_422, 28_881, 1_648_877, 4_542)),
        classes=class_names.DIGITS,
        channels=1,
        native_size=28,
        train_pictures=60_000,
        test_pictures=10_000,
        source="http://yann.lecun.com/exdb/mnist",
        licence="CC BY-SA 3.0, Y. LeCun and C. Cortes",
        survives_mirroring=False,
        is_on_black=True,
    ),
    _dataset(
        Files("kmnist", "Kuzushiji-MNIST", _like_mnist(18_165_135, 29_497, 3_041_136, 5_120)),
        classes=class_names.KUZUSHIJI,
        channels=1,
        native_size=28,
        train_pictures=60_000,
        test_pictures=10_000,
        source="http://codh.rois.ac.jp/kmnist",
        licence="CC BY-SA 4.0, ROIS-DS Center for Open Data in the Humanities",
        survives_mirroring=False,
        is_on_black=True,
    ),
    _dataset(
        Files("cifar10", "CIFAR-10", {"cifar-10-python.tar.gz": 170_498_071}),
        classes=class_names.CIFAR10,
        channels=3,
        native_size=32,
        train_pictures=50_000,
        test_pictures=10_000,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        licence="none stated; A. Krizhevsky, V. Nair and G. Hinton",
        survives_mirroring=True,
    ),
    _dataset(
        Files("cifar100", "CIFAR-100", {"cifar-100-python.tar.gz": 169_001_437}),
        classes=class_names.CIFAR100,
        channels=3,
        native_size=32,
        train_pictures=50_000,
        test_pictures=10_000,
        source="https://www.cs.toronto.edu/~kriz/cifar.html",
        licence="none stated; A. Krizhevsky, V. Nair and G. Hinton",
        survives_mirroring=True,
    ),
    _dataset(
        Files("svhn", "Street View House Numbers", {"train_32x32.mat": 182_040_794, "test_32x32.mat": 64_275_384}),
        classes=class_names.DIGITS,
        channels=3,
        native_size=32,
        train_pictures=73_257,
        test_pictures=26_032,
        source="http://ufldl.stanford.edu/housenumbers",
        licence="non-commercial use only, Y. Netzer et al.",
        survives_mirroring=False,
    ),
    _dataset(
        Files("stl10", "STL-10", {"stl10_binary.tar.gz": 2_640_397_119}),
        classes=class_names.STL10,
        channels=3,
        native_size=96,
        train_pictures=5_000,
        test_pictures=8_000,
        source="https://cs.stanford.edu/~acoates/stl10",
        licence="none stated; A. Coates, H. Lee and A. Ng, with pictures of ImageNet",
        survives_mirroring=True,
    ),
    _dataset(
        Files("imagenette", "Imagenette", {"imagenette2-160.tgz": 99_003_388}),
        classes=class_names.IMAGENETTE,
        channels=3,
        native_size=160,
        train_pictures=9_469,
        test_pictures=3_925,
        source="https://github.com/fastai/imagenette",
        licence="Apache 2.0, J. Howard; the pictures are ImageNet's, for research and teaching",
        survives_mirroring=True,
    ),
    _dataset(
        Files(
            "cats_dogs",
            "Cats and dogs (Oxford-IIIT Pet)",
            {"images.tar.gz": 791_918_971, "annotations.tar.gz": 19_173_078},
        ),
        classes=("cat", "dog"),
        channels=3,
        native_size=160,
        train_pictures=3_680,
        test_pictures=3_669,
        source="https://www.robots.ox.ac.uk/~vgg/data/pets",
        licence="CC BY-SA 4.0, O. Parkhi et al.",
        survives_mirroring=True,
    ),
)
