"""What is known about the LeNets."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="Gradient-Based Learning Applied to Document Recognition",
    authors="Yann LeCun, Léon Bottou, Yoshua Bengio, Patrick Haffner",
    published="1998-11",
    url="http://yann.lecun.com/exdb/publis/pdf/lecun-98.pdf",
)
MNIST = Result("MNIST", "test set, no distortions", "LeCun et al. 1998, section III-C", top1_error=0.95)
NOT_IN_TORCHVISION = "torchvision has no LeNet."

ARCHITECTURES = (
    Architecture(
        name="lenet5",
        title="LeNet-5",
        family="LeNet",
        paper=PAPER,
        builder="lenet:LeNet5",
        input_size=(1, 32, 32),
        least_size=32,
        most_size=35,
        size_rule="reads C5 as one number per map, so the fourth layer must leave exactly 5x5",
        classes=10,
        most_classes=10,
        ideas=(
            "A small kernel slides over the picture with the same weights everywhere, so a stroke is found wherever it "
            "is drawn, and far fewer weights are needed than in a fully connected network.",
            "Subsampling halves the maps after each convolution: the exact place of a stroke matters less and less.",
            "Features and classifier are learned together, by gradient descent from pixels to answer, instead of "
            "designing the features by hand.",
            "Each map of C3 reads only some maps of S2 (60 of 96 links), which saves weights and forces the maps to "
            "learn different things.",
            "The output units measure the distance to a fixed bitmap of each character, so that look-alikes such as O "
            "and 0 get similar codes.",
        ),
        recipe="Stochastic diagonal Levenberg-Marquardt, one picture at a time, 20 passes over MNIST's 60,000 training "
        "pictures padded to 32x32, with a global learning rate that falls from 5e-4 to 1e-5.",
        results=(MNIST,),
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference("params", 60_000, "LeCun et al. 1998, section II-B: 60,000 trainable free parameters"),
            Reference("depth", 7, "LeCun et al. 1998, section II-B: seven layers, S2, S4 and the output counted"),
        ),
        published_depth=7,
    ),
    Architecture(
        name="lenet5_modern",
        title="LeNet-5, as taught today",
        family="LeNet",
        paper=PAPER,
        builder="lenet:lenet5_modern",
        input_size=(1, 32, 32),
        least_size=32,
        most_size=35,
        size_rule="feeds 16 maps of exactly 5x5 to its first linear layer",
        classes=10,
        options=(
            Option(
                "activation",
                "tanh",
                "What follows each layer: tanh as in 1998, today's ReLU, or the sigmoid of textbooks.",
                ("tanh", "relu", "sigmoid"),
            ),
            Option("pooling", "average", "How maps are halved: the mean or the largest of 2x2.", ("average", "max")),
            Option("batch_norm", False, "Whether batch norm stands before each activation; it came in 2015."),
            Option(
                "dropout",
                0.0,
                "Share of the hidden units that training switches off at random; it came in 2012.",
                least=0.0,
                most=0.9,
                step=0.1,
            ),
        ),
        ideas=(
            "The textbook form of LeNet-5: the same sizes, with the parts that nobody uses any more replaced.",
            "C3 reads all six maps, which costs 900 more weights than the sparse table and is simpler to write.",
            "Plain pooling has no weights; the output is a linear layer with softmax in place of fixed bitmaps.",
        ),
        recipe="No paper of its own; any optimizer trains it to about 99 % on MNIST within minutes.",
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference("params", 61_706, "by hand: 156 + 2,416 + 48,120 + 10,164 + 850"),
            Reference("depth", 5, "two convolutions and three linear layers"),
        ),
    ),
    Architecture(
        name="lenet_keras",
        title="LeNet of Keras tutorials",
        family="LeNet",
        paper=PAPER,
        builder="lenet:lenet_keras",
        input_size=(1, 28, 28),
        least_size=28,
        most_size=31,
        size_rule="feeds 50 maps of exactly 4x4 to its first linear layer",
        classes=10,
        ideas=(
            "The network that many tutorials call LeNet: 20 and 50 maps, ReLU, max pooling, and 500 hidden units.",
            "It has seven times the parameters of LeNet-5, nearly all of them in its first linear layer.",
            "Without padding MNIST's 28x28 shrinks to 24, 12, 8 and 4, which is easy to follow by hand.",
        ),
        recipe="Tutorials train it with Adam, batch 128, for 5 to 20 epochs on MNIST.",
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference("params", 431_080, "Keras's own summary of this network: 520 + 25,050 + 400,500 + 5,010"),
            Reference("depth", 4, "two convolutions and two linear layers"),
        ),
    ),
)
