"""What is known about the SqueezeNets."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result
from explorer.catalogue.torchvision_weights import results_of

PAPER = Paper(
    title="SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
    authors="Forrest N. Iandola, Song Han, Matthew W. Moskewicz, Khalid Ashraf, William J. Dally, Kurt Keutzer",
    published="2016-02",
    url="https://arxiv.org/abs/1602.07360",
)
BUILDER = "torchvision_zoo:torchvision_network"
SIZE_RULE = "shrinks the picture four times without padding"
DROPOUT = Option(
    "dropout", 0.5, "Share of the last fire module's values dropped in training.", least=0, most=0.9, step=0.1
)
RECIPE = (
    "SGD with momentum 0.9, batch 512, weight decay 2e-4, a learning rate that falls linearly from 0.04 over 170,000 "
    "steps, dropout 0.5 after the last fire module."
)
FIRE = (
    "A fire module squeezes its input to a few maps with 1x1 filters, then expands it with 1x1 and 3x3 filters side by "
    "side: most filters are 1x1, and the 3x3 ones read few channels.",
    "There is no fully connected layer: the last convolution has one map for each class, which is averaged over the "
    "picture.",
)

ARCHITECTURES = (
    Architecture(
        name="squeezenet1_0",
        title="SqueezeNet 1.0",
        family="SqueezeNet",
        paper=PAPER,
        builder=BUILDER,
        arguments=(("name", "squeezenet1_0"),),
        input_size=(3, 224, 224),
        least_size=21,
        size_rule=SIZE_RULE,
        options=(DROPOUT,),
        ideas=(
            "The aim is AlexNet's accuracy with as few weights as possible, for devices with little memory; it takes "
            "fifty times fewer.",
            *FIRE,
            "It shrinks the maps late, so that most layers work on large maps, which costs computation but no weights.",
        ),
        recipe=RECIPE,
        results=(Result("ImageNet", "validation set", "Iandola et al. 2016, table 2", 42.5, 19.7),),
        differences=(
            "torchvision does not pad the first convolution and rounds the sizes after pooling up: its maps are "
            "109x109, 54x54, 27x27 and 13x13, where the paper's table has 111, 55, 27 and 13.",
        ),
        references=(
            Reference("params", 1_248_424, "Iandola et al. 2016, table 1: total before pruning"),
            Reference("depth", 18, "conv1, two layers in each of the eight fire modules, conv10"),
        ),
        torchvision="squeezenet1_0",
    ),
    Architecture(
        name="squeezenet1_1",
        title="SqueezeNet 1.1",
        family="SqueezeNet",
        paper=PAPER,
        builder=BUILDER,
        arguments=(("name", "squeezenet1_1"),),
        input_size=(3, 224, 224),
        least_size=17,
        size_rule=SIZE_RULE,
        options=(DROPOUT,),
        ideas=(
            "The authors' revision, published with their code soon after the paper.",
            *FIRE,
            "A smaller first layer (64 filters of 3x3 instead of 96 of 7x7) and earlier pooling take 2.4 times less "
            "computation at the same accuracy: the opposite of shrinking late.",
        ),
        recipe=RECIPE,
        results=results_of("squeezenet1_1"),
        differences=("torchvision builds this network as its authors published it.",),
        references=(Reference("depth", 18, "conv1, two layers in each of the eight fire modules, conv10"),),
        torchvision="squeezenet1_1",
    ),
)
