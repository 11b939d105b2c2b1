"""Claims of the study notes on the structures of networks, up to ZFNet."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure, Value
from explorer.lessons.claims.measures import (
    count,
    depth,
    layer,
    layers_of,
    output,
    params,
    parts_with,
)
from explorer.lessons.claims.sources import NOTES_STRUCTURES, compare, explore, layers


def _width_of_kernel(network: str, path: str) -> int:
    kernel = layer(network, path).kernel
    return kernel[1] if kernel else 0


def _maps_of_zfnet(network: str) -> Value:
    return tuple(output(network, f"conv{i}")[0] for i in (3, 4, 5))


CLAIMS = (
    Claim(
        "structures-depths",
        "Networks grew from 8 layers in 2012 to 19 and 22 in 2014 and to 152 in 2015.",
        NOTES_STRUCTURES,
        "true",
        "AlexNet, VGG-19, GoogLeNet and ResNet-152, counted in layers with weights on the longest path.",
        compare("alexnet", "vgg19", "googlenet", "resnet152"),
        ("alexnet", "vgg19", "googlenet", "resnet152"),
        (
            Figure("ResNet-152", "layers", lambda: depth("resnet152"), 152, 152),
            Figure("GoogLeNet", "layers", lambda: depth("googlenet"), 22, 22),
            Figure("VGG-19", "layers", lambda: depth("vgg19"), 19, 19),
            Figure("AlexNet", "layers", lambda: depth("alexnet"), 8, 8),
        ),
        quote="8; 19, 22; 152",
    ),
    Claim(
        "structures-lenet-two",
        "LeNet-5 has two convolutional layers.",
        NOTES_STRUCTURES,
        "false",
        "Three: C1, C3 and C5. C5 reads 5x5 maps whole, so it looks like a linear layer, but it is a convolution.",
        explore("lenet5", "Diagram"),
        ("lenet5",),
        (Figure("convolutional layers", "layers", lambda: parts_with("lenet5", "conv"), 3, 2),),
        quote="두 개의 합성곱 레이어",
    ),
    Claim(
        "structures-lenet-softmax",
        "The output of LeNet-5 is a softmax.",
        NOTES_STRUCTURES,
        "false",
        "Ten distances to drawings of the digits (Euclidean radial basis functions), the smallest of which wins; they "
        "have no trained parameters.",
        layers("lenet5", "output"),
        ("lenet5",),
        (Figure("trained parameters of the output", "parameters", lambda: layer("lenet5", "output").params, 0, 850),),
        quote="소프트맥스",
    ),
    Claim(
        "structures-alexnet-eight",
        "AlexNet has eight layers, five convolutional and three linear.",
        NOTES_STRUCTURES,
        "true",
        "Poolings and normalisations have no weights and are not counted.",
        explore("alexnet", "Layers"),
        ("alexnet",),
        (
            Figure("depth", "layers", lambda: depth("alexnet"), 8, 8),
            Figure("convolutions", "layers", lambda: layers_of("alexnet", "conv"), 5, 5),
            Figure("linear layers", "layers", lambda: layers_of("alexnet", "linear"), 3, 3),
        ),
        quote="8계층",
    ),
    Claim(
        "structures-alexnet-two-linear",
        "AlexNet ends in two linear layers.",
        NOTES_STRUCTURES,
        "false",
        "Three: two of 4,096 units and the one that names the class.",
        explore("alexnet", "Layers"),
        ("alexnet",),
        (Figure("linear layers", "layers", lambda: layers_of("alexnet", "linear"), 3, 2),),
        quote="2개의 FC 이전",
    ),
    Claim(
        "structures-alexnet-pooling",
        "In AlexNet a max pooling follows each convolution.",
        NOTES_STRUCTURES,
        "roughly",
        "The first, the second and the fifth; the third and fourth are followed by a convolution at once, which was "
        "new.",
        explore("alexnet", "Diagram"),
        ("alexnet",),
        (Figure("poolings behind five convolutions", "layers", lambda: count("alexnet", "MaxPool2d"), 3, 5),),
        quote="합성곱 뒤 최대 풀링",
    ),
    Claim(
        "structures-alexnet-relu",
        "AlexNet was the first to use ReLU.",
        NOTES_STRUCTURES,
        "roughly",
        "It made ReLU popular. Jarrett et al. used rectification in 2009, Nair and Hinton the rectified linear unit in "
        "2010.",
        explore("alexnet", "Story"),
        ("alexnet",),
        quote="처음으로 ReLU",
        reference="Jarrett et al. 2009; Nair and Hinton 2010; Krizhevsky et al. 2012, section 3.1",
    ),
    Claim(
        "structures-alexnet-recipe",
        "AlexNet was trained with batches of 128, a momentum of 0.9 and a learning rate of 0.01, divided by ten.",
        NOTES_STRUCTURES,
        "true",
        "The rate was divided three times, whenever the validation error no longer fell. The weight decay was 5e-4.",
        explore("alexnet", "Story"),
        ("alexnet",),
        quote="0.5, 128, 0.9",
        reference="Krizhevsky et al. 2012, section 5",
    ),
    Claim(
        "structures-alexnet-ensemble",
        "Seven networks together brought AlexNet's error from 18.2 % to 15.4 %.",
        NOTES_STRUCTURES,
        "true",
        "Top-5 error on the validation pictures; 15.3 % on the test pictures. Two of the seven had been trained on "
        "more data.",
        explore("alexnet", "Story"),
        ("alexnet",),
        quote="7 CNN; 18.2 -> 15.4",
        reference="Krizhevsky et al. 2012, table 2",
    ),
    Claim(
        "structures-zfnet-larger",
        "ZFNet uses larger filters than AlexNet.",
        NOTES_STRUCTURES,
        "false",
        "Smaller ones: 7x7 with stride 2 in place of 11x11 with stride 4 in the first layer.",
        compare("zfnet", "alexnet"),
        ("zfnet", "alexnet"),
        (
            Figure("first kernels of ZFNet", "pixels", lambda: _width_of_kernel("zfnet", "conv1"), 7),
            Figure("first kernels of AlexNet", "pixels", lambda: _width_of_kernel("alexnet", "conv1"), 11),
        ),
        quote="더 큰 필터",
    ),
    Claim(
        "structures-zfnet-deeper",
        "ZFNet is deeper than AlexNet.",
        NOTES_STRUCTURES,
        "false",
        "Both have eight layers.",
        compare("zfnet", "alexnet"),
        ("zfnet", "alexnet"),
        (
            Figure("depth of ZFNet", "layers", lambda: depth("zfnet"), 8),
            Figure("depth of AlexNet", "layers", lambda: depth("alexnet"), 8),
        ),
        quote="더 깊고",
    ),
    Claim(
        "structures-zfnet-wider",
        "ZFNet has 512, 1,024 and 512 maps in place of AlexNet's 384, 384 and 256.",
        NOTES_STRUCTURES,
        "depends",
        "The ZFNet of the paper's figure 3 keeps 384, 384 and 256. The wide one is a variant of its table, which the "
        "slides of CS231n show.",
        compare("zfnet", "zfnet_wide"),
        ("zfnet", "zfnet_wide"),
        (
            Figure("maps of the paper's", "maps", lambda: _maps_of_zfnet("zfnet"), (384, 384, 256), (512, 1024, 512)),
            Figure("maps of the variant", "maps", lambda: _maps_of_zfnet("zfnet_wide"), (512, 1024, 512)),
            Figure("parameters of the paper's", "parameters", lambda: params("zfnet"), 62_357_608),
            Figure("parameters of the variant", "parameters", lambda: params("zfnet_wide"), 107_627_624),
        ),
        quote="512, 1024, 512",
    ),
    Claim(
        "structures-zfnet-errors",
        "ZFNet brought the error from 16.4 % to 11.7 %.",
        NOTES_STRUCTURES,
        "roughly",
        "11.7 % is the entry of Clarifai, the company of ZFNet's author, in 2013. The networks in the paper have 16.5 "
        "% alone and 14.8 % together.",
        explore("zfnet", "Story"),
        ("zfnet", "alexnet"),
        quote="16.4% -> 11.7%",
        reference="Zeiler and Fergus 2013, table 2; results of ILSVRC 2013",
    ),
)
