"""Claims of the study notes that build networks by hand in TensorFlow 1."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    count,
    dropped,
    layer,
    output,
    params,
    rows,
    same_side,
    side,
)
from explorer.lessons.claims.sources import NOTES_BY_HAND, block, compare, convolution, explore, layers

_SHAPE = "channels, height, width"


def _c3_maps_that_read(count: int) -> int:
    return sum(
        row.group == "conv" and row.path.startswith("c3.") and row.input_shape[1] == count for row in rows("lenet5")
    )


CLAIMS = (
    Claim(
        "by-hand-lenet-code",
        "LeNet-5 has weights of 5x5x1x6, 5x5x6x16 and 5x5x16x120, then 84 and 10 units.",
        NOTES_BY_HAND,
        "roughly",
        "So it is often built, with 61,706 parameters. In LeNet-5 itself C3 reads only some of the maps, subsampling "
        "is trained and the output is not: 60,000.",
        compare("lenet5_modern", "lenet5"),
        ("lenet5_modern", "lenet5"),
        (
            Figure("parameters as built there", "parameters", lambda: params("lenet5_modern"), 61_706),
            Figure("parameters as published", "parameters", lambda: params("lenet5"), 60_000),
        ),
        quote="5x5x1x6, 5x5x6x16, 5x5x16x120",
    ),
    Claim(
        "by-hand-padding",
        "Digits of 28x28 are padded with zeros to 32x32 for LeNet-5.",
        NOTES_BY_HAND,
        "true",
        "The code pads within the first convolution in place of the picture, two pixels on each side: 28x28 either "
        "way.",
        convolution("Channels", channels=1, side=28, filters=6, k=5, p=2),
        ("lenet5",),
        (
            Figure("first maps, from 28 padded by 2", "pixels", lambda: side(28, 5, padding=2), 28, 28),
            Figure("first maps, from 32", "pixels", lambda: side(32, 5), 28, 28),
        ),
        quote="28x28 -> 32x32 제로 패딩",
    ),
    Claim(
        "by-hand-lrn-places",
        "AlexNet normalises responses behind its first and its second convolution.",
        NOTES_BY_HAND,
        "true",
        "Behind the ReLU of both, before the pooling.",
        layers("alexnet", "norm1"),
        ("alexnet",),
        (Figure("response normalisations", "layers", lambda: count("alexnet", "LocalResponseNorm"), 2, 2),),
        quote="C1과 C3 뒤 LRN",
    ),
    Claim(
        "by-hand-dropout",
        "AlexNet drops half of the values before its two large linear layers.",
        NOTES_BY_HAND,
        "true",
        "In training only; all are used to predict.",
        layers("alexnet", "drop6"),
        ("alexnet",),
        (
            Figure("dropped before the first", "%", lambda: dropped("alexnet", "drop6"), 50, 50),
            Figure("dropped before the second", "%", lambda: dropped("alexnet", "drop7"), 50, 50),
        ),
        quote="50%",
    ),
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
