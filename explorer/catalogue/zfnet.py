"""What is known about ZFNet."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="Visualizing and Understanding Convolutional Networks",
    authors="Matthew D. Zeiler, Rob Fergus",
    published="2013-11",
    url="https://arxiv.org/abs/1311.2901",
)
DROPOUT = Option(
    "dropout", 0.5, "The share of hidden units of the linear layers that is silenced at each step.", (), 0, 0.9, 0.05
)
RECIPE = (
    "SGD with momentum 0.9 and batches of 128; learning rate 0.01, lowered by hand when the validation error stood "
    "still; 70 passes over ImageNet, twelve days on one GTX 580. Pictures are resized to 256 on the short side; ten "
    "crops of 224x224 each, corners and centre, with and without mirroring. Convolution filters whose root mean square "
    "passes 0.1 are scaled back to it."
)
NOT_IN_TORCHVISION = "torchvision has no ZFNet."

ARCHITECTURES = (
    Architecture(
        name="zfnet",
        title="ZFNet",
        family="ZFNet",
        paper=PAPER,
        builder="zfnet:zfnet",
        input_size=(3, 224, 224),
        least_size=213,
        most_size=244,
        size_rule="feeds 256 maps of exactly 6x6 to its first linear layer",
        options=(DROPOUT,),
        ideas=(
            "A deconvolutional network projects the activity of any unit back to the pixels that caused it: the first "
            "look at what each layer had learned.",
            "It showed dead filters in AlexNet's first layer, and in its second the aliasing left by a stride of 4.",
            "So the first kernels shrink from 11x11 to 7x7 and the stride from 4 to 2, and the second layer "
            "gets twice as many positions each way.",
            "A grey square slid over the picture shows which part the answer hangs on, the first occlusion map.",
            "One GPU is enough, so there are no groups.",
        ),
        recipe=RECIPE,
        results=(
            Result(
                "ImageNet 2012",
                "validation set, one network",
                "Zeiler and Fergus 2013, table 2",
                top1_error=38.4,
                top5_error=16.5,
            ),
            Result(
                "ImageNet 2012",
                "validation set, five networks averaged",
                "Zeiler and Fergus 2013, table 2",
                top1_error=36.7,
                top5_error=15.3,
            ),
        ),
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference(
                "params",
                62_357_608,
                "by hand: 14,208 + 614,656 + 885,120 + 1,327,488 + 884,992 + 37,752,832 + 16,781,312 + 4,097,000",
            ),
            Reference("depth", 8, "Zeiler and Fergus 2013, figure 3: an eight layer network"),
        ),
    ),
    Architecture(
        name="zfnet_wide",
        title="ZFNet with 512, 1024 and 512 maps",
        family="ZFNet",
        paper=PAPER,
        builder="zfnet:zfnet",
        input_size=(3, 224, 224),
        least_size=213,
        most_size=244,
        size_rule="feeds 512 maps of exactly 6x6 to its first linear layer",
        arguments=(("channels", (512, 1024, 512)),),
        options=(DROPOUT,),
        ideas=(
            "The same network with more maps in its last three convolutions: 512, 1024 and 512.",
            "Lecture slides (CS231n) call this one ZFNet; the paper's figure shows 384, 384 and 256.",
            "Top-1 error falls by 0.9 points for 73 % more parameters, most of them in the first linear layer, which "
            "reads twice as many values.",
        ),
        recipe=RECIPE,
        results=(
            Result(
                "ImageNet 2012",
                "validation set, one network",
                "Zeiler and Fergus 2013, table 2",
                top1_error=37.5,
                top5_error=16.0,
            ),
        ),
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference(
                "params",
                107_627_624,
                "by hand: 14,208 + 614,656 + 1,180,160 + 4,719,616 + 4,719,104 + 75,501,568 + 16,781,312 + 4,097,000",
            ),
            Reference("depth", 8, "five convolutions and three linear layers"),
        ),
    ),
)
