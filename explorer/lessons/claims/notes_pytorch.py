"""Claims of the study notes that build VGG and GoogLeNet with PyTorch."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import count, kernels, layer, layers_of, output, params, rows
from explorer.lessons.claims.sources import NOTES_PYTORCH, block, compare, explore, layers

_SHAPE = "channels, height, width"

CLAIMS = (
    Claim(
        "pytorch-vgg16-133",
        "VGG-16 has 133 million parameters.",
        NOTES_PYTORCH,
        "false",
        "138 million. 133 million is the figure for 11 and for 13 layers in the paper's table.",
        compare("vgg16", "vgg13", "vgg11"),
        ("vgg16", "vgg11", "vgg13"),
        (
            Figure("VGG-16", "parameters", lambda: params("vgg16"), 138_357_544, 133_000_000),
            Figure("VGG-13", "parameters", lambda: params("vgg13"), 133_047_848),
            Figure("VGG-11", "parameters", lambda: params("vgg11"), 132_863_336),
        ),
        quote="1억 3300만",
    ),
    Claim(
        "pytorch-vgg-3x3",
        "All convolutions of VGG are 3x3.",
        NOTES_PYTORCH,
        "roughly",
        "Except in configuration C, where three are 1x1.",
        explore("vgg16_c", "Layers"),
        ("vgg16", "vgg16_c"),
        (
            Figure("1x1 in configuration C", "layers", lambda: kernels("vgg16_c", 1), 3),
            Figure("1x1 in VGG-16", "layers", lambda: kernels("vgg16", 1), 0, 0),
        ),
        quote="3X3 고정",
    ),
    Claim(
        "pytorch-vgg16-sixteen",
        "The convolutions of VGG-16 come in groups of 2, 2, 4, 4 and 4.",
        NOTES_PYTORCH,
        "false",
        "That is VGG-19, with 16 convolutions and three linear layers. VGG-16 has 2, 2, 3, 3 and 3.",
        compare("vgg16", "vgg19", view="Structure"),
        ("vgg16", "vgg19"),
        (
            Figure("convolutions of VGG-16", "layers", lambda: layers_of("vgg16", "conv"), 13, 16),
            Figure("convolutions of VGG-19", "layers", lambda: layers_of("vgg19", "conv"), 16),
        ),
        quote="표 6-3 VGG16",
    ),
    Claim(
        "pytorch-vgg-input",
        "The picture that VGG reads has one map.",
        NOTES_PYTORCH,
        "false",
        "Three, red, green and blue; so each filter of the first layer has 27 weights and a bias.",
        layers("vgg16", "features.0"),
        ("vgg16",),
        (
            Figure("channels of the picture", "channels", lambda: layer("vgg16", "features.0").input_shape[1], 3, 1),
            Figure("first layer", "parameters", lambda: layer("vgg16", "features.0").params, 1_792),
        ),
        quote="이미지 특성맵 1",
    ),
    Claim(
        "pytorch-vgg11-bn",
        "VGG-11 with batch norm has 132,868,840 parameters, and 128,780,034 for two classes.",
        NOTES_PYTORCH,
        "true",
        "The last layer has 4,097 parameters for each class.",
        explore("vgg11_bn", "Audit"),
        ("vgg11_bn",),
        (
            Figure("for 1,000 classes", "parameters", lambda: params("vgg11_bn"), 132_868_840, 132_868_840),
            Figure("for two classes", "parameters", lambda: params("vgg11_bn", classes=2), 128_780_034, 128_780_034),
        ),
    ),
    Claim(
        "pytorch-vgg-first-maps",
        "The first convolution of VGG puts out 64 maps of 224x224.",
        NOTES_PYTORCH,
        "true",
        "With a padding of one pixel a 3x3 kernel keeps the size.",
        layers("vgg16", "features.0"),
        ("vgg16",),
        (Figure("output", _SHAPE, lambda: output("vgg16", "features.0"), (64, 224, 224), (64, 224, 224)),),
        quote="64 x 224x224",
    ),
    Claim(
        "pytorch-vgg-relu",
        "All layers of VGG-16 but the sixteenth have a ReLU behind them.",
        NOTES_PYTORCH,
        "true",
        "15 of 16. The last gives the scores of the classes, which may be negative.",
        explore("vgg16", "Layers"),
        ("vgg16",),
        (Figure("ReLUs", "layers", lambda: count("vgg16", "ReLU"), 15, 15),),
        quote="16번째 제외 ReLU",
    ),
    Claim(
        "pytorch-vgg11-modules",
        "The convolutional part of VGG-11 with batch norm consists of modules 0 to 28.",
        NOTES_PYTORCH,
        "true",
        "Eight convolutions, each with batch norm and ReLU, and five poolings: 29, numbered as in torchvision.",
        explore("vgg11_bn", "Layers"),
        ("vgg11_bn",),
        (Figure("modules", "modules", lambda: _modules("vgg11_bn", "features"), 29, 29),),
        quote="features (0)-(28)",
    ),
    Claim(
        "pytorch-inception-branches",
        "An Inception module has four branches.",
        NOTES_PYTORCH,
        "true",
        "1x1; 1x1 and 3x3; 1x1 and 5x5; a pooling and 1x1. Their outputs are joined on channels.",
        block("inception"),
        ("googlenet",),
        (Figure("maps that are joined", "branches", lambda: _branches("inception3a"), 4, 4),),
        quote="4 branches",
    ),
    Claim(
        "pytorch-pool-padding",
        "The pooling in an Inception module is padded.",
        NOTES_PYTORCH,
        "true",
        "By one pixel, so that its 3x3 windows with stride 1 keep the size, and the four outputs fit together.",
        layers("googlenet", "inception3a.branch_pool.pool"),
        ("googlenet",),
        (
            Figure(
                "output of the pooling in 3a",
                _SHAPE,
                lambda: output("googlenet", "inception3a.branch_pool.pool"),
                (192, 28, 28),
                (192, 28, 28),
            ),
        ),
        quote="풀링에 패딩",
    ),
)


def _modules(network: str, part: str) -> int:
    return sum(row.path.startswith(f"{part}.") for row in rows(network))


def _branches(part: str) -> int:
    return len(layer("googlenet", f"{part}.cat").input_shapes)
