"""Claims of the study notes on the structures of networks, from VGG on."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    convolutions_in,
    depth,
    full_over_separable,
    layer,
    layers_of,
    module,
    params,
    side,
    stack_sees,
)
from explorer.lessons.claims.sources import NOTES_STRUCTURES, block, compare, convolution, explore

CLAIMS = (
    Claim(
        "structures-vgg-depths",
        "VGG has 16 or 19 layers.",
        NOTES_STRUCTURES,
        "true",
        "Those two are used; the paper also has 11 and 13.",
        compare("vgg11", "vgg13", "vgg16", "vgg19"),
        ("vgg11", "vgg13", "vgg16", "vgg19"),
        (
            Figure("VGG-16", "layers", lambda: depth("vgg16"), 16, 16),
            Figure("VGG-19", "layers", lambda: depth("vgg19"), 19, 19),
        ),
        quote="16 또는 19",
    ),
    Claim(
        "structures-resnet-depths",
        "ResNet comes with 18, 34, 50, 101 and 152 layers.",
        NOTES_STRUCTURES,
        "true",
        "For ImageNet. Those for CIFAR-10 have 20 to 1,202.",
        compare("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"),
        ("resnet18", "resnet34", "resnet50", "resnet101", "resnet152"),
        tuple(
            Figure(f"ResNet-{count}", "layers", lambda name=f"resnet{count}": depth(name), count, count)  # type: ignore[misc]
            for count in (18, 34, 50, 101, 152)
        ),
        quote="18, 34, 50, 101, 152",
    ),
    Claim(
        "structures-resnet-recipe",
        "ResNet was trained without dropout, in batches of 256, with momentum 0.9 and a rate of 0.1 divided by ten.",
        NOTES_STRUCTURES,
        "true",
        "Batch norm behind each convolution takes the place of dropout.",
        explore("resnet50", "Story"),
        ("resnet50",),
        quote="0.9, 0.1 /10, 256",
        reference="He et al. 2015, section 3.4",
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
    return module(lambda nn: nn.Conv2d(64, 1, 1, bias=bias), 64, 56, 56).params


def _dense_1x1(place: int) -> int:
    return layer("densenet121", f"features.denseblock1.denselayer{place}.conv1").params
