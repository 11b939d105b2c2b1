"""What is known about the ResNets, their plain counterparts and the pre-activation ones."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result
from explorer.catalogue.torchvision_weights import results_of

RESNET = Paper(
    title="Deep Residual Learning for Image Recognition",
    authors="Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    published="2015-12",
    url="https://arxiv.org/abs/1512.03385",
)
PREACT = Paper(
    title="Identity Mappings in Deep Residual Networks",
    authors="Kaiming He, Xiangyu Zhang, Shaoqing Ren, Jian Sun",
    published="2016-03",
    url="https://arxiv.org/abs/1603.05027",
)
FAMILY = "ResNet"
SIZE_RULE = "ends in global average pooling and takes a picture of any size"

IMAGENET_RECIPE = (
    "SGD with momentum 0.9, batch 256, learning rate 0.1 divided by 10 at each plateau, weight decay 1e-4, up to "
    "600,000 steps, no dropout. 224x224 crops of pictures whose shorter side is 256 to 480, flips, colour augmentation."
)
CIFAR_RECIPE = (
    "SGD with momentum 0.9, batch 128, weight decay 1e-4, learning rate 0.1 divided by 10 at 32,000 and 48,000 of "
    "64,000 steps; crops of pictures padded by 4 pixels, flips; 45,000 pictures to train and 5,000 to validate."
)
WARM_UP = " ResNet-110 starts at 0.01 until its training error is below 80 %, after about 400 steps."
PREACT_RECIPE = (
    "SGD with momentum 0.9, batch 128, weight decay 1e-4, learning rate 0.01 for the first 400 steps, then 0.1, "
    "divided by 10 at 32,000 and 48,000 steps; crops of pictures padded by 4 pixels, and flips."
)
TORCHVISION_RECIPE = (
    "The first weights (V1): SGD with momentum 0.9, batch 256 (8 GPUs of 32), learning rate 0.1 divided by 10 every 30 "
    "of 90 epochs, weight decay 1e-4, random resized crops and flips."
)

RESIDUAL = (
    "A shortcut carries a block's input past its layers and adds it to their output, so the layers only learn what to "
    "change: the residual.",
    "Where nothing needs to change, pushing the residual to zero is easy; a plain stack cannot easily copy its input.",
    "The sum also gives the gradient a way around every block.",
)
NO_PARAMETERS = (
    "Shortcuts of option A have no parameters, so the network costs exactly what its plain counterpart costs: any "
    "difference in accuracy is due to the shortcuts."
)
BOTTLENECK = (
    "A bottleneck block narrows with a 1x1, works with a 3x3 and widens with a 1x1: three layers for about the cost of "
    "two."
)
PLAIN = (
    "The same layers as the ResNet of this depth, without its shortcuts: the control of the experiment.",
    "Plain networks show degradation: past some depth more layers give a higher training error, so it is not "
    "overfitting.",
    "Batch norm keeps signals and gradients at a healthy size here, so vanishing gradients are not the explanation "
    "either.",
)

SHORTCUT_HELP = (
    "A pads with zeros where the shape changes, B projects there with a 1x1 convolution, C projects everywhere."
)
ANY_SHORTCUT = Option("shortcut", "A", SHORTCUT_HELP, ("A", "B", "C"))
SHORTCUT_A, SHORTCUT_B, SHORTCUT_C = ((("shortcut", letter),) for letter in "ABC")
PROJECTION = Option("shortcut", "B", "B projects where the shape changes, C projects everywhere.", ("B", "C"))

TEN_CROPS = "validation, 10 crops"
NO_PLAIN_IN_TORCHVISION = "torchvision has no plain networks."
NO_CIFAR_IN_TORCHVISION = (
    "torchvision has no ResNet for CIFAR; its resnet18 is another network, which shrinks 32x32 to a single pixel."
)
OPTION_B = "torchvision projects with a 1x1 convolution and batch norm where the shape changes: option B."
STRIDE_IN_3X3 = (
    "torchvision's stride is in the 3x3 of a bottleneck, the paper's in the first 1x1: the same parameters, more MACs."
)


def plain(depth: int, params: int, macs: float, top1_error: float) -> Architecture:
    """Return the record of a plain network for ImageNet; `macs` in billions, as table 1 prints them."""
    return Architecture(
        name=f"plain{depth}",
        title=f"Plain-{depth}",
        family=FAMILY,
        paper=RESNET,
        builder="resnet:resnet",
        arguments=(("depth", depth), ("shortcut", "none")),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=SIZE_RULE,
        ideas=PLAIN,
        recipe=IMAGENET_RECIPE,
        results=(Result("ImageNet", TEN_CROPS, "He et al. 2015, table 2", top1_error),),
        differences=(NO_PLAIN_IN_TORCHVISION,),
        references=(
            Reference("params", params, "table 1 of the paper, worked out layer by layer"),
            Reference("macs", macs * 1e9, "He et al. 2015, table 1", 0.05e9),
            Reference("depth", depth, "He et al. 2015, table 1"),
        ),
    )


def resnet(
    depth: int, idea: str, params: dict[str, int], macs: tuple[float, float], results: tuple[Result, ...]
) -> Architecture:
    """Return the record of a ResNet for ImageNet.

    `params` are those of each shortcut option, the published one first; `macs` are table 1's billions, and how far off
    they may be.
    """
    is_basic = depth < 50
    published, *others = params
    return Architecture(
        name=f"resnet{depth}",
        title=f"ResNet-{depth}",
        family=FAMILY,
        paper=RESNET,
        builder="resnet:resnet",
        arguments=(("depth", depth),),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=SIZE_RULE,
        options=(ANY_SHORTCUT if is_basic else PROJECTION,),
        ideas=(*RESIDUAL, NO_PARAMETERS if is_basic else BOTTLENECK, idea),
        recipe=IMAGENET_RECIPE,
        results=results,
        differences=(OPTION_B if is_basic else STRIDE_IN_3X3,),
        references=(
            Reference("params", params[published], "table 1 of the paper, worked out layer by layer"),
            *(
                Reference("params", params[other], "the same with projections", options=(("shortcut", other),))
                for other in others
            ),
            Reference("macs", macs[0] * 1e9, "He et al. 2015, table 1", macs[1] * 1e9),
            Reference("depth", depth, "He et al. 2015, table 1"),
        ),
        counterpart=f"resnet{depth}_tv",
    )


def torchvision_resnet(depth: int, params: int, macs: float) -> Architecture:
    """Return the record of torchvision's ResNet; `macs` in billions."""
    weights = f"torchvision, ResNet{depth}_Weights.IMAGENET1K_V1"
    return Architecture(
        name=f"resnet{depth}_tv",
        title=f"ResNet-{depth} (torchvision)",
        family=FAMILY,
        paper=RESNET,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", f"resnet{depth}"),),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=SIZE_RULE,
        ideas=(
            *RESIDUAL,
            "Projections where the shape changes add few parameters, for there are only three or four of them."
            if depth < 50
            else "The stride moved from the first 1x1 to the 3x3, which looks at every position before it drops any; "
            "this variant is often called version 1.5.",
        ),
        recipe=TORCHVISION_RECIPE,
        results=results_of(f"resnet{depth}"),
        differences=(OPTION_B if depth < 50 else STRIDE_IN_3X3,),
        references=(
            Reference("params", params, weights),
            Reference("macs", macs * 1e9, weights, 0.0005e9),
            Reference("depth", depth, "He et al. 2015, table 1"),
        ),
        torchvision=f"resnet{depth}",
        counterpart=f"resnet{depth}",
    )


def cifar_plain(depth: int, params: int) -> Architecture:
    """Return the record of a plain network for CIFAR-10."""
    return Architecture(
        name=f"plain{depth}",
        title=f"Plain-{depth} (CIFAR)",
        family=FAMILY,
        paper=RESNET,
        builder="resnet:cifar_resnet",
        arguments=(("depth", depth), ("shortcut", "none")),
        input_size=(3, 32, 32),
        least_size=1,
        size_rule=SIZE_RULE,
        classes=10,
        ideas=(
            *PLAIN,
            "On CIFAR-10 plain networks get worse from 20 to 56 layers; with 110 the error stays above 60 %.",
        ),
        recipe=CIFAR_RECIPE,
        differences=(NO_PLAIN_IN_TORCHVISION,),
        references=(
            Reference("params", params, "section 4.2 of the paper, worked out layer by layer"),
            Reference("depth", depth, "He et al. 2015, section 4.2"),
        ),
    )


def cifar_resnet(depth: int, params: int, printed: tuple[float, float], error: float) -> Architecture:
    """Return the record of a ResNet for CIFAR-10; `printed` are table 6's millions, and half their last digit."""
    return Architecture(
        name=f"resnet{depth}",
        title=f"ResNet-{depth} (CIFAR)",
        family=FAMILY,
        paper=RESNET,
        builder="resnet:cifar_resnet",
        arguments=(("depth", depth),),
        input_size=(3, 32, 32),
        least_size=1,
        size_rule=SIZE_RULE,
        classes=10,
        options=(ANY_SHORTCUT,),
        ideas=(
            *RESIDUAL,
            NO_PARAMETERS,
            f"Three stages of {(depth - 2) // 6} blocks with 16, 32 and 64 channels make 6n + 2 layers: thin networks, "
            "made to study depth rather than to win.",
        ),
        recipe=CIFAR_RECIPE + (WARM_UP if depth == 110 else ""),
        results=(Result("CIFAR-10", "test set", "He et al. 2015, table 6", error),),
        differences=(NO_CIFAR_IN_TORCHVISION,),
        references=(
            Reference("params", params, "section 4.2 of the paper, worked out layer by layer"),
            Reference("params", printed[0] * 1e6, "He et al. 2015, table 6", printed[1] * 1e6),
            Reference("depth", depth, "He et al. 2015, table 6"),
        ),
    )


def preact_resnet(
    depth: int, idea: str, bottleneck: bool, references: tuple[Reference, ...], results: tuple[Result, ...] = ()
) -> Architecture:
    """Return the record of a pre-activation ResNet for CIFAR-10."""
    return Architecture(
        name=f"preact_resnet{depth}",
        title=f"Pre-activation ResNet-{depth}",
        family=FAMILY,
        paper=PREACT,
        builder="resnet:preact_resnet",
        arguments=(("depth", depth), ("bottleneck", bottleneck)),
        input_size=(3, 32, 32),
        least_size=1,
        size_rule=SIZE_RULE,
        classes=10,
        ideas=(
            "Batch norm and ReLU move in front of each convolution, so nothing stands on the shortcut any more: signal "
            "and gradient pass from any unit to any other by plain addition.",
            "The input of every convolution is normalised, which also regularises.",
            "Where the shape changes, the shortcut starts behind the unit's first batch norm and ReLU.",
            idea,
        ),
        recipe=PREACT_RECIPE,
        results=results,
        differences=("torchvision has no pre-activation ResNet.",),
        references=(*references, Reference("depth", depth, "the name of the network, as the paper counts")),
    )


TOY = Architecture(
    name="resnet_toy",
    title="Toy ResNet",
    family=FAMILY,
    paper=PREACT,
    builder="resnet:resnet_toy",
    input_size=(1, 28, 28),
    least_size=28,
    most_size=31,
    size_rule="feeds 64 maps of exactly 7x7 to its first linear layer",
    classes=10,
    ideas=(
        "Six pre-activation units on 28x28 pictures: small enough to train in class and to follow by hand.",
        "Max pooling between the stages halves the maps, where the published networks use a stride of two.",
        "Where a stage widens, a 1x1 convolution of the unit's input makes the shapes agree.",
        "Most of its parameters sit in the first linear layer, as in old networks; global pooling would save them.",
    ),
    recipe="No paper of its own; it is meant for MNIST and its like.",
    differences=("torchvision has no such network.",),
    references=(
        Reference("params", 576_282, "by hand: 80 + 8,384 + 33,152 + 131,840 + 401,536 + 1,290"),
        Reference("depth", 15, "thirteen convolutions and two linear layers"),
    ),
)

ARCHITECTURES = (
    plain(18, 11_515_688, 1.8, 27.94),
    plain(34, 21_623_848, 3.6, 28.54),
    resnet(
        18,
        "With 18 layers it is about as accurate as the plain network, and learns faster.",
        {"A": 11_515_688, "B": 11_689_512, "C": 12_043_816},
        (1.8, 0.05),
        (Result("ImageNet", TEN_CROPS, "He et al. 2015, table 2", 27.88),),
    ),
    resnet(
        34,
        "With 34 layers it beats the plain network by 3.5 points, and its own 18-layer form by 2.8.",
        {"A": 21_623_848, "B": 21_797_672, "C": 22_716_840},
        (3.6, 0.05),
        (
            Result("ImageNet", f"{TEN_CROPS}, option A", "He et al. 2015, table 3", 25.03, 7.76, SHORTCUT_A),
            Result("ImageNet", f"{TEN_CROPS}, option B", "He et al. 2015, table 3", 24.52, 7.46, SHORTCUT_B),
            Result("ImageNet", f"{TEN_CROPS}, option C", "He et al. 2015, table 3", 24.19, 7.40, SHORTCUT_C),
        ),
    ),
    resnet(
        50,
        "It is ResNet-34 with every two-layer block replaced by a bottleneck.",
        {"B": 25_557_032, "C": 40_128_552},
        (3.8, 0.1),  # printed without rounding: the layers of the table make 3.858
        (Result("ImageNet", TEN_CROPS, "He et al. 2015, table 3", 22.85, 6.71),),
    ),
    resnet(
        101,
        "All that distinguishes it from ResNet-50 is the third stage, with 23 blocks in place of 6.",
        {"B": 44_549_160, "C": 76_981_288},
        (7.6, 0.05),
        (Result("ImageNet", TEN_CROPS, "He et al. 2015, table 3", 21.75, 6.05),),
    ),
    resnet(
        152,
        "Eight times deeper than VGG-19 with less work; six residual networks together won ILSVRC 2015.",
        {"B": 60_192_808, "C": 107_335_720},
        (11.3, 0.05),
        (
            Result("ImageNet", TEN_CROPS, "He et al. 2015, table 3", 21.43, 5.71),
            Result("ImageNet", "validation, several scales, one model", "He et al. 2015, table 4", 19.38, 4.49),
            Result("ImageNet", "test set, six models", "He et al. 2015, table 5", top5_error=3.57),
        ),
    ),
    torchvision_resnet(18, 11_689_512, 1.814),
    torchvision_resnet(34, 21_797_672, 3.664),
    torchvision_resnet(50, 25_557_032, 4.089),
    torchvision_resnet(101, 44_549_160, 7.801),
    torchvision_resnet(152, 60_192_808, 11.514),
    cifar_plain(20, 269_722),
    cifar_plain(32, 464_154),
    cifar_plain(44, 658_586),
    cifar_plain(56, 853_018),
    cifar_plain(110, 1_727_962),
    cifar_resnet(20, 269_722, (0.27, 0.005), 8.75),
    cifar_resnet(32, 464_154, (0.46, 0.005), 7.51),
    cifar_resnet(44, 658_586, (0.66, 0.005), 7.17),
    cifar_resnet(56, 853_018, (0.85, 0.005), 6.97),
    cifar_resnet(110, 1_727_962, (1.7, 0.05), 6.43),
    preact_resnet(
        56,
        "The paper starts at 110 layers; this is its two-layer unit at the depth of ResNet-56, to set beside it.",
        False,
        (Reference("params", 853_018, "ResNet-56's: the batch norms only change their places"),),
    ),
    preact_resnet(
        164,
        "Its units are bottlenecks, 18 in each stage: half as many layers again as ResNet-110, no more parameters.",
        True,
        (Reference("params", 1.7e6, "He et al. 2016, table 4", 0.05e6),),
        (
            Result("CIFAR-10", "test set, median of five runs", "He et al. 2016, table 4", 5.46),
            Result("CIFAR-100", "test set, median of five runs", "He et al. 2016, table 4", 24.33),
        ),
    ),
    preact_resnet(
        1001,
        "A thousand layers train without trouble, and are better than 164; with the original units they were worse.",
        True,
        (
            Reference(
                "params", 10_327_706, "the authors' Torch code, layer by layer; the paper's table 4 prints 10.2 M"
            ),
        ),
        (
            Result("CIFAR-10", "test set, median of five runs", "He et al. 2016, table 4", 4.92),
            Result("CIFAR-10", "test set, batches of 64", "He et al. 2016, table 4", 4.62),
            Result("CIFAR-100", "test set, median of five runs", "He et al. 2016, table 4", 22.71),
        ),
    ),
    TOY,
)
