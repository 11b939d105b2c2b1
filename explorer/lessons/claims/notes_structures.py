"""Claims of the study notes on the structures of networks."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure, Value
from explorer.lessons.claims.measures import (
    convolutions_in,
    count,
    depth,
    full_over_separable,
    layer,
    layers_of,
    output,
    params,
    parts_with,
    side,
    stack_sees,
)
from explorer.lessons.claims.sources import NOTES_STRUCTURES, block, compare, convolution, explore, layers


def _width_of_kernel(network: str, path: str) -> int:
    kernel = layer(network, path).kernel
    return kernel[1] if kernel else 0


def _maps_of_zfnet(network: str) -> Value:
    return tuple(output(network, f"conv{i}")[0] for i in (3, 4, 5))


CLAIMS = (
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
    Claim(
        "structures-vgg-138",
        "VGG has 138 million parameters.",
        NOTES_STRUCTURES,
        "true",
        "VGG-16 has; VGG-11 has 132.9, VGG-19 has 143.7 million.",
        explore("vgg16", "Charts"),
        ("vgg16",),
        (Figure("VGG-16", "parameters", lambda: params("vgg16"), 138_357_544, 138_000_000),),
        quote="138M",
    ),
    Claim(
        "structures-three-see-seven",
        "Three 3x3 convolutions see as much as one 7x7.",
        NOTES_STRUCTURES,
        "true",
        "Each adds two pixels: 3, 5, 7. With stride 1, that is.",
        convolution("Receptive field", stack="3,1 3,1 3,1"),
        ("vgg16",),
        (Figure("three 3x3 see", "pixels", lambda: stack_sees(3, 3, 3), 7, 7),),
        quote="3x 3x3 = 7x7",
    ),
    Claim(
        "structures-one-by-one",
        "A 1x1 convolution makes one 56x56 map of 64 with 64 weights.",
        NOTES_STRUCTURES,
        "true",
        "One weight for each channel, the same at all positions; a bias makes it 65 parameters.",
        convolution("Channels", channels=64, side=56, filters=1, k=1),
        (),
        (
            Figure("weights", "weights", lambda: _one_filter(bias=False), 64, 64),
            Figure("with a bias", "parameters", lambda: _one_filter(bias=True), 65),
            Figure("height and width", "pixels", lambda: side(56, 1), 56, 56),
        ),
        quote="64x1x1 필터",
    ),
    Claim(
        "structures-resnet-one-linear",
        "ResNet has only one linear layer, for the 1,000 classes.",
        NOTES_STRUCTURES,
        "true",
        "Global average pooling leaves 2,048 values for it in ResNet-50.",
        explore("resnet50", "Layers"),
        ("resnet50",),
        (
            Figure("linear layers of ResNet-50", "layers", lambda: layers_of("resnet50", "linear"), 1, 1),
            Figure("its inputs", "values", lambda: layer("resnet50", "fc").input_shape[-1], 2048),
        ),
        quote="FC 1000만",
    ),
    Claim(
        "structures-resnet-two-3x3",
        "Every block of a ResNet has two 3x3 convolutions.",
        NOTES_STRUCTURES,
        "roughly",
        "Up to 34 layers. From 50 on a block has three convolutions, 1x1, 3x3, 1x1.",
        explore("resnet50", "Diagram"),
        ("resnet34", "resnet50"),
        (
            Figure("in a block of ResNet-50", "convolutions", lambda: convolutions_in("resnet50", "Bottleneck"), 3, 2),
            Figure("in a block of ResNet-34", "convolutions", lambda: convolutions_in("resnet34", "BasicBlock"), 2, 2),
        ),
        quote="두 개의 3x3",
    ),
    Claim(
        "structures-resnet-decay",
        "ResNet was trained with a weight decay of 1e-5.",
        NOTES_STRUCTURES,
        "false",
        "1e-4. The other figure comes from a slide of CS231n.",
        explore("resnet50", "Story"),
        ("resnet50",),
        quote="1e-5",
        reference="He et al. 2015, section 3.4: weight decay of 0.0001",
    ),
    Claim(
        "structures-resnet-unlimited",
        "With shortcuts a network can be made as deep as one likes.",
        NOTES_STRUCTURES,
        "false",
        "The ResNet of 1,202 layers trains, but errs more than the one of 110: 7.93 % against 6.43 % on CIFAR-10.",
        explore("resnet110", "Story"),
        ("resnet110",),
        quote="무제한",
        reference="He et al. 2015, table 6 and section 4.2",
    ),
    Claim(
        "structures-densenet-author",
        "DenseNet is Kaiming He's, of 2016.",
        NOTES_STRUCTURES,
        "false",
        "It is by Gao Huang, Zhuang Liu, Laurens van der Maaten and Kilian Weinberger; first public in 2016, at CVPR "
        "in 2017.",
        explore("densenet121", "Story"),
        ("densenet121",),
        quote="2016, Kaiming He",
        reference="Huang et al. 2016, arXiv 1608.06993",
    ),
    Claim(
        "structures-densenet-free",
        "The dense connections of DenseNet add no parameters.",
        NOTES_STRUCTURES,
        "false",
        "A connection has no weights, but each layer reads k channels more than the one before it, and pays for them: "
        "its 1x1 grows from 8,192 to 28,672 weights within the first block.",
        block("dense"),
        ("densenet121",),
        (
            Figure("1x1 of the sixth layer", "parameters", lambda: _dense_1x1(6), 28_672, 8_192),
            Figure("1x1 of the first layer", "parameters", lambda: _dense_1x1(1), 8_192),
        ),
        quote="매개변수 증가하지 않음",
    ),
    Claim(
        "structures-separable",
        "Depthwise separable convolutions save most of the work.",
        NOTES_STRUCTURES,
        "true",
        "With 3x3 kernels and 128 channels, 1/128 + 1/9 = 11.9 % remains.",
        block("separable", in_channels=128, channels=128),
        ("mobilenet_v1", "xception"),
        (
            Figure(
                "what remains with 128 channels",
                "%",
                lambda: 100 / full_over_separable(128),
                11.89,
                None,
                0.005,
            ),
        ),
        quote="크게 줄여준다",
    ),
)


def _one_filter(*, bias: bool) -> int:
    from explorer.lessons.claims.measures import module

    return module(lambda nn: nn.Conv2d(64, 1, 1, bias=bias), 64, 56, 56).params


def _dense_1x1(place: int) -> int:
    return layer("densenet121", f"features.denseblock1.denselayer{place}.conv1").params
