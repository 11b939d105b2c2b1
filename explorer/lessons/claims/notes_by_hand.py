"""Claims of the study notes that build networks by hand in TensorFlow 1 and with PyTorch."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    kernels,
    layer,
    layers_of,
    output,
    params,
    rows,
    same_side,
    side,
)
from explorer.lessons.claims.sources import NOTES_BY_HAND, NOTES_PYTORCH, block, compare, convolution, explore, layers

_SHAPE = "channels, height, width"


def _c3_maps_that_read(count: int) -> int:
    return sum(
        row.group == "conv" and row.path.startswith("c3.") and row.input_shape[1] == count for row in rows("lenet5")
    )


_BY_HAND = (
    Claim(
        "by-hand-subsampling",
        "Subsampling in LeNet-5 has a trained coefficient and a trained bias for each map.",
        NOTES_BY_HAND,
        "true",
        "Two for each of six maps in S2, two for each of sixteen in S4.",
        layers("lenet5", "s2"),
        ("lenet5",),
        (
            Figure("parameters of S2", "parameters", lambda: layer("lenet5", "s2").params, 12, 12),
            Figure("parameters of S4", "parameters", lambda: layer("lenet5", "s4").params, 32, 32),
        ),
        quote="학습되는 계수, 편향",
    ),
    Claim(
        "by-hand-c3",
        "Each map of C3 reads three or four maps of S2.",
        NOTES_BY_HAND,
        "roughly",
        "Six read three and nine read four; the sixteenth reads all six.",
        block("c3_table"),
        ("lenet5",),
        (
            Figure("maps that read all six", "maps", lambda: _c3_maps_that_read(6), 1),
            Figure("maps that read three", "maps", lambda: _c3_maps_that_read(3), 6),
            Figure("maps that read four", "maps", lambda: _c3_maps_that_read(4), 9),
        ),
        quote="3개 또는 4개 맵",
    ),
    Claim(
        "by-hand-alexnet-same",
        "With SAME padding the first layer of AlexNet makes 55x55 of 224x224.",
        NOTES_BY_HAND,
        "false",
        "SAME gives ceil(224/4) = 56. The error stands in the first edition of a well-known book.",
        convolution("Channels", side=224, filters=96, k=11, s=4, same="true"),
        ("alexnet",),
        (
            Figure("SAME, stride 4", "pixels", lambda: same_side(224, 11, 4), 56, 55),
            Figure("VALID, stride 4", "pixels", lambda: side(224, 11, 4), 54),
        ),
        quote="AlexNet 표",
    ),
    Claim(
        "by-hand-no-pool5",
        "Without its last pooling AlexNet feeds 12x12x256 values to a linear layer of 4,096.",
        NOTES_BY_HAND,
        "true",
        "That layer alone has 151 million parameters, the network 172 million, 2.8 times AlexNet: it runs out of "
        "memory.",
        layers("alexnet_no_pool5", "fc6"),
        ("alexnet_no_pool5", "alexnet"),
        (
            Figure("first linear layer", "parameters", lambda: layer("alexnet_no_pool5", "fc6").params, 150_999_040),
            Figure("what it reads", _SHAPE, lambda: output("alexnet_no_pool5", "conv5"), (256, 12, 12), (256, 12, 12)),
            Figure("over AlexNet", "times", lambda: params("alexnet_no_pool5") / params("alexnet"), 2.81, None, 0.005),
        ),
        quote="12*12*256 -> 4096",
    ),
    Claim(
        "by-hand-ten-times",
        "GoogLeNet has ten times fewer parameters than AlexNet.",
        NOTES_BY_HAND,
        "roughly",
        "8.7 times. The paper says twelve.",
        compare("googlenet", "alexnet"),
        ("googlenet", "alexnet"),
        (Figure("AlexNet over GoogLeNet", "times", lambda: params("alexnet") / params("googlenet"), 8.71, 10, 0.005),),
        quote="AlexNet보다 10배 적은",
    ),
    Claim(
        "by-hand-googlenet-shapes",
        "GoogLeNet's maps are 14x14x480, then 7x7x832, and 1x1x1,024 before the linear layer.",
        NOTES_BY_HAND,
        "true",
        "Behind the third and fourth pooling and the global average.",
        explore("googlenet", "Layers"),
        ("googlenet",),
        (
            Figure("behind pool3", _SHAPE, lambda: output("googlenet", "pool3"), (480, 14, 14), (480, 14, 14)),
            Figure("behind pool4", _SHAPE, lambda: output("googlenet", "pool4"), (832, 7, 7), (832, 7, 7)),
            Figure("behind the average", _SHAPE, lambda: output("googlenet", "avgpool"), (1024, 1, 1), (1024, 1, 1)),
        ),
        quote="14x14x480, 7x7x832, 1x1x1024",
    ),
    Claim(
        "by-hand-lrn",
        "Response normalisation in AlexNet has r=2, alpha=0.00002, beta=0.75 and k=1.",
        NOTES_BY_HAND,
        "depends",
        "The paper has n=5, alpha=1e-4, beta=0.75, k=2. Caffe's version has k=1 and divides alpha by n, which gives "
        "these figures.",
        block("normalisation", form="lrn"),
        ("alexnet",),
        quote="r=2, alpha=0.00002, beta=0.75, k=1",
        reference="Krizhevsky et al. 2012, section 3.3; Caffe, bvlc_alexnet",
    ),
    Claim(
        "by-hand-keep-prob",
        "keep_prob=0.4 is the dropout of 40 % of the GoogLeNet paper.",
        NOTES_BY_HAND,
        "false",
        "It keeps 40 %, so it drops 60 %. The paper drops 40 %.",
        explore("googlenet", "Story"),
        ("googlenet",),
        quote="keep_prob 0.4",
        reference="Szegedy et al. 2014, table 1: dropout (40%); TensorFlow 1 documentation of tf.nn.dropout",
    ),
)

_PYTORCH = (
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
)

CLAIMS = (*_BY_HAND, *_PYTORCH)
