"""What is known about AlexNet and the networks that bear its name."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result
from explorer.catalogue.torchvision_weights import results_of

PAPER = Paper(
    title="ImageNet Classification with Deep Convolutional Neural Networks",
    authors="Alex Krizhevsky, Ilya Sutskever, Geoffrey E. Hinton",
    published="2012-12",
    url="https://papers.nips.cc/paper/4824-imagenet-classification-with-deep-convolutional-neural-networks",
)
WEIRD_TRICK = Paper(
    title="One Weird Trick for Parallelizing Convolutional Neural Networks",
    authors="Alex Krizhevsky",
    published="2014-04",
    url="https://arxiv.org/abs/1404.5997",
)
DROPOUT = Option(
    "dropout", 0.5, "The share of hidden units of the linear layers that is silenced at each step.", (), 0, 0.9, 0.05
)
SIX_BY_SIX = "feeds 256 maps of exactly 6x6 to its first linear layer"
ARCHITECTURES = (
    Architecture(
        name="alexnet",
        title="AlexNet",
        family="AlexNet",
        paper=PAPER,
        builder="alexnet:alexnet",
        input_size=(3, 227, 227),
        least_size=227,
        most_size=258,
        size_rule=SIX_BY_SIX,
        options=(DROPOUT,),
        ideas=(
            "ReLU in place of tanh: a small network reached 25 % training error on CIFAR-10 six times as fast.",
            "Two GPUs share the work: conv2, conv4 and conv5 read only the maps on their own GPU, two groups in "
            "today's words; only conv3 reads the maps of both.",
            "Dropout silences half of the hidden linear units at each step, without which the network overfits badly.",
            "Local response normalisation divides each value by the activity of five neighbouring maps; it lowered "
            "top-5 error by 1.2 points, and nobody uses it any more.",
            "Pooling windows of 3x3 that overlap, with stride 2, lowered top-5 error by 0.3 points.",
            "The paper writes 224x224 pixels; its 55x55 maps need 227x227 without padding, as here.",
        ),
        recipe="SGD with momentum 0.9, weight decay 5e-4 and batches of 128; learning rate 0.01, divided by ten three "
        "times when the validation error stopped falling; about 90 passes over 1.2 million pictures, five to six days "
        "on two GTX 580 with 3 GB each. Pictures are resized to 256 on the short side; random crops and mirror images "
        "of them, and shifts of colour along the principal components of RGB. Ten crops are averaged in tests.",
        results=(
            Result(
                "ImageNet 2012",
                "validation set, one network, ten crops",
                "Krizhevsky et al. 2012, table 2",
                top1_error=40.7,
                top5_error=18.2,
            ),
            Result(
                "ImageNet 2012",
                "validation set, five networks averaged",
                "Krizhevsky et al. 2012, table 2",
                top1_error=38.1,
                top5_error=16.4,
            ),
            Result(
                "ImageNet 2010",
                "test set, ten crops",
                "Krizhevsky et al. 2012, table 1",
                top1_error=37.5,
                top5_error=17.0,
            ),
        ),
        differences=(
            "torchvision's follows a later paper with one column: 64, 192, 384, 256 and 256 maps and no groups.",
            "torchvision's has no local response normalisation.",
            "torchvision's takes 224x224 with padding 2 in the first convolution, and pools to 6x6 whatever comes.",
            "torchvision's has dropout before its first two linear layers, the paper's behind them.",
        ),
        references=(
            Reference("params", 60e6, "Krizhevsky et al. 2012, abstract: 60 million parameters", tolerance=5e6),
            Reference(
                "params",
                60_965_224,
                "by hand: 34,944 + 307,456 + 885,120 + 663,936 + 442,624 + 37,752,832 + 16,781,312 + 4,097,000",
            ),
            Reference("macs", 724e6, "Sze et al. 2017, table II: 724 M MACs", tolerance=0.5e6),
            Reference("depth", 8, "Krizhevsky et al. 2012, section 3.5: eight layers with weights"),
        ),
        counterpart="alexnet_tv",
    ),
    Architecture(
        name="alexnet_single",
        title="AlexNet in one column",
        family="AlexNet",
        paper=PAPER,
        builder="alexnet:alexnet",
        input_size=(3, 227, 227),
        least_size=227,
        most_size=258,
        size_rule=SIX_BY_SIX,
        arguments=(("groups", 1),),
        options=(DROPOUT,),
        ideas=(
            "AlexNet as it looks on one GPU: conv2, conv4 and conv5 read all maps, and are otherwise the same.",
            "Without groups it has 2 % more parameters but 57 % more MACs: groups halve exactly the three convolutions "
            "that they are in, and most parameters sit in the linear layers.",
            "This is the form that lecture slides draw, so its numbers are often quoted as AlexNet's.",
        ),
        recipe="As AlexNet's: SGD with momentum 0.9, weight decay 5e-4 and batches of 128; learning rate 0.01, divided "
        "by ten three times.",
        differences=("torchvision's AlexNet has one column too, but narrower: 64, 192, 384, 256 and 256 maps.",),
        references=(
            Reference(
                "params",
                62_378_344,
                "by hand: 34,944 + 614,656 + 885,120 + 1,327,488 + 884,992 + 37,752,832 + 16,781,312 + 4,097,000",
            ),
            Reference("depth", 8, "five convolutions and three linear layers"),
        ),
        counterpart="alexnet_tv",
    ),
    Architecture(
        name="alexnet_bn",
        title="AlexNet with batch norm",
        family="AlexNet",
        paper=PAPER,
        builder="alexnet:alexnet_bn",
        input_size=(3, 224, 224),
        least_size=195,
        most_size=226,
        size_rule="feeds 256 maps of exactly 5x5 to its first linear layer",
        classes=1,
        options=(DROPOUT,),
        ideas=(
            "The AlexNet of many Keras tutorials: batch norm, which came three years later, where the paper has local "
            "response normalisation, and behind the pooling instead of before it.",
            "With 224x224 pixels and no padding the maps shrink to 54, 26, 12 and 5 instead of 55, 27, 13 and 6, so "
            "the first linear layer has 11.5 million weights fewer than AlexNet's.",
            "One output tells two classes apart, such as cats and dogs: a sigmoid turns it into a probability.",
        ),
        recipe="No paper of its own; tutorials train it with SGD or Adam on a few thousand pictures.",
        differences=("torchvision's AlexNet has no normalisation at all and narrower convolutions.",),
        references=(
            Reference(
                "params",
                46_751_809,
                "by hand: 34,944 + 192 + 614,656 + 512 + 885,120 + 1,327,488 + 884,992 + 26,218,496 + 16,781,312 "
                "+ 4,097",
            ),
            Reference("depth", 8, "five convolutions and three linear layers"),
        ),
        counterpart="alexnet_tv",
    ),
    Architecture(
        name="alexnet_no_pool5",
        title="AlexNet without its last pooling",
        family="AlexNet",
        paper=PAPER,
        builder="alexnet:alexnet",
        input_size=(3, 214, 214),
        least_size=211,
        most_size=226,
        size_rule="feeds 256 maps of exactly 12x12 to its first linear layer",
        classes=2,
        arguments=(("groups", 1), ("pool5", False)),
        options=(DROPOUT,),
        ideas=(
            "A common slip: the pooling behind conv5 is left out, and training runs out of memory.",
            "The first linear layer then reads 36,864 values instead of 9,216: it alone has 151 million weights, four "
            "times as many as before.",
            "With Adam each weight takes 16 bytes while training (itself, its gradient and two averages), so this "
            "one layer takes 2.25 GiB before the first picture arrives.",
        ),
        recipe="None: it shows a mistake.",
        differences=("torchvision's AlexNet pools to 6x6 before its linear layers, so it cannot grow like this.",),
        references=(
            Reference(
                "params",
                171_535_746,
                "by hand: 34,944 + 614,656 + 885,120 + 1,327,488 + 884,992 + 150,999,040 + 16,781,312 + 8,194",
            ),
            Reference("depth", 8, "five convolutions and three linear layers"),
        ),
        counterpart="alexnet_tv",
    ),
    Architecture(
        name="alexnet_tv",
        title="AlexNet (torchvision)",
        family="AlexNet",
        paper=WEIRD_TRICK,
        builder="torchvision_zoo:torchvision_network",
        input_size=(3, 224, 224),
        least_size=63,
        size_rule="shrinks the picture 32 times with strides and windows that need a few pixels more",
        arguments=(("name", "alexnet"),),
        options=(DROPOUT,),
        ideas=(
            "AlexNet's author slimmed it to one column when GPUs had grown: no groups, and fewer maps in most layers.",
            "Local response normalisation is gone, and little is lost.",
            "The paper's subject is speed: it splits the data over GPUs in the convolutions, which hold most of the "
            "work, and the weights over GPUs in the linear layers, which hold most of the parameters.",
            "torchvision pools the last maps to 6x6 whatever their size, so that larger pictures pass too.",
        ),
        recipe="torchvision's own: SGD with momentum 0.9, weight decay 1e-4, batches of 256, learning rate 0.01, "
        "divided by ten every 30 of 90 passes.",
        results=results_of("alexnet"),
        differences=("This is torchvision's network.",),
        references=(
            Reference("params", 61_100_840, "torchvision, AlexNet_Weights.IMAGENET1K_V1: num_params"),
            Reference("macs", 0.714e9, "torchvision, AlexNet_Weights.IMAGENET1K_V1: 0.71 GFLOPS", tolerance=0.5e6),
            Reference("depth", 8, "five convolutions and three linear layers"),
        ),
        torchvision="alexnet",
        counterpart="alexnet",
    ),
)
