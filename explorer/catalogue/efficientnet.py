"""What is known about the EfficientNets."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks",
    authors="Mingxing Tan, Quoc V. Le",
    published="2019-05",
    url="https://arxiv.org/abs/1905.11946",
)
PAPER_LITE = Paper(
    title="Higher accuracy on vision models with EfficientNet-Lite",
    authors="Renjie Liu",
    published="2020-03",
    url="https://blog.tensorflow.org/2020/03/higher-accuracy-on-vision-models-with-efficientnet-lite.html",
)
FAMILY = "EfficientNet"
ANY_SIZE = "takes pictures of any size, because padding never lets a map vanish"
MBCONV = (
    "Its block, found by search, is MobileNetV2's inverted residual (narrow, wide, depthwise filter, narrow) with "
    "squeeze-and-excitation and swish."
)
SCALING = "Depth, width and resolution grow together, in a fixed ratio, instead of one of them alone."
RECIPE = (
    "RMSProp with momentum 0.9, weight decay 1e-5, learning rate 0.256 that falls by 3 % every 2.4 epochs, swish, "
    "AutoAugment, stochastic depth with survival 0.8, dropout growing from 0.2 (B0) to 0.5 (B7)."
)
PADDING = (
    "torchvision pads all sides of a map alike; Google's TensorFlow code pads the bottom and the right more, at "
    "stride 2 on even sizes."
)
EPSILON = "torchvision's batch normalisation adds 1e-5 to the variance up to B4; Google's code adds 1e-3 throughout."
SIZE_B2 = "torchvision's weights for B2 were measured at 288x288; the paper's B2 works at 260x260."
TABLE_2 = "Tan and Le 2019 (arXiv version 5), table 2"


def dropout(default: float) -> Option:
    return Option(
        "dropout", default, "Share of the features dropped before the last layer in training.", (), 0, 0.9, 0.1
    )


def scaled(
    number: int,
    size: int,
    factors: tuple[float, float, float],
    accuracies: tuple[float, float],
    idea: str,
    params: tuple[float, float] | None,
) -> Architecture:
    """Return the record of EfficientNet-B`number`.

    `factors` are width, depth and dropout, `accuracies` the paper's top-1 and top-5 in percent, `params` its millions
    of parameters and half their last digit (None where its table disagrees with its layers).
    """
    width, depth, drop = factors
    top1, top5 = accuracies
    return Architecture(
        name=f"efficientnet_b{number}",
        title=f"EfficientNet-B{number}",
        family=FAMILY,
        paper=PAPER,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", f"efficientnet_b{number}"),),
        input_size=(3, size, size),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(dropout(drop),),
        ideas=(MBCONV, SCALING, f"B{number}: width x{width:g}, depth x{depth:g}, pictures of {size}x{size}. {idea}"),
        recipe=RECIPE,
        results=(
            Result(
                "ImageNet",
                f"validation set, one {size}x{size} crop",
                TABLE_2,
                top1_error=round(100 - top1, 1),
                top5_error=round(100 - top5, 1),
            ),
        ),
        differences=(PADDING, *((EPSILON,) if number < 5 else ()), *((SIZE_B2,) if number == 2 else ())),
        references=(Reference("params", params[0] * 1e6, TABLE_2, params[1] * 1e6),) if params else (),
        torchvision=f"efficientnet_b{number}",
    )


ARCHITECTURES = (
    scaled(
        0,
        224,
        (1, 1, 0.2),
        (77.1, 93.3),
        "It is the network that was searched for; the seven others are it, scaled.",
        (5.3, 0.05),
    ),
    scaled(1, 240, (1, 1.1, 0.2), (79.1, 94.4), "Only depth and resolution have grown by here.", (7.8, 0.05)),
    scaled(2, 260, (1.1, 1.2, 0.3), (80.1, 94.9), "Widths are rounded to multiples of 8.", None),
    scaled(3, 300, (1.2, 1.4, 0.3), (81.6, 95.7), "It has about half of ResNet-50's parameters.", (12, 0.5)),
    scaled(4, 380, (1.4, 1.8, 0.4), (82.9, 96.4), "It costs about as many MACs as ResNet-50.", (19, 0.5)),
    scaled(5, 456, (1.6, 2.2, 0.4), (83.6, 96.7), "27 times the MACs of B0 buy 6.5 points of accuracy.", (30, 0.5)),
    scaled(6, 528, (1.8, 2.6, 0.5), (84.0, 96.8), "A picture has 5.6 times the pixels of one for B0.", (43, 0.5)),
    scaled(
        7,
        600,
        (2, 3.1, 0.5),
        (84.3, 97.0),
        "It reached the best published accuracy of its day with 8.4 times fewer parameters than the network before it.",
        (66, 0.5),
    ),
    Architecture(
        name="efficientnet_lite0",
        title="EfficientNet-Lite0",
        family=FAMILY,
        paper=PAPER_LITE,
        builder="efficientnet:EfficientNetLite0",
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(dropout(0.2),),
        ideas=(
            "EfficientNet-B0 made ready for phones and 8-bit arithmetic.",
            "Squeeze-and-excitation is left out, because some mobile accelerators handle it badly.",
            "ReLU6 replaces swish: outputs between 0 and 6 lose little when they are stored in 8 bits.",
            "Stem and head keep their size when the network is scaled up, so the larger Lite networks stay fast.",
        ),
        recipe="As EfficientNet-B0 (RMSProp, dropout 0.2, stochastic depth with survival 0.8), with pictures scaled to "
        "(x - 127) / 128.",
        results=(
            Result(
                "ImageNet",
                "validation set, 32-bit floats",
                "Google's model list (github.com/tensorflow/tpu, models/official/efficientnet/lite)",
                top1_error=24.9,
            ),
        ),
        differences=(
            "torchvision has no EfficientNet-Lite.",
            "Maps are padded as in TensorFlow, more at the bottom and the right at stride 2 on even sizes, because the "
            "published weights were trained so.",
        ),
        references=(Reference("params", 4.7e6, "Google's model list: 4.7M", 0.05e6),),
    ),
)
