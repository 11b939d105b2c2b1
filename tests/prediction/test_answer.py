"""Answers on real photographs, and every way to get weights into a network."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import skimage.data
import sklearn.datasets
import torch
import torchvision
from file_server import FileServer, serving
from PIL import Image
from torch import Tensor, nn

from explorer import registry, samples
from explorer.download import CannotDownloadError
from explorer.prediction import cache, classify, decode_image, embedded, sources, torchvision_weights
from explorer.prediction.answer import ask
from explorer.prediction.embedded import Embedded, imagenet_classes
from explorer.prediction.model import DivergedError, Model
from explorer.prediction.preprocessing import Preprocessing
from explorer.prediction.source import Entry, with_weights
from explorer.prediction.torchvision_weights import TorchvisionWeights, published, rename

LITE0 = "efficientnet_lite0"


def photograph(name: str) -> Image.Image:
    """A picture that scikit-image or scikit-learn ships, as it is."""
    if name.endswith(".jpg"):
        return Image.fromarray(sklearn.datasets.load_sample_image(name))
    return Image.fromarray(getattr(skimage.data, name)()).convert("RGB")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("chelsea", {"tabby", "tiger cat", "Egyptian cat"}),
        ("coffee", {"espresso"}),
        ("camera", {"tripod"}),
        ("rocket", {"missile", "projectile"}),
        ("china.jpg", {"palace", "bell cote", "monastery"}),
        ("flower.jpg", {"daisy"}),
    ],
)
def test_photographs_get_the_label_that_one_would_expect(name: str, expected: set[str]) -> None:
    assert classify(photograph(name), LITE0, top_k=1)[0][0] in expected


@pytest.mark.parametrize(("name", "expected"), [("cat", "cat"), ("coffee", "espresso"), ("camera", "tripod")])
def test_the_samples_get_the_label_that_one_would_expect(name: str, expected: str) -> None:
    assert expected in classify(decode_image(samples.get(name).data()), LITE0)[0][0]


def test_probabilities_come_in_falling_order_and_add_up_to_one(cat: Image.Image) -> None:
    found = [probability for _, probability in classify(cat, LITE0, top_k=1000)]
    assert found == sorted(found, reverse=True)
    assert sum(found) == pytest.approx(1, abs=1e-4)


def test_more_classes_than_there_are_give_all(cat: Image.Image) -> None:
    assert len(classify(cat, LITE0, top_k=5000)) == 1000


def test_less_than_one_class_is_an_error(cat: Image.Image) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        classify(cat, LITE0, top_k=0)


@pytest.mark.parametrize(("name", "near"), [("resnet50", "resnet50_tv"), ("effcientnet_lite0", LITE0)])
def test_an_unknown_name_raises_with_the_nearest(name: str, near: str, cat: Image.Image) -> None:
    with pytest.raises(KeyError, match=near):
        classify(cat, name)


def test_an_answer_knows_the_place_of_every_class(cat: Image.Image) -> None:
    answer = ask(cache.get(LITE0), cat)
    assert [answer.rank(number) for number in answer.top(3)] == [1, 2, 3]
    assert answer.seconds > 0
    assert answer.device in ("cpu", "cuda")


# Weights


def test_the_embedded_weights_are_found_without_running_their_package() -> None:
    import sys

    assert embedded.find_file().name == embedded.FILE
    assert embedded.PACKAGE not in sys.modules


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PACKAGE", "no_such_package")
    with pytest.raises(CannotDownloadError, match="install no-such-package"):
        Embedded().load(LITE0)


def test_networks_that_torchvision_has_no_weights_for_are_not_offered_as_trained() -> None:
    trained = {entry.arch for entry in sources.entries().values() if entry.is_trained}
    assert {LITE0, "vgg16", "resnet50_tv", "vit_h_14", "inception_v3"} <= trained
    assert not {"googlenet", "resnet50", "zfnet", "lenet5", "xception"} & trained


def test_every_published_set_of_weights_fits_its_registered_network() -> None:
    for name, (entry, weights) in published().items():
        if weights.name in ("IMAGENET1K_V1", "IMAGENET1K_SWAG_LINEAR_V1"):
            arch = registry.get(entry.arch)
            extra = {"aux_logits": True, "init_weights": False} if name in ("googlenet_tv", "inception_v3") else {}
            with torch.device("meta"):
                theirs = (
                    torchvision.models.get_model(arch.torchvision, **extra) if "regnet" not in name else arch.build()
                )
            with_weights(arch, rename(theirs.state_dict()))


def test_the_default_weights_are_the_best_that_fit() -> None:
    found = published()
    assert "resnet50-11ad3fa6" in found["resnet50_tv"][1].url  # V2, 80.9 %
    assert "resnet50-0676ba61" in found["resnet50_tv-v1"][1].url  # V1, 76.1 %
    assert "vit_h_14_lc_swag" in found["vit_h_14"][1].url  # the other takes 518x518


def save(state: OrderedDict[str, Tensor], folder: Path, name: str) -> Path:
    draft = folder / "draft"
    torch.save(state, draft)
    return draft.rename(folder / f"{name}-{hashlib.sha256(draft.read_bytes()).hexdigest()[:8]}.pth")


def loaded(monkeypatch: pytest.MonkeyPatch, folder: Path, name: str, state: OrderedDict[str, Tensor]) -> Model:
    """Load weights of our own as if torchvision had published them."""
    entry, weights = published()[name]
    path = save(state, folder, name)
    copy = SimpleNamespace(url=f"https://nowhere.invalid/{path.name}", transforms=weights.transforms, meta=weights.meta)
    (folder / "weights").mkdir()
    path.rename(folder / "weights" / path.name)
    monkeypatch.setenv("EXPLORER_DATA", str(folder))
    monkeypatch.setattr(torchvision_weights, "published", lambda: {name: (entry, copy)})
    return TorchvisionWeights().load(name)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("squeezenet1_1", {}),
        ("googlenet_tv", {"aux_logits": True, "transform_input": True, "init_weights": False}),
        ("densenet121", {}),
        ("mnasnet0_5", {}),
    ],
)
def test_weights_from_torchvision_give_torchvisions_scores(
    name: str, options: dict[str, Any], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cat: Image.Image
) -> None:
    theirs = torchvision.models.get_model(registry.get(name).torchvision, **options).eval()
    for module in theirs.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.running_var.uniform_(0.5, 2)
    state = theirs.state_dict()
    for key in list(state):  # as the files of DenseNet have it
        for part in ("norm1", "norm2", "conv1", "conv2"):
            if f".{part}." in key and "denselayer" in key:
                state[key.replace(f".{part}.", f".{part[:4]}.{part[4]}.")] = state.pop(key)
    model = loaded(monkeypatch, tmp_path, name, state)
    with torch.no_grad():
        expected = theirs(model.tensor(cat))
        torch.testing.assert_close(model.network(model.tensor(cat)), expected, rtol=1e-4, atol=1e-5)


def test_weights_in_half_precision_become_float32(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    state = registry.get("squeezenet1_1").build().half().state_dict()
    model = loaded(monkeypatch, tmp_path, "squeezenet1_1", state)
    assert {weight.dtype for weight in model.network.parameters()} == {torch.float32}


def test_a_file_with_code_in_it_is_not_run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=r"weights_only|Weights only"):
        loaded(monkeypatch, tmp_path, "squeezenet1_1", OrderedDict(a=Path("/")))  # type: ignore[arg-type]


@pytest.fixture
def published_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[FileServer]:
    """A server on this machine that has weights of SqueezeNet 1.1, as torchvision publishes them."""
    entry, weights = published()["squeezenet1_1"]
    path = save(registry.get("squeezenet1_1").build().state_dict(), tmp_path, "squeezenet1_1")
    with serving(path.read_bytes(), path.name) as server:
        copy = SimpleNamespace(url=server.url, transforms=weights.transforms, meta=weights.meta)
        monkeypatch.setenv("EXPLORER_DATA", str(tmp_path / "data"))
        monkeypatch.setattr(torchvision_weights, "published", lambda: {"squeezenet1_1": (entry, copy)})
        yield server


def test_weights_are_downloaded_once_through_connections_that_break(
    published_here: FileServer, cat: Image.Image
) -> None:
    published_here.cut_after = len(published_here.content) // 2 + 1
    steps: list[tuple[int, int]] = []
    model = TorchvisionWeights().load("squeezenet1_1", lambda done, total: steps.append((done, total)))
    assert len(published_here.ranges) == 2
    assert steps[-1] == (len(published_here.content), len(published_here.content))
    assert ask(model, cat).top(5)
    assert TorchvisionWeights().entries()[0].download_bytes == 0
    TorchvisionWeights().load("squeezenet1_1")
    assert len(published_here.ranges) == 2


def test_weights_with_another_checksum_are_not_loaded_and_not_kept(published_here: FileServer) -> None:
    published_here.content = published_here.content[:-1] + b"x"
    with pytest.raises(CannotDownloadError, match="checksum"):
        TorchvisionWeights().load("squeezenet1_1")
    assert [path.suffix for path in torchvision_weights.weights_folder().iterdir()] == [".lock"]


def test_without_a_network_the_answer_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, cat: Image.Image
) -> None:
    monkeypatch.setenv("EXPLORER_DATA", str(tmp_path))
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    with pytest.raises(CannotDownloadError, match=r"does not reach download\.pytorch\.org"):
        classify(cat, "squeezenet1_1")


# Other sources


def test_a_source_that_is_added_is_asked_like_the_others(monkeypatch: pytest.MonkeyPatch, cat: Image.Image) -> None:
    class Runs:
        def entries(self) -> tuple[Entry, ...]:
            return (Entry("run-7", "Run 7", "lenet5_modern", "Your runs", "Learned digits."),)

        def load(self, name: str, progress: object = None) -> Model:
            digits = tuple("0123456789")
            grey = Preprocessing(32, 32, (0.3,), (0.4,))
            return Model(
                name, "Run 7", "lenet5_modern", registry.get("lenet5_modern").build(), grey, digits, 10, "Run 7"
            )

    monkeypatch.setattr(sources, "_sources", list(sources._sources))
    own = cache.ModelCache(sources.load, 2**30, lambda: 2**40)
    monkeypatch.setattr(cache, "_shared", lambda: own)
    sources.add(Runs())
    assert {label for label, _ in classify(cat, "run-7", top_k=10)} == set("0123456789")


def test_networks_without_weights_say_that_they_are_untrained(cat: Image.Image) -> None:
    model = cache.get("untrained-resnet20")
    assert not model.is_trained
    assert "chance" in sources.entries()["untrained-resnet20"].about
    assert len(ask(model, cat).labels) == 10


@pytest.mark.parametrize("name", ["preact_resnet1001", "plain110"])
def test_deep_networks_do_not_overflow_for_want_of_training(name: str, cat: Image.Image) -> None:
    assert sum(ask(sources.load(f"untrained-{name}"), cat).probabilities) == pytest.approx(1, abs=1e-4)


def test_weights_that_have_diverged_are_told_of(cat: Image.Image) -> None:
    model = sources.load("untrained-lenet5_modern")
    model.network.get_parameter("classifier.1.weight").fill_(float("nan"))
    with pytest.raises(DivergedError, match="diverged"):
        ask(model, cat)


def test_the_classes_are_imagenets() -> None:
    assert len(imagenet_classes()) == 1000
    assert imagenet_classes()[281] == "tabby"
