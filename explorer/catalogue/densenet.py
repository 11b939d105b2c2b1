"""What is known about the DenseNets."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="Densely Connected Convolutional Networks",
    authors="Gao Huang, Zhuang Liu, Laurens van der Maaten, Kilian Q. Weinberger",
    published="2016-08",
    url="https://arxiv.org/abs/1608.06993",
)
DROP_RATE = Option(
    "drop_rate",
    0.0,
    "Share of each dense layer's new maps dropped in training; the paper uses 0.2 on small data without augmentation.",
    least=0,
    most=0.9,
    step=0.1,
)
IDEAS = (
    "Within a block each layer reads the maps of all layers before it, joined on channels, so features are reused "
    "instead of learned again, and the loss is only a few steps away from every layer.",
    "A layer therefore adds only a few maps, the growth rate k; the input of the last layers of a block is wide, their "
    "output is narrow.",
    "Each 3x3 convolution stands behind a 1x1 one that first reduces its wide input to 4k maps (the B of DenseNet-BC).",
    "Between blocks a transition halves the number of maps with a 1x1 convolution (the C) and the size with average "
    "pooling.",
)
ONE_CROP = "validation set, one 224x224 crop"
TABLE_3 = "Huang et al. 2016, table 3"


def dense(depth: int, layers: str, growth_rate: int, idea: str, result: Result) -> Architecture:
    """Return the record of the ImageNet DenseNet-BC of this depth; `layers` counts those of its four blocks."""
    return Architecture(
        name=f"densenet{depth}",
        title=f"DenseNet-{depth}",
        family="DenseNet",
        paper=PAPER,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", f"densenet{depth}"),),
        input_size=(3, 224, 224),
        least_size=29,
        size_rule="halves the picture five times, the last three times without padding",
        options=(DROP_RATE,),
        ideas=(*IDEAS, f"Its blocks have {layers} layers, with k = {growth_rate}. {idea}"),
        recipe="SGD with Nesterov momentum 0.9, batch 256, 90 epochs, learning rate 0.1 divided by 10 at epochs 30 and "
        "60, weight decay 1e-4, He initialisation.",
        results=(result,),
        differences=("torchvision builds this network as published.",),
        references=(
            Reference("depth", depth, "its name: two convolutions a dense layer, one a transition, conv1 and the FC"),
        ),
        torchvision=f"densenet{depth}",
    )


ARCHITECTURES = (
    dense(
        121,
        "6, 12, 24 and 16",
        32,
        "With 8.0 M parameters it is the smallest of the four.",
        Result("ImageNet", ONE_CROP, TABLE_3, top1_error=25.02, top5_error=7.71),
    ),
    dense(
        169,
        "6, 12, 32 and 32",
        32,
        "Going deeper costs little, because every added layer is narrow.",
        Result("ImageNet", ONE_CROP, TABLE_3, top1_error=23.80, top5_error=6.85),
    ),
    dense(
        201,
        "6, 12, 48 and 32",
        32,
        "It comes close to ResNet-101's accuracy with less than half of its parameters.",
        Result("ImageNet", ONE_CROP, TABLE_3, top1_error=22.58, top5_error=6.34),
    ),
    dense(
        161,
        "6, 12, 36 and 24",
        48,
        "It is wider rather than deeper, starts from 96 maps, and is the largest of the four.",
        Result("ImageNet", ONE_CROP, "the authors' model list (github.com/liuzhuang13/DenseNet)", top1_error=22.2),
    ),
)
