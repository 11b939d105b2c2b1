"""What is known about GoogLeNet and Inception-v3."""

from collections.abc import Mapping

from explorer.architecture import Architecture, Option, OptionValue, Paper, Reference, Result
from explorer.catalogue.torchvision_weights import results_of

GOOGLENET = Paper(
    title="Going Deeper with Convolutions",
    authors="Christian Szegedy, Wei Liu, Yangqing Jia, Pierre Sermanet, Scott Reed, Dragomir Anguelov, Dumitru Erhan, "
    "Vincent Vanhoucke, Andrew Rabinovich",
    published="2014-09",
    url="https://arxiv.org/abs/1409.4842",
)
INCEPTION_V3 = Paper(
    title="Rethinking the Inception Architecture for Computer Vision",
    authors="Christian Szegedy, Vincent Vanhoucke, Sergey Ioffe, Jonathon Shlens, Zbigniew Wojna",
    published="2015-12",
    url="https://arxiv.org/abs/1512.00567",
)

GOOGLENET_RECIPE = (
    "Asynchronous SGD on many CPUs (DistBelief) with momentum 0.9; the learning rate falls by 4 % every 8 epochs and "
    "weights are averaged for testing. Crops cover 8 to 100 % of the picture at aspect ratios from 3:4 to 4:3, with "
    "photometric distortions; each auxiliary loss counts 0.3."
)
GOOGLENET_DIFFERENCES = (
    "torchvision puts batch norm (epsilon 1e-3) behind every convolution and drops the biases; the paper has biases "
    "and no batch norm.",
    "torchvision's third branch has a 3x3 where the paper has a 5x5, a slip kept for the sake of its weights.",
    "torchvision leaves out the two local response normalisations.",
    "torchvision's last max pooling is 2x2; the paper's is 3x3 with stride 2.",
    "torchvision's dropout is 0.2, the paper's 0.4.",
    "torchvision's auxiliary heads pool to 4x4 whatever the picture's size; the paper's fit 14x14 maps only.",
)
AUX = "Adds the auxiliary heads, which return logits of their own in training."


def dropout(default: float, features: str) -> Option:
    return Option(
        "dropout", default, f"Share of the {features} features dropped in training.", least=0, most=0.9, step=0.1
    )


def googlenet_least_size(options: Mapping[str, OptionValue]) -> int:
    return 223 if options["aux"] else 31


def googlenet_most_size(options: Mapping[str, OptionValue]) -> int | None:
    return 270 if options["aux"] else None


def inception_v3_least_size(options: Mapping[str, OptionValue]) -> int:
    return 299 if options["aux"] else 75


ARCHITECTURES = (
    Architecture(
        name="googlenet",
        title="GoogLeNet",
        family="Inception",
        paper=GOOGLENET,
        builder="inception:GoogLeNet",
        input_size=(3, 224, 224),
        least_size=31,
        least_size_for=googlenet_least_size,
        most_size_for=googlenet_most_size,
        size_rule="halves its maps five times, and its auxiliary heads, if it has them, read maps of 14 to 16 pixels",
        options=(Option("aux", False, AUX), dropout(0.4, "1,024")),
        ideas=(
            "An Inception module looks at its input at several scales at once, with 1x1, 3x3 and 5x5 convolutions and "
            "a pooling side by side, and lets the next layer choose.",
            "1x1 convolutions in front of the 3x3 and 5x5 cut the number of channels first, so that width stays cheap.",
            "Global average pooling replaces the large linear layers that hold most weights of AlexNet and VGG.",
            "Two auxiliary classifiers half way bring gradient to the early layers in training and are then removed.",
            "The result has 22 layers with weights, 7 million parameters, about a ninth of AlexNet's, and won ILSVRC "
            "2014.",
        ),
        recipe=GOOGLENET_RECIPE,
        results=(
            Result("ImageNet", "validation, one crop, one model", "Szegedy et al. 2014, table 3", top5_error=10.07),
            Result("ImageNet", "validation, 144 crops, one model", "Szegedy et al. 2014, table 3", top5_error=7.89),
            Result("ImageNet", "144 crops, seven models, ILSVRC 2014", "Szegedy et al. 2014, table 3", top5_error=6.67),
            Result("ImageNet", "validation, centre crop, Caffe's replication", "Caffe, bvlc_googlenet", 31.3, 11.1),
        ),
        differences=GOOGLENET_DIFFERENCES,
        references=(
            Reference("params", 6_998_552, "table 1 of the paper, worked out layer by layer with biases"),
            Reference(
                "params", 13_378_280, "the same with both auxiliary heads of section 5", options=(("aux", True),)
            ),
            Reference("macs", 1_582_671_872, "table 1 of the paper, worked out layer by layer"),
            Reference("depth", 22, "Szegedy et al. 2014, section 5: 22 layers with parameters"),
        ),
        counterpart="googlenet_tv",
    ),
    Architecture(
        name="googlenet_naive",
        title="GoogLeNet without reductions",
        family="Inception",
        paper=GOOGLENET,
        builder="inception:GoogLeNet",
        arguments=(("naive", True),),
        input_size=(3, 224, 224),
        least_size=31,
        size_rule="halves its maps five times",
        options=(dropout(0.4, "4,944"),),
        ideas=(
            "GoogLeNet with the naive module of the paper's figure 2a, as an experiment of thought: nobody trained it.",
            "The 3x3 and 5x5 convolutions read every channel of their input, with no 1x1 in front to thin it out.",
            "Pooling passes all its channels on, so each module is wider than the last: 4,944 channels leave the ninth "
            "in place of 1,024.",
            "It comes to 97,526,008 parameters and 12.6 GMACs: 14 times GoogLeNet's parameters and 8 times its work.",
        ),
        recipe="The paper describes this module in order to reject it, and trains no network of it.",
        differences=("torchvision has no such network.",),
        references=(Reference("depth", 13, "three convolutions, nine modules and one linear layer"),),
    ),
    Architecture(
        name="googlenet_tv",
        title="GoogLeNet (torchvision)",
        family="Inception",
        paper=GOOGLENET,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", "googlenet"),),
        input_size=(3, 224, 224),
        least_size=15,
        size_rule="halves its maps five times",
        options=(Option("aux", False, AUX), dropout(0.2, "1,024")),
        ideas=(
            "GoogLeNet as it came to torchvision from TensorFlow, with the batch norm that was invented a year later.",
            "Batch norm keeps the signal at one size through 22 layers, so that it starts to learn at once, where the "
            "published network depends on how its weights are drawn.",
            "It is smaller than the published network, because its third branch has 3x3 kernels in place of 5x5.",
        ),
        recipe="torchvision gives no recipe: the weights were converted from TensorFlow's.",
        results=results_of("googlenet"),
        differences=GOOGLENET_DIFFERENCES,
        references=(
            Reference("params", 6_624_904, "torchvision, GoogLeNet_Weights.IMAGENET1K_V1"),
            Reference("macs", 1.498e9, "torchvision, GoogLeNet_Weights.IMAGENET1K_V1", 0.0005e9),
            Reference("depth", 22, "Szegedy et al. 2014, section 5: 22 layers with parameters"),
        ),
        torchvision="googlenet",
        counterpart="googlenet",
    ),
    Architecture(
        name="inception_v3",
        title="Inception-v3",
        family="Inception",
        paper=INCEPTION_V3,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", "inception_v3"),),
        input_size=(3, 299, 299),
        least_size=75,
        least_size_for=inception_v3_least_size,
        size_rule="shrinks its maps with many unpadded layers, and its auxiliary head, if it has it, reads 17x17",
        options=(Option("aux", False, AUX), dropout(0.5, "2,048")),
        ideas=(
            "Two 3x3 convolutions see as much as one 5x5 for 28 % fewer weights.",
            "A 7x7 is split into a 1x7 and a 7x1, which works well on maps of middle size, here 17x17.",
            "Where the maps shrink, convolution and pooling run side by side, so that nothing is squeezed through a "
            "narrow place.",
            "Label smoothing asks for slightly less than full confidence, which helps generalisation.",
            "The auxiliary head, now with batch norm, acts as a regulariser rather than as a source of early gradient.",
        ),
        recipe="RMSProp with decay 0.9 and epsilon 1.0, learning rate 0.045 times 0.94 every 2 epochs, gradients "
        "clipped at 2.0, batch 32 on each of 50 replicas, 100 epochs, label smoothing 0.1, averaged weights for tests.",
        results=(
            Result("ImageNet", "validation, one crop, one model", "Szegedy et al. 2015, abstract", 21.2, 5.6),
            Result("ImageNet", "validation, several crops, four models", "Szegedy et al. 2015, abstract", 17.3, 3.5),
            *results_of("inception_v3"),
        ),
        differences=(
            "This is torchvision's network; its pretrained weights also rescale their input, which is off here.",
            "The paper counts 42 layers; the longest path through this network has 48 convolutions and linear layers.",
        ),
        references=(
            Reference(
                "params", 27_161_264, "torchvision, Inception_V3_Weights.IMAGENET1K_V1", options=(("aux", True),)
            ),
            Reference("params", 23_834_568, "the same without its auxiliary head"),
            Reference("macs", 5.713e9, "torchvision, Inception_V3_Weights.IMAGENET1K_V1", 0.0005e9),
            Reference("depth", 42, "Szegedy et al. 2015, section 6: 42 layers deep"),
        ),
        torchvision="inception_v3",
        published_depth=42,
    ),
)
