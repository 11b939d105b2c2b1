"""Claims of the papers on ResNet, Inception-v3 and Xception."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    depth,
    kernels,
    macs,
    params,
    saved,
)
from explorer.lessons.claims.sources import INCEPTION_V3, PREACT, RESNET, XCEPTION, block, compare, explore

_RESNETS = (
    Claim(
        "resnet-less-than-vgg",
        "ResNet-152 is less complex than VGG-16 and VGG-19, though it is eight times deeper.",
        RESNET,
        "true",
        "11.3 GMACs against 15.5 and 19.6: its maps shrink early, and bottlenecks keep its 3x3 convolutions narrow.",
        compare("resnet152", "vgg16", "vgg19"),
        ("resnet152", "vgg16", "vgg19"),
        (
            Figure("ResNet-152", "MACs", lambda: macs("resnet152"), 11_282_415_616, 11_300_000_000),
            Figure("VGG-16", "MACs", lambda: macs("vgg16"), 15_470_264_320, 15_300_000_000),
            Figure("VGG-19", "MACs", lambda: macs("vgg19"), 19_632_062_464, 19_600_000_000),
            Figure("ResNet-152 over VGG-19 in depth", "times", lambda: depth("resnet152") / depth("vgg19"), 8, 8),
        ),
        "abstract and section 3.3",
    ),
    Claim(
        "resnet50-flops",
        "ResNet-50 takes 3.8 billion FLOPs.",
        RESNET,
        "depends",
        "3.86 billion multiply-adds, which the paper calls FLOPs. Whoever counts a multiplication and an addition as "
        "two gets 7.7 billion; torchvision's version, with the stride in the 3x3, takes 4.09 billion multiply-adds.",
        explore("resnet50", "Audit"),
        ("resnet50", "resnet50_tv"),
        (
            Figure(
                "multiply-adds as published", "MACs", lambda: macs("resnet50"), 3_857_973_248, 3_800_000_000, 0, "FLOPs"
            ),
            Figure("operations, two for each", "FLOPs", lambda: 2 * macs("resnet50"), 7_715_946_496),
            Figure("multiply-adds of torchvision's", "MACs", lambda: macs("resnet50_tv"), 4_089_184_256),
        ),
        "table 1",
    ),
    Claim(
        "plain34-share",
        "The plain network of 34 layers takes only 18 % of VGG-19's operations.",
        RESNET,
        "roughly",
        "18.6 %. The paper divides rounded figures, 3.6 by 19.6 billion.",
        compare("plain34", "vgg19"),
        ("plain34", "vgg19"),
        (Figure("share of VGG-19's MACs", "%", lambda: 100 * macs("plain34") / macs("vgg19"), 18.56, 18, 0.01),),
        "section 3.3",
    ),
    Claim(
        "plain34-3x3",
        "Behind its first layer, every convolution of the plain network of 34 layers is 3x3.",
        RESNET,
        "true",
        "33 convolutions: one 7x7, then 32 of 3x3.",
        explore("plain34", "Layers"),
        ("plain34",),
        (
            Figure("3x3 convolutions", "layers", lambda: kernels("plain34", 3), 32, 32),
            Figure("7x7 convolutions", "layers", lambda: kernels("plain34", 7), 1, 1),
        ),
        "section 3.3",
    ),
    Claim(
        "resnet110-params",
        "ResNet-110 for CIFAR-10 has 1.7 million parameters.",
        RESNET,
        "true",
        "With shortcuts that have none themselves (option A). The plain network of this depth has as many.",
        compare("resnet110", "plain110"),
        ("resnet110", "plain110"),
        (
            Figure("parameters of ResNet-110", "parameters", lambda: params("resnet110"), 1_727_962, 1_700_000),
            Figure("parameters of Plain-110", "parameters", lambda: params("plain110"), 1_727_962),
        ),
        "table 6",
    ),
    Claim(
        "preact-1001",
        "A pre-activation ResNet of 1,001 layers has 10.2 million parameters.",
        PREACT,
        "true",
        "10.33 million as built here: 111 bottlenecks in each of three stages. The paper's figure is one percent "
        "lower.",
        explore("preact_resnet1001", "Charts"),
        ("preact_resnet1001",),
        (
            Figure("parameters", "parameters", lambda: params("preact_resnet1001"), 10_327_706, 10_200_000),
            Figure("depth", "layers", lambda: depth("preact_resnet1001"), 1001, 1001),
        ),
        "table 4",
    ),
)

_INCEPTIONS = (
    Claim(
        "inception-v3-five",
        "Two 3x3 convolutions in place of a 5x5 save 28 %.",
        INCEPTION_V3,
        "true",
        "18 weights in place of 25 for each pair of channels.",
        block("small_filters", kernel=5),
        ("inception_v3",),
        (Figure("weights saved", "%", lambda: saved(64, (5, 5), (3, 3), (3, 3)), 28, 28, 0.001),),
        "section 3.1",
    ),
    Claim(
        "inception-v3-asymmetric",
        "A 1x3 and a 3x1 convolution in place of a 3x3 save 33 %.",
        INCEPTION_V3,
        "true",
        "Six weights in place of nine for each pair of channels.",
        block("small_filters", form="pair", kernel=3),
        ("inception_v3",),
        (Figure("weights saved", "%", lambda: saved(64, (3, 3), (1, 3), (3, 1)), 33.33, 33, 0.01),),
        "section 3.2",
    ),
    Claim(
        "inception-v3-googlenet-five",
        "GoogLeNet employed only 5 million parameters.",
        INCEPTION_V3,
        "false",
        "It has 7.0 million. Even the paper's own table, rounded, adds up to 6.8; the figure was copied into many "
        "courses.",
        explore("googlenet", "Charts"),
        ("googlenet",),
        (
            Figure("parameters of GoogLeNet", "parameters", lambda: params("googlenet"), 6_998_552, 5_000_000),
            Figure("with its two auxiliary heads", "parameters", lambda: params("googlenet", aux=True), 13_378_280),
        ),
        "section 1",
    ),
    Claim(
        "inception-v3-vgg",
        "VGGNet employed about three times as many parameters as AlexNet.",
        INCEPTION_V3,
        "roughly",
        "2.3 times, whether VGG-16 or VGG-19.",
        compare("vgg16", "vgg19", "alexnet"),
        ("vgg16", "vgg19", "alexnet"),
        (
            Figure("VGG-16 over AlexNet", "times", lambda: params("vgg16") / params("alexnet"), 2.27, 3, 0.005),
            Figure("VGG-19 over AlexNet", "times", lambda: params("vgg19") / params("alexnet"), 2.36, None, 0.005),
        ),
        "section 1",
    ),
    Claim(
        "inception-v3-cost",
        "Inception-v3 takes 5 billion multiply-adds and has less than 25 million parameters.",
        INCEPTION_V3,
        "roughly",
        "5.7 billion at 299x299. The number of parameters is right: 23.8 million.",
        explore("inception_v3", "Charts", quantity="macs"),
        ("inception_v3",),
        (
            Figure("MACs at 299x299", "MACs", lambda: macs("inception_v3"), 5_713_216_096, 5_000_000_000),
            Figure("parameters", "parameters", lambda: params("inception_v3"), 23_834_568, 25_000_000),
        ),
        "abstract",
    ),
    Claim(
        "inception-v3-googlenet-cost",
        "With 42 layers, the new Inception costs only about 2.5 times as much as GoogLeNet.",
        INCEPTION_V3,
        "depends",
        "That is said of Inception-v2. The final network, Inception-v3 at 299x299, costs 3.6 times as much.",
        compare("inception_v3", "googlenet"),
        ("inception_v3", "googlenet"),
        (
            Figure(
                "Inception-v3 over GoogLeNet",
                "times",
                lambda: macs("inception_v3") / macs("googlenet"),
                3.61,
                2.5,
                0.005,
            ),
            Figure("depth", "layers", lambda: depth("inception_v3"), 42, 42),
        ),
        "section 6",
    ),
    Claim(
        "xception-params",
        "Xception has 22,855,952 parameters, about as many as Inception-v3.",
        XCEPTION,
        "true",
        "To the digit. Inception-v3 has 4 % more.",
        compare("xception", "inception_v3"),
        ("xception", "inception_v3"),
        (
            Figure("parameters of Xception", "parameters", lambda: params("xception"), 22_855_952, 22_855_952),
            Figure("parameters of Inception-v3", "parameters", lambda: params("inception_v3"), 23_834_568, 23_626_728),
        ),
        "table 3",
    ),
)

CLAIMS = (*_RESNETS, *_INCEPTIONS)
