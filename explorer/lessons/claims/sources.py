"""Who says what is checked, and the addresses of the views that show it."""

from __future__ import annotations

from urllib.parse import urlencode

from explorer import registry
from explorer.comparison.entry import Entry, encode
from explorer.lessons.claims.claim import Source

PAPER, COURSE, SOFTWARE, NOTES = "paper", "course", "software", "study notes"


def _paper(name: str, network: str) -> Source:
    paper = registry.get(network).paper
    return Source(f"{name} paper", f"{paper.title} ({paper.published[:4]})", PAPER, paper.url)


LENET = _paper("LeNet-5", "lenet5")
ALEXNET = _paper("AlexNet", "alexnet")
VGG = _paper("VGG", "vgg16")
GOOGLENET = _paper("GoogLeNet", "googlenet")
INCEPTION_V3 = _paper("Inception-v3", "inception_v3")
RESNET = _paper("ResNet", "resnet50")
PREACT = _paper("Pre-activation ResNet", "preact_resnet1001")
SQUEEZENET = _paper("SqueezeNet", "squeezenet1_0")
DENSENET = _paper("DenseNet", "densenet201")
XCEPTION = _paper("Xception", "xception")
MOBILENET = _paper("MobileNet", "mobilenet_v1")
MOBILENET_V2 = _paper("MobileNetV2", "mobilenet_v2")
EFFICIENTNET = _paper("EfficientNet", "efficientnet_b0")

CS231N_NOTES = Source(
    "CS231n notes",
    "CS231n, Convolutional Networks",
    COURSE,
    "https://cs231n.github.io/convolutional-networks/",
)
CS231N_SLIDES = Source(
    "CS231n slides",
    "CS231n 2017, lecture 9, CNN Architectures",
    COURSE,
    "https://cs231n.stanford.edu/slides/2017/cs231n_2017_lecture9.pdf",
)
D2L = Source(
    "Dive into Deep Learning",
    "Dive into Deep Learning, AlexNet",
    COURSE,
    "https://d2l.ai/chapter_convolutional-modern/alexnet.html",
)
VISION_COURSE = Source("A computer-vision course", "A community course on computer vision", COURSE)
DISTILL = Source(
    "Distill",
    "Computing Receptive Fields of Convolutional Neural Networks (2019)",
    COURSE,
    "https://distill.pub/2019/computing-receptive-fields/",
)
CALCULATOR = Source("A memory calculator", "A popular calculator of training memory", SOFTWARE)
CAFFE_ZOO = Source(
    "Caffe model zoo",
    "Network in Network Imagenet Model",
    SOFTWARE,
    "https://gist.github.com/mavenlin/d802a5849de39225bcc6",
)
SQUEEZENET_CODE = Source(
    "SqueezeNet repository",
    "SqueezeNet v1.1",
    SOFTWARE,
    "https://github.com/forresti/SqueezeNet/tree/master/SqueezeNet_v1.1",
)
TORCHVISION = Source(
    "torchvision",
    "torchvision, models and pre-trained weights",
    SOFTWARE,
    "https://docs.pytorch.org/vision/stable/models.html",
)

NOTES_HISTORY = Source("Study notes: case study", "Case study, LeNet to ResNet (Keras)", NOTES)
NOTES_BY_HAND = Source("Study notes: by hand", "LeNet-5, AlexNet and GoogLeNet by hand (TensorFlow 1)", NOTES)
NOTES_STRUCTURES = Source("Study notes: structures", "CNN structures", NOTES)
NOTES_PYTORCH = Source("Study notes: PyTorch", "VGGNet and GoogLeNet (PyTorch)", NOTES)
NOTES_BASICS = Source("Study notes: basics", "CNN basics and models", NOTES)


def explore(network: str, view: str, **more: str) -> str:
    """Return the address of a view of Explore."""
    return f"/explore?{urlencode({'arch': network, 'view': view, **more})}"


def layers(network: str, path: str, **more: str) -> str:
    """Return the address of one layer of a network."""
    return explore(network, "Layers", level="layers", layer=path, **more)


def compare(*entries: str | Entry, view: str = "Table") -> str:
    """Return the address of a comparison of networks, by their names or with options of their own."""
    nets = encode(Entry(one) if isinstance(one, str) else one for one in entries)
    return f"/compare?{urlencode({'nets': nets, 'show': view})}"


def block(name: str, **options: str | int) -> str:
    """Return the address of a block with these options."""
    return f"/blocks?{urlencode({f'b_{key}': value for key, value in {'block': name, **options}.items()})}"


def convolution(view: str, **more: str | int) -> str:
    """Return the address of a view of Convolution."""
    return f"/convolution?{urlencode({'lesson': view, **more})}"
