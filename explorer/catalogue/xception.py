"""What is known about Xception."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="Xception: Deep Learning with Depthwise Separable Convolutions",
    authors="François Chollet",
    published="2016-10",
    url="https://arxiv.org/abs/1610.02357",
)

ARCHITECTURES = (
    Architecture(
        name="xception",
        title="Xception",
        family="Xception",
        paper=PAPER,
        builder="xception:Xception",
        input_size=(3, 299, 299),
        least_size=7,
        size_rule="starts with two 3x3 convolutions without padding, of which the first halves the picture",
        options=(
            Option("dropout", 0.5, "Share of the 2,048 features dropped in training.", least=0, most=0.9, step=0.1),
        ),
        ideas=(
            "An Inception module looks at channels with 1x1 convolutions and at space with 3x3 ones; taken to the "
            "extreme, each channel gets a 3x3 filter of its own.",
            "Such a depthwise separable convolution is a 3x3 on each channel followed by a 1x1 across channels, at a "
            "fraction of the weights of a full convolution.",
            "There is no activation between the two: with one, it learned more slowly and ended less accurate.",
            "Shortcuts around each block, as in ResNet, are what makes the stack of 36 convolutions converge well.",
            "With about as many parameters as Inception-v3 it is slightly more accurate, so it uses them better.",
        ),
        recipe="SGD with momentum 0.9, learning rate 0.045 times 0.94 every 2 epochs, weight decay 1e-5, dropout 0.5 "
        "before the last layer, averaged weights at test time; 60 K80 GPUs for about 3 days.",
        results=(Result("ImageNet", "validation, one crop, one model", "Chollet 2016, table 1", 21.0, 5.5),),
        differences=("torchvision has no Xception.",),
        references=(
            Reference("params", 22_855_952, "Chollet 2016, table 3"),
            Reference("depth", 36, "Chollet 2016, section 3: 36 convolutions, a separable one counted once"),
        ),
        published_depth=36,
    ),
)
