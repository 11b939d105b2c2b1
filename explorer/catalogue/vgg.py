"""What is known about the VGGs."""

from collections.abc import Mapping

from explorer.architecture import Architecture, Option, OptionValue, Paper, Reference, Result
from explorer.catalogue.torchvision_weights import results_of

PAPER = Paper(
    title="Very Deep Convolutional Networks for Large-Scale Image Recognition",
    authors="Karen Simonyan, Andrew Zisserman",
    published="2014-09",
    url="https://arxiv.org/abs/1409.1556",
)
DROPOUT = Option(
    "dropout", 0.5, "The share of hidden units of the linear layers that is silenced at each step.", (), 0, 0.9, 0.05
)
BATCH_NORM = Option("batch_norm", False, "Batch norm behind each convolution, which the paper did not have.")
IDEAS = (
    "Only 3x3 convolutions: two see 5x5 and three see 7x7, with fewer weights and more ReLUs in between.",
    "One rule for all: within a block the size stays, between blocks it halves and the channels double, up to 512.",
    "The paper varies only the depth, from 11 to 19 layers, and the error falls until about 16.",
    "Three linear layers hold most of the parameters: the first alone has 102.8 million.",
)
BATCH_NORM_IDEAS = (
    "Batch norm came five months after VGG; torchvision's variant puts it between each convolution and its ReLU.",
    "It trains from random weights with a ten times larger learning rate, which the deep VGGs without it do not bear.",
    "It costs two weights and two running statistics for each channel: next to nothing.",
)
RECIPE = (
    "SGD with momentum 0.9, weight decay 5e-4 and batches of 256; dropout 0.5; learning rate 0.01, divided by ten "
    "three times when validation accuracy stopped rising; 370,000 steps (74 passes), two to three weeks on four Titan "
    "Black. Random 224x224 crops of pictures resized to 256, 384, or anything from 256 to 512, mirror images and "
    "shifts of RGB. A starts from random weights, the deeper ones from A's first four convolutions and linear layers."
)
BATCH_NORM_RECIPE = (
    "torchvision's own: SGD with momentum 0.9, weight decay 1e-4, batches of 256, learning rate 0.1, divided by ten "
    "every 30 of 90 passes."
)
DIFFERENCES = (
    "torchvision pools to 7x7 before the linear layers: no change at 224x224, and other sizes pass too.",
    "torchvision starts all of them from random weights (He's initialisation), the paper the deep ones from A's.",
)
HALVES_FIVE_TIMES = "halves the picture five times"


def least_size_of(options: Mapping[str, OptionValue]) -> int:
    """Return the height and width of which the poolings in the list leave one pixel.

    Its builder refuses more than seven poolings, so more do not count here.
    """
    words = str(options["layers"]).upper().split(",")
    return 1 << min(7, sum(word.strip() == "M" for word in words))


def plain(
    depth: int, column: str, params: int, macs: float, table_params: float, results: tuple[Result, ...]
) -> Architecture:
    """Describe one of the paper's networks A, B, D and E, which torchvision builds as published."""
    return Architecture(
        name=f"vgg{depth}",
        title=f"VGG-{depth}",
        family="VGG",
        paper=PAPER,
        builder="vgg:vgg",
        input_size=(3, 224, 224),
        least_size=32,
        size_rule=HALVES_FIVE_TIMES,
        arguments=(("name", f"vgg{depth}"),),
        options=(DROPOUT, BATCH_NORM),
        ideas=(*IDEAS, f"This is column {column} of the paper's table 1."),
        recipe=RECIPE,
        results=results,
        differences=DIFFERENCES,
        references=(
            Reference("params", params, f"torchvision, VGG{depth}_Weights.IMAGENET1K_V1: num_params"),
            Reference("params", table_params, "Simonyan and Zisserman 2014, table 2", tolerance=0.5e6),
            Reference("macs", macs, f"torchvision, VGG{depth}_Weights.IMAGENET1K_V1: GFLOPS", tolerance=0.5e6),
            Reference("depth", depth, "Simonyan and Zisserman 2014, table 1: weight layers"),
        ),
        torchvision=f"vgg{depth}",
    )


def with_batch_norm(depth: int, params: int, macs: float) -> Architecture:
    """Describe torchvision's variant with batch norm of one of the paper's networks."""
    weights = f"VGG{depth}_BN_Weights.IMAGENET1K_V1"
    return Architecture(
        name=f"vgg{depth}_bn",
        title=f"VGG-{depth} with batch norm",
        family="VGG",
        paper=PAPER,
        builder="vgg:vgg",
        input_size=(3, 224, 224),
        least_size=32,
        size_rule=HALVES_FIVE_TIMES,
        arguments=(("name", f"vgg{depth}"), ("batch_norm", True)),
        options=(DROPOUT,),
        ideas=BATCH_NORM_IDEAS,
        recipe=BATCH_NORM_RECIPE,
        results=results_of(f"vgg{depth}_bn"),
        differences=(
            "This is torchvision's network; the paper has none with batch norm.",
            "torchvision keeps the biases of the convolutions, which batch norm makes useless.",
        ),
        references=(
            Reference("params", params, f"torchvision, {weights}: num_params"),
            Reference("macs", macs, f"torchvision, {weights}: GFLOPS", tolerance=0.5e6),
            Reference("depth", depth, "as without batch norm: its own weights make no layer"),
        ),
        torchvision=f"vgg{depth}_bn",
    )


def one_scale(top1_error: float, top5_error: float, trained_at: str = "256") -> Result:
    """One row of the paper's table 3: a single network, tested at one size."""
    return Result(
        "ImageNet 2012",
        f"validation set, one network, one test size, trained at {trained_at}",
        "Simonyan and Zisserman 2014, table 3",
        top1_error,
        top5_error,
    )


def many_scales(top1_error: float, top5_error: float) -> Result:
    """One row of the paper's table 4: a single network, averaged over three test sizes."""
    return Result(
        "ImageNet 2012",
        "validation set, one network, three test sizes averaged, trained at 256 to 512",
        "Simonyan and Zisserman 2014, table 4",
        top1_error,
        top5_error,
    )


ARCHITECTURES = (
    plain(11, "A", 132_863_336, 7.609e9, 133e6, (one_scale(29.6, 10.4),)),
    plain(13, "B", 133_047_848, 11.308e9, 133e6, (one_scale(28.7, 9.9),)),
    plain(
        16,
        "D",
        138_357_544,
        15.47e9,
        138e6,
        (one_scale(27.0, 8.8), one_scale(25.6, 8.1, "256 to 512"), many_scales(24.8, 7.5)),
    ),
    plain(
        19,
        "E",
        143_667_240,
        19.632e9,
        144e6,
        (one_scale(27.3, 9.0), one_scale(25.5, 8.0, "256 to 512"), many_scales(24.8, 7.5)),
    ),
    with_batch_norm(11, 132_868_840, 7.609e9),
    with_batch_norm(13, 133_053_736, 11.308e9),
    with_batch_norm(16, 138_365_992, 15.47e9),
    with_batch_norm(19, 143_678_248, 19.632e9),
    Architecture(
        name="vgg16_c",
        title="VGG-16 C",
        family="VGG",
        paper=PAPER,
        builder="vgg:vgg16_c",
        input_size=(3, 224, 224),
        least_size=32,
        size_rule=HALVES_FIVE_TIMES,
        options=(DROPOUT,),
        ideas=(
            "As deep as VGG-16, but the third convolution of blocks 3, 4 and 5 is 1x1 instead of 3x3.",
            "A 1x1 convolution adds a ReLU, and so a bend in the function, without seeing more of the picture.",
            "C is better than B, so the extra bends help; D is better than C, so seeing more helps as well.",
            "It needs a quarter fewer MACs than VGG-16, and only 3 % fewer parameters.",
        ),
        recipe=RECIPE,
        results=(one_scale(28.1, 9.4), one_scale(27.3, 8.8, "256 to 512"), many_scales(26.3, 8.2)),
        differences=("torchvision has A, B, D and E, and no C.",),
        references=(
            Reference("params", 134e6, "Simonyan and Zisserman 2014, table 2", tolerance=0.5e6),
            Reference("params", 133_638_952, "VGG-16's 138,357,544 less 8 * (256 * 256 + 2 * 512 * 512)"),
            Reference("depth", 16, "Simonyan and Zisserman 2014, table 1: weight layers"),
        ),
    ),
    Architecture(
        name="vgg_custom",
        title="VGG of your own",
        family="VGG",
        paper=PAPER,
        builder="vgg:vgg_custom",
        input_size=(3, 224, 224),
        least_size=8,
        size_rule="halves the picture once for each M in its list",
        options=(
            Option(
                "layers",
                "64, M, 128, M, 256, 256, M",
                "A number is a 3x3 convolution with so many channels, M halves the picture; 64 entries at most.",
            ),
            DROPOUT,
            BATCH_NORM,
        ),
        ideas=(
            "A VGG is a list: a number is a 3x3 convolution with so many channels, followed by ReLU; M is 2x2 pooling.",
            "VGG-11, for one, is 64, M, 128, M, 256, 256, M, 512, 512, M, 512, 512, M.",
            "The last maps are pooled to 7x7, so the first linear layer has 49 times the last number of channels times "
            "4,096 weights, whatever the picture's size.",
        ),
        recipe="None of its own; start with the paper's for a deep list, or any optimizer for a short one.",
        differences=("torchvision writes its VGGs as such lists too, but offers only the paper's.",),
        references=(
            Reference(
                "params",
                73_223_528,
                "by hand: 1,792 + 73,856 + 295,168 + 590,080 + 51,384,320 + 16,781,312 + 4,097,000",
            ),
            Reference("depth", 7, "four convolutions and three linear layers"),
            Reference(
                "params",
                132_863_336,
                "torchvision, VGG11_Weights.IMAGENET1K_V1: num_params",
                options=(("layers", "64, M, 128, M, 256, 256, M, 512, 512, M, 512, 512, M"),),
            ),
        ),
        least_size_for=least_size_of,
    ),
)
