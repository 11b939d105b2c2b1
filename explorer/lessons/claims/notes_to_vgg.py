"""Claims of the study notes on the case study in Keras, from LeNet to VGG."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    count,
    depth,
    group_params,
    layer,
    output,
    params,
)
from explorer.lessons.claims.sources import NOTES_HISTORY, compare, explore, layers

_SHAPE = "channels, height, width"


def _keras(path: str) -> int:
    return layer("lenet_keras", path).params


def _maps_read(network: str, path: str) -> int:
    row = layer(network, path)
    return row.input_shape[1] // (row.conv_groups or 1)


CLAIMS = (
    Claim(
        "notes-first-cnn",
        "LeNet is the first convolutional network.",
        NOTES_HISTORY,
        "roughly",
        "LeNet-5 is of 1998. LeCun's first convolutional network, trained with backpropagation, is of 1989, and "
        "Fukushima's neocognitron, which had the layers but not the training, of 1980.",
        explore("lenet5", "Story"),
        ("lenet5",),
        quote="최초의 CNN",
        reference="LeCun et al. 1989, Backpropagation Applied to Handwritten Zip Code Recognition; Fukushima 1980, "
        "Neocognitron",
    ),
    Claim(
        "notes-lenet-max-pooling",
        "Max pooling is an idea of LeNet-5.",
        NOTES_HISTORY,
        "false",
        "LeNet-5 adds up four values, times a trained coefficient, plus a trained bias. Only its later copies, such as "
        "the one in Keras, take the maximum.",
        layers("lenet5", "s2"),
        ("lenet5", "lenet_keras"),
        (
            Figure("max poolings in LeNet-5", "layers", lambda: count("lenet5", "MaxPool2d"), 0, 2),
            Figure("max poolings in the copy", "layers", lambda: count("lenet_keras", "MaxPool2d"), 2),
        ),
        quote="최대 풀링 작업",
    ),
    Claim(
        "notes-lenet-28",
        "Twenty 5x5 filters on a 28x28 picture put out 28x28 maps.",
        NOTES_HISTORY,
        "false",
        "The code has no padding, so the maps are 24x24, as its own summary prints. It takes two pixels of padding to "
        "keep 28.",
        layers("lenet_keras", "features.0"),
        ("lenet_keras",),
        (
            Figure(
                "output of the first layer",
                _SHAPE,
                lambda: output("lenet_keras", "features.0"),
                (20, 24, 24),
                (20, 28, 28),
            ),
        ),
        quote="5x5, 20개, 출력 28 x 28",
    ),
    Claim(
        "notes-lenet-keras-params",
        "The LeNet in Keras has 520, 25,050, 400,500 and 5,010 parameters, 431,080 in all.",
        NOTES_HISTORY,
        "true",
        "Each filter and each unit has a bias. It is seven times the size of LeNet-5, because 800 values go to 500 "
        "units.",
        explore("lenet_keras", "Layers"),
        ("lenet_keras",),
        (
            Figure("in all", "parameters", lambda: params("lenet_keras"), 431_080, 431_080),
            Figure("first convolution", "parameters", lambda: _keras("features.0"), 520, 520),
            Figure("second convolution", "parameters", lambda: _keras("features.3"), 25_050, 25_050),
            Figure("first linear layer", "parameters", lambda: _keras("classifier.1"), 400_500, 400_500),
            Figure("second linear layer", "parameters", lambda: _keras("classifier.3"), 5_010, 5_010),
        ),
        quote="520, 25050, 400500, 5010",
    ),
    Claim(
        "notes-alexnet-2012",
        "AlexNet won ILSVRC in 2012.",
        NOTES_HISTORY,
        "true",
        "With 15.3 % top-5 error; the next best had 26.2 %.",
        explore("alexnet", "Story"),
        ("alexnet",),
        quote="2012년 ILSVRC 우승",
        reference="Krizhevsky et al. 2012, section 6; results of ILSVRC 2012",
    ),
    Claim(
        "notes-alexnet-halves",
        "The 96 filters of AlexNet's first layer sit on two GPUs, 48 on each.",
        NOTES_HISTORY,
        "true",
        "So each filter of the second layer reads 48 maps only: a convolution in two groups.",
        layers("alexnet", "conv2"),
        ("alexnet",),
        (Figure("maps that a filter of conv2 reads", "maps", lambda: _maps_read("alexnet", "conv2"), 48, 48),),
        quote="각 48개씩 분할",
    ),
    Claim(
        "notes-alexnet-pool1",
        "Pooling 3x3 behind the first convolution of AlexNet leaves 27x27x96.",
        NOTES_HISTORY,
        "true",
        "With stride 2: floor((55 - 3)/2) + 1 = 27. Its windows overlap by one pixel.",
        layers("alexnet", "pool1"),
        ("alexnet",),
        (Figure("output of pool1", _SHAPE, lambda: output("alexnet", "pool1"), (96, 27, 27), (96, 27, 27)),),
        quote="27x27x96",
    ),
    Claim(
        "notes-alexnet-last-map",
        "The last maps of AlexNet are 13x13x256.",
        NOTES_HISTORY,
        "roughly",
        "Those of conv5 are. A pooling follows, so that the linear layers read 6x6x256.",
        layers("alexnet", "pool5"),
        ("alexnet",),
        (
            Figure("output of conv5", _SHAPE, lambda: output("alexnet", "conv5"), (256, 13, 13), (256, 13, 13)),
            Figure("output of pool5", _SHAPE, lambda: output("alexnet", "pool5"), (256, 6, 6)),
        ),
        quote="최종 13 x 13 x 256",
    ),
    Claim(
        "notes-alexnet-keras",
        "The AlexNet in Keras is the network of the paper.",
        NOTES_HISTORY,
        "false",
        "It has no padding, so maps are smaller; batch norm in place of response normalisation; no groups; one output. "
        "46.8 million parameters are trained in place of 61.0.",
        explore("alexnet_bn", "Story"),
        ("alexnet_bn", "alexnet"),
        (
            Figure(
                "parameters of the one in Keras", "parameters", lambda: params("alexnet_bn"), 46_751_809, 60_965_224
            ),
            Figure(
                "output of its first layer", _SHAPE, lambda: output("alexnet_bn", "conv1"), (96, 54, 54), (96, 55, 55)
            ),
        ),
    ),
    Claim(
        "notes-alexnet-decay",
        "decay=5e-4 of Keras's SGD is the weight decay of the AlexNet paper.",
        NOTES_HISTORY,
        "false",
        "In Keras, decay lowered the learning rate with every step. Weight decay pulls the weights towards zero; it "
        "was a regulariser of each layer.",
        explore("alexnet", "Story"),
        ("alexnet",),
        quote="lr=0.01, decay=5e-4, momentum=0.9",
        reference="Krizhevsky et al. 2012, section 5; Keras 2 documentation of SGD",
    ),
    Claim(
        "notes-vgg-second",
        "VGG came second in classification and first in localisation in 2014.",
        NOTES_HISTORY,
        "true",
        "With 7.3 % top-5 error behind GoogLeNet's 6.7 %.",
        explore("vgg16", "Story"),
        ("vgg16", "googlenet"),
        quote="2014, 분류 2위, 위치측정 1위",
        reference="Simonyan and Zisserman 2014, abstract and table 7",
    ),
    Claim(
        "notes-vgg-depth",
        "VGG went from AlexNet's 8 layers to 19.",
        NOTES_HISTORY,
        "true",
        "16 convolutions and three linear layers.",
        compare("alexnet", "vgg19"),
        ("alexnet", "vgg19"),
        (
            Figure("depth of VGG-19", "layers", lambda: depth("vgg19"), 19, 19),
            Figure("depth of AlexNet", "layers", lambda: depth("alexnet"), 8, 8),
        ),
        quote="8 -> 19",
    ),
    Claim(
        "notes-vgg-linear-billion",
        "The three linear layers of VGG have 1.22 billion parameters.",
        NOTES_HISTORY,
        "false",
        "123.6 million, ten times fewer: a slip between 1.2 and 12 in units of a hundred million.",
        explore("vgg16", "Charts", chart="areas"),
        ("vgg16",),
        (Figure("linear layers", "parameters", lambda: group_params("vgg16", "linear"), 123_642_856, 1_220_000_000),),
        quote="FC 3개 파라미터 12억 2,000만개",
    ),
    Claim(
        "notes-vgg19-billion",
        "VGG-19 has 1.2 billion parameters.",
        NOTES_HISTORY,
        "false",
        "143.7 million: the same slip by a factor of ten.",
        explore("vgg19", "Charts"),
        ("vgg19",),
        (Figure("parameters", "parameters", lambda: params("vgg19"), 143_667_240, 1_200_000_000),),
        quote="VGGNet Layer 19개에 12억 개",
    ),
    Claim(
        "notes-vgg-ten",
        "Written out, VGG-16 for ten classes has the layers of the paper.",
        NOTES_HISTORY,
        "true",
        "Only the last layer is smaller: 134.3 million parameters in place of 138.4.",
        explore("vgg16", "Layers", classes="10"),
        ("vgg16",),
        (
            Figure("for ten classes", "parameters", lambda: params("vgg16", classes=10), 134_301_514),
            Figure("for 1,000 classes", "parameters", lambda: params("vgg16"), 138_357_544),
        ),
        quote="VGG16, classes 10",
    ),
    Claim(
        "notes-vgg-keras-ten",
        'VGG16(weights="imagenet", include_top=True, classes=10) builds a VGG-16 for ten classes.',
        NOTES_HISTORY,
        "false",
        "Keras refuses: weights for 1,000 classes fit no other last layer.",
        explore("vgg16", "Layers", classes="10"),
        ("vgg16",),
        quote="classes=10",
        reference="keras.applications, vgg16.py: classes has to be 1000 with include_top and imagenet",
    ),
)
