"""Claims of the papers on networks that are small or cheap for what they do."""

from __future__ import annotations

from explorer.comparison.entry import Entry
from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    full_over_separable,
    macs,
    mebibytes,
    params,
    share_of_1x1,
)
from explorer.lessons.claims.sources import (
    DENSENET,
    EFFICIENTNET,
    MOBILENET,
    MOBILENET_V2,
    SQUEEZENET,
    block,
    compare,
    explore,
)

CLAIMS = (
    Claim(
        "squeezenet-fifty",
        "SqueezeNet has 50 times fewer parameters than AlexNet and takes 4.8 MB.",
        SQUEEZENET,
        "true",
        "48.8 or 48.9 times fewer, by which AlexNet one counts; 4.99 MB, which is 4.76 MiB.",
        compare("squeezenet1_0", "alexnet"),
        ("squeezenet1_0", "alexnet"),
        (
            Figure(
                "AlexNet over SqueezeNet",
                "times",
                lambda: params("alexnet") / params("squeezenet1_0"),
                48.83,
                50,
                0.005,
            ),
            Figure("weight file", "MiB", lambda: mebibytes("squeezenet1_0"), 4.76, 4.8, 0.005, "MB"),
        ),
        "abstract and table 2",
    ),
    Claim(
        "mobilenet-eight-to-nine",
        "A depthwise separable 3x3 convolution needs eight to nine times less computation.",
        MOBILENET,
        "true",
        "The cost falls to 1/N + 1/9 with N filters: 8.8 times less for 512. With few filters it is less: 6.4 times "
        "for 22.",
        block("separable"),
        ("mobilenet_v1",),
        (
            Figure(
                "full over separable, 512 channels",
                "times",
                lambda: full_over_separable(512),
                8.84,
                9,
                0.005,
            ),
            Figure(
                "full over separable, 22 channels",
                "times",
                lambda: full_over_separable(22),
                6.39,
                None,
                0.005,
            ),
        ),
        "section 3.1",
    ),
    Claim(
        "mobilenet-1x1",
        "MobileNet spends 95 % of its computation, and 75 % of its parameters, in 1x1 convolutions.",
        MOBILENET,
        "true",
        "94.9 % and 74.2 %: depthwise convolutions are cheap, so nearly all is left to the 1x1 behind them.",
        explore("mobilenet_v1", "Charts", quantity="macs"),
        ("mobilenet_v1",),
        (
            Figure("share of MACs in 1x1", "%", lambda: share_of_1x1("mobilenet_v1", "macs"), 94.86, 95, 0.005),
            Figure("share of parameters in 1x1", "%", lambda: share_of_1x1("mobilenet_v1", "params"), 74.19, 75, 0.005),
        ),
        "table 2",
    ),
    Claim(
        "mobilenet-vgg",
        "MobileNet is 32 times smaller than VGG-16 and needs 27 times less computation.",
        MOBILENET,
        "true",
        "32.7 and 27.2 times.",
        compare("mobilenet_v1", "vgg16"),
        ("mobilenet_v1", "vgg16"),
        (
            Figure(
                "VGG-16 over MobileNet", "times", lambda: params("vgg16") / params("mobilenet_v1"), 32.69, 32, 0.005
            ),
            Figure("the same for MACs", "times", lambda: macs("vgg16") / macs("mobilenet_v1"), 27.2, 27, 0.005),
        ),
        "section 4.2",
    ),
    Claim(
        "mobilenet-googlenet",
        "MobileNet needs more than 2.5 times less computation than GoogLeNet.",
        MOBILENET,
        "true",
        "2.8 times less.",
        compare("mobilenet_v1", "googlenet"),
        ("mobilenet_v1", "googlenet"),
        (
            Figure(
                "GoogLeNet over MobileNet", "times", lambda: macs("googlenet") / macs("mobilenet_v1"), 2.78, None, 0.005
            ),
        ),
        "section 4.2",
    ),
    Claim(
        "mobilenet-half",
        "MobileNet at half width and 160 pixels is 45 times smaller than AlexNet and needs 9.4 times less computation.",
        MOBILENET,
        "true",
        "45.8 and 9.5 times.",
        compare(Entry("mobilenet_v1", (("width", 0.5),), 160), "alexnet"),
        ("mobilenet_v1", "alexnet"),
        (
            Figure(
                "AlexNet over MobileNet",
                "times",
                lambda: params("alexnet") / params("mobilenet_v1", width=0.5),
                45.78,
                45,
                0.005,
            ),
            Figure(
                "the same for MACs",
                "times",
                lambda: macs("alexnet") / macs("mobilenet_v1", 160, width=0.5),
                9.47,
                9.4,
                0.005,
            ),
        ),
        "section 4.2",
    ),
    Claim(
        "mobilenet-v2-size",
        "MobileNetV2 has 3.4 million parameters and takes 300 million multiply-adds.",
        MOBILENET_V2,
        "roughly",
        "3.5 million with the linear layer for 1,000 classes; the multiply-adds are right.",
        explore("mobilenet_v2", "Charts"),
        ("mobilenet_v2",),
        (
            Figure("parameters", "parameters", lambda: params("mobilenet_v2"), 3_504_872, 3_400_000),
            Figure("MACs", "MACs", lambda: macs("mobilenet_v2"), 300_774_272, 300_000_000),
        ),
        "table 4",
    ),
    Claim(
        "densenet-resnet",
        "DenseNet-201 with 20 million parameters does as well as ResNet-101 with more than 40 million.",
        DENSENET,
        "true",
        "20.0 and 44.5 million. That they do equally well is the paper's measurement.",
        compare("densenet201", "resnet101"),
        ("densenet201", "resnet101"),
        (
            Figure("parameters of DenseNet-201", "parameters", lambda: params("densenet201"), 20_013_928, 20_000_000),
            Figure("parameters of ResNet-101", "parameters", lambda: params("resnet101"), 44_549_160),
        ),
        "section 4.4",
    ),
    Claim(
        "efficientnet-gpipe",
        "EfficientNet-B7 is 8.4 times smaller than the best network before it, GPipe with 557 million parameters.",
        EFFICIENTNET,
        "true",
        "557 million over 66.3 million is 8.4.",
        explore("efficientnet_b7", "Charts"),
        ("efficientnet_b7",),
        (
            Figure("GPipe over EfficientNet-B7", "times", lambda: 557e6 / params("efficientnet_b7"), 8.395, 8.4, 0.001),
            Figure("parameters of B7", "parameters", lambda: params("efficientnet_b7"), 66_347_960, 66_000_000),
        ),
        "abstract",
    ),
    Claim(
        "efficientnet-b0",
        "EfficientNet-B0 has 5.3 million parameters and takes 0.39 billion multiply-adds.",
        EFFICIENTNET,
        "true",
        "5.29 million and 0.386 billion, which the paper calls FLOPs.",
        explore("efficientnet_b0", "Charts"),
        ("efficientnet_b0",),
        (
            Figure("parameters", "parameters", lambda: params("efficientnet_b0"), 5_288_548, 5_300_000),
            Figure("MACs", "MACs", lambda: macs("efficientnet_b0"), 385_814_752, 390_000_000),
        ),
        "table 2",
    ),
)
