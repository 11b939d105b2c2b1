"""Claims of the papers up to GoogLeNet, 1998 to 2014."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    connections,
    depth,
    group_params,
    layer,
    macs,
    neurons,
    output,
    params,
    saved,
    side,
    stack_sees,
)
from explorer.lessons.claims.sources import ALEXNET, GOOGLENET, LENET, VGG, block, compare, convolution, explore, layers

CLAIMS = (
    Claim(
        "lenet5-size",
        "LeNet-5 has 60,000 trainable parameters and 340,908 connections.",
        LENET,
        "true",
        "Exactly so, if C3 reads only some of the maps of S2 and subsampling has a coefficient and a bias for each "
        "map. Built with a full C3, as it often is, it has 61,706.",
        explore("lenet5", "Layers"),
        ("lenet5", "lenet5_modern"),
        (
            Figure("parameters", "parameters", lambda: params("lenet5"), 60_000, 60_000),
            Figure("connections", "connections", lambda: connections("lenet5"), 340_908, 340_908),
            Figure("parameters with a full C3", "parameters", lambda: params("lenet5_modern"), 61_706),
        ),
        "section II.B",
    ),
    Claim(
        "lenet5-c1",
        "The first layer of LeNet-5 has 156 parameters.",
        LENET,
        "true",
        "Six filters of 5x5 on one grey channel, each with a bias: 6 times 26.",
        layers("lenet5", "c1"),
        ("lenet5",),
        (Figure("parameters of C1", "parameters", lambda: layer("lenet5", "c1").params, 156, 156),),
        "section II.B",
    ),
    Claim(
        "alexnet-params",
        "AlexNet has 60 million parameters.",
        ALEXNET,
        "true",
        "As published, in two groups, it has 60,965,224. In one column it has 62,378,344; torchvision's is another "
        "network.",
        compare("alexnet", "alexnet_single", "alexnet_tv"),
        ("alexnet", "alexnet_single", "alexnet_tv"),
        (
            Figure("parameters as published", "parameters", lambda: params("alexnet"), 60_965_224, 60_000_000),
            Figure("parameters in one column", "parameters", lambda: params("alexnet_single"), 62_378_344),
            Figure("parameters of torchvision's", "parameters", lambda: params("alexnet_tv"), 61_100_840),
        ),
        "abstract",
    ),
    Claim(
        "alexnet-55",
        "AlexNet's first layer makes 55x55 maps of a 224x224 picture.",
        ALEXNET,
        "false",
        "With 11x11 kernels, stride 4 and no padding, 224 gives floor(54.25) = 54. It takes a picture of 227, or 224 "
        "with two pixels of padding, to get 55.",
        convolution("Channels", side=224, filters=96, k=11, s=4, p=0),
        ("alexnet",),
        (
            Figure("height and width from 224", "pixels", lambda: side(224, 11, 4), 54, 55),
            Figure("from 224 with padding 2", "pixels", lambda: side(224, 11, 4, padding=2), 55),
            Figure("from 227", "pixels", lambda: side(227, 11, 4), 55),
        ),
        "figure 2",
    ),
    Claim(
        "alexnet-neurons",
        "AlexNet has 650,000 neurons.",
        ALEXNET,
        "true",
        "The values that its eight layers put out come to 659,272.",
        explore("alexnet", "Layers"),
        ("alexnet",),
        (
            Figure(
                "values of the eight layers",
                "values",
                lambda: neurons("alexnet", *(f"conv{i}" for i in range(1, 6)), "fc6", "fc7", "fc8"),
                659_272,
                650_000,
            ),
        ),
        "abstract",
    ),
    Claim(
        "alexnet-first-neurons",
        "The first layer of AlexNet has 253,440 neurons.",
        ALEXNET,
        "false",
        "96 maps of 55x55 hold 290,400 values. 253,440 divided by 96 is not even a square.",
        layers("alexnet", "conv1"),
        ("alexnet",),
        (Figure("values of conv1", "values", lambda: neurons("alexnet", "conv1"), 290_400, 253_440),),
        "figure 2",
    ),
    Claim(
        "vgg-seven",
        "Three 3x3 convolutions cost 45 % less than one 7x7, and see as much.",
        VGG,
        "true",
        "27 C\N{SUPERSCRIPT TWO} weights against 49 C\N{SUPERSCRIPT TWO} with C channels in and out; both see 7x7 "
        "pixels. The paper puts it the other way round: 7x7 needs 81 % more.",
        block("small_filters", kernel=7),
        ("vgg16",),
        (
            Figure("weights saved", "%", lambda: saved(64, (7, 7), (3, 3), (3, 3), (3, 3)), 44.9, 45, 0.05),
            Figure("three 3x3 see", "pixels", lambda: stack_sees(3, 3, 3), 7, 7),
        ),
        "section 2.3",
    ),
    Claim(
        "vgg-two-see-five",
        "Two 3x3 convolutions see what a 5x5 sees.",
        VGG,
        "true",
        "The second reads 3x3 values, each of which has seen 3x3 pixels: 5x5 in all.",
        convolution("Receptive field", stack="3,1 3,1"),
        ("vgg16",),
        (Figure("two 3x3 see", "pixels", lambda: stack_sees(3, 3), 5, 5),),
        "section 2.3",
    ),
    Claim(
        "vgg-table-2",
        "VGG A, D and E have 133, 138 and 144 million parameters.",
        VGG,
        "true",
        "The difference between 11 and 19 layers is small, because 124 million sit in the linear layers of all of "
        "them.",
        compare("vgg11", "vgg13", "vgg16", "vgg19"),
        ("vgg11", "vgg16", "vgg19"),
        (
            Figure("VGG D (16 layers)", "parameters", lambda: params("vgg16"), 138_357_544, 138_000_000),
            Figure("VGG A (11 layers)", "parameters", lambda: params("vgg11"), 132_863_336, 133_000_000),
            Figure("VGG E (19 layers)", "parameters", lambda: params("vgg19"), 143_667_240, 144_000_000),
            Figure("linear layers of VGG-16", "parameters", lambda: group_params("vgg16", "linear"), 123_642_856),
        ),
        "table 2",
    ),
    Claim(
        "googlenet-twelve",
        "GoogLeNet has twelve times fewer parameters than AlexNet.",
        GOOGLENET,
        "roughly",
        "8.7 times fewer. Twelve comes out with the five million that the authors wrote a year later, and that do not "
        "fit their own table.",
        compare("googlenet", "alexnet"),
        ("googlenet", "alexnet"),
        (
            Figure("AlexNet over GoogLeNet", "times", lambda: params("alexnet") / params("googlenet"), 8.71, 12, 0.01),
            Figure("parameters of GoogLeNet", "parameters", lambda: params("googlenet"), 6_998_552),
        ),
        "section 1",
    ),
    Claim(
        "googlenet-conv1",
        "The first convolution of GoogLeNet has 2.7 thousand parameters and costs 34 million operations.",
        GOOGLENET,
        "depends",
        "A full 7x7 convolution of 3 channels into 64 has 9,408 weights and costs 118 million. The paper's row fits a "
        "separable one; nobody who rebuilt the network built it so.",
        layers("googlenet", "conv1.conv"),
        ("googlenet",),
        (
            Figure("MACs of conv1", "MACs", lambda: layer("googlenet", "conv1.conv").macs, 118_013_952, 34_000_000),
            Figure(
                "parameters with biases", "parameters", lambda: layer("googlenet", "conv1.conv").params, 9_472, 2_700
            ),
        ),
        "table 1",
    ),
    Claim(
        "googlenet-ops",
        "GoogLeNet costs about 1.5 billion multiply-adds.",
        GOOGLENET,
        "roughly",
        "The column of the paper's table adds up to 1.502 billion, with the first layer counted too low; built as it "
        "stands the network costs 1.583 billion.",
        explore("googlenet", "Layers"),
        ("googlenet",),
        (Figure("MACs", "MACs", lambda: macs("googlenet"), 1_582_671_872, 1_500_000_000),),
        "section 1 and table 1",
    ),
    Claim(
        "googlenet-depth",
        "GoogLeNet is 22 layers deep, counting only layers with parameters.",
        GOOGLENET,
        "true",
        "On the longest path: three convolutions, two in each of nine modules, and the linear layer.",
        explore("googlenet", "Diagram"),
        ("googlenet",),
        (Figure("depth", "layers", lambda: depth("googlenet"), 22, 22),),
        "section 5",
    ),
    Claim(
        "googlenet-last-map",
        "The maps that GoogLeNet averages at its end are 7x7, with 1,024 channels.",
        GOOGLENET,
        "true",
        "The last module puts out 384 + 384 + 128 + 128 channels.",
        layers("googlenet", "inception5b.cat"),
        ("googlenet",),
        (
            Figure(
                "output of inception 5b",
                "channels, height, width",
                lambda: output("googlenet", "inception5b.cat"),
                (1024, 7, 7),
                (1024, 7, 7),
            ),
        ),
        "table 1",
    ),
)
