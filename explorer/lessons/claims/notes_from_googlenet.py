"""Claims of the study notes on the case study in Keras, on GoogLeNet and ResNet."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    auxiliary_heads,
    count,
    depth,
    kernels,
    output,
    params,
    saved,
)
from explorer.lessons.claims.sources import NOTES_HISTORY, block, compare, explore, layers

_SHAPE = "channels, height, width"


CLAIMS = (
    Claim(
        "notes-googlenet-five",
        "GoogLeNet has 5 million parameters.",
        NOTES_HISTORY,
        "false",
        "7.0 million as published; 13.4 million with the two heads that are used in training.",
        compare("googlenet", "googlenet_tv"),
        ("googlenet",),
        (
            Figure("as published", "parameters", lambda: params("googlenet"), 6_998_552, 5_000_000),
            Figure("with both heads", "parameters", lambda: params("googlenet", aux=True), 13_378_280),
            Figure("torchvision's", "parameters", lambda: params("googlenet_tv"), 6_624_904),
        ),
        quote="파라미터 500만개",
    ),
    Claim(
        "notes-googlenet-modules",
        "GoogLeNet has 22 layers and nine Inception modules.",
        NOTES_HISTORY,
        "true",
        "Layers with parameters, counted along the longest path.",
        explore("googlenet", "Diagram"),
        ("googlenet",),
        (
            Figure("Inception modules", "modules", lambda: count("googlenet", "Inception"), 9, 9),
            Figure("depth", "layers", lambda: depth("googlenet"), 22, 22),
        ),
        quote="22 Layer, 9개의 Inception",
    ),
    Claim(
        "notes-googlenet-3b",
        "Module 3b has 32 filters of 5x5 and 32 behind its pooling, which puts out 384 channels.",
        NOTES_HISTORY,
        "false",
        "The paper has 96 and 64 there: 128 + 192 + 96 + 64 = 480.",
        layers("googlenet", "inception3b.cat"),
        ("googlenet",),
        (Figure("output of 3b", _SHAPE, lambda: output("googlenet", "inception3b.cat"), (480, 28, 28), (384, 28, 28)),),
        quote="f_5x5=32, f_pool=32",
    ),
    Claim(
        "notes-googlenet-three-heads",
        "GoogLeNet has three auxiliary heads.",
        NOTES_HISTORY,
        "false",
        "Two, on modules 4a and 4d. The code builds a third and never uses it.",
        explore("googlenet", "Layers", aux="true"),
        ("googlenet",),
        (Figure("auxiliary heads", "heads", lambda: auxiliary_heads("googlenet"), 2, 3),),
        quote="aux3",
    ),
    Claim(
        "notes-googlenet-first-head",
        "The first auxiliary head sits behind 3b and its pooling.",
        NOTES_HISTORY,
        "false",
        "It reads what module 4a puts out, the second what 4d puts out.",
        layers("googlenet", "inception4a.cat"),
        ("googlenet",),
        (
            Figure(
                "what 4a puts out", _SHAPE, lambda: output("googlenet", "inception4a.cat"), (512, 14, 14), (480, 14, 14)
            ),
            Figure("what 4d puts out", _SHAPE, lambda: output("googlenet", "inception4d.cat"), (528, 14, 14)),
        ),
        quote="aux1",
    ),
    Claim(
        "notes-inception-45",
        "Three 3x3 in place of a 7x7 save 45 % of the parameters.",
        NOTES_HISTORY,
        "true",
        "27 weights in place of 49. For a 5x5 it is two, and 28 %.",
        block("small_filters", kernel=7),
        ("inception_v3", "vgg16"),
        (
            Figure("saved against a 7x7", "%", lambda: saved(64, (7, 7), (3, 3), (3, 3), (3, 3)), 44.9, 45, 0.005),
            Figure("saved against a 5x5", "%", lambda: saved(64, (5, 5), (3, 3), (3, 3)), 28, None, 0.005),
        ),
        quote="7x7 -> 3x3 3개: 45%",
    ),
    Claim(
        "notes-vanishing-gradient",
        "Deep plain networks do worse because their gradients vanish.",
        NOTES_HISTORY,
        "false",
        "The paper checked: with batch norm neither signals nor gradients vanish. It calls the difficulty one of "
        "optimisation, and leaves the cause open.",
        explore("plain56", "Story"),
        ("plain20", "plain56", "resnet56"),
        quote="gradient vanishing",
        reference="He et al. 2015, section 4.1",
    ),
    Claim(
        "notes-plain-sizes",
        "The 56-layer plain network does worse than the 20-layer one in spite of having three times the parameters.",
        NOTES_HISTORY,
        "true",
        "853,018 against 269,722 parameters; that its training error is higher too is figure 1 of the ResNet paper.",
        compare("plain20", "plain56"),
        ("plain20", "plain56"),
        (
            Figure("Plain-56 over Plain-20", "times", lambda: params("plain56") / params("plain20"), 3.16, None, 0.005),
            Figure("Plain-20", "parameters", lambda: params("plain20"), 269_722),
            Figure("Plain-56", "parameters", lambda: params("plain56"), 853_018),
        ),
        quote="20 vs 56 layers",
    ),
    Claim(
        "notes-resnet-depths",
        "ResNets were built with 152 and with 1,001 layers.",
        NOTES_HISTORY,
        "true",
        "152 for ImageNet in 2015, 1,001 with pre-activation for CIFAR in 2016. In between there was one of 1,202.",
        explore("preact_resnet1001", "Layers", level="stages"),
        ("resnet152", "preact_resnet1001"),
        (
            Figure("ResNet-152", "layers", lambda: depth("resnet152"), 152, 152),
            Figure("Pre-activation ResNet-1001", "layers", lambda: depth("preact_resnet1001"), 1001, 1001),
        ),
        quote="152개, 1,001개",
    ),
    Claim(
        "notes-resnet-3x3",
        "Apart from the first layer, all convolutions of ResNet-34 are 3x3.",
        NOTES_HISTORY,
        "true",
        "32 of 33, with shortcuts that have no weights. From ResNet-50 on most are 1x1.",
        compare("resnet34", "resnet50", view="Structure"),
        ("resnet34", "resnet50"),
        (
            Figure("3x3 in ResNet-34", "layers", lambda: kernels("resnet34", 3), 32, 32),
            Figure("1x1 in ResNet-50", "layers", lambda: kernels("resnet50", 1), 36),
            Figure("3x3 in ResNet-50", "layers", lambda: kernels("resnet50", 3), 16),
        ),
        quote="첫 층 제외 3x3",
    ),
    Claim(
        "notes-skip-bottleneck",
        "A skip connection is also called a bottleneck.",
        NOTES_HISTORY,
        "false",
        "A skip connection adds a block's input to its output. A bottleneck is a kind of block: 1x1 to narrow, 3x3, "
        "1x1 to widen. ResNet-34 has skips and no bottleneck.",
        block("residual", form="bottleneck"),
        ("resnet34", "resnet50"),
        (
            Figure("bottlenecks in ResNet-34", "blocks", lambda: count("resnet34", "Bottleneck"), 0),
            Figure("bottlenecks in ResNet-50", "blocks", lambda: count("resnet50", "Bottleneck"), 16),
            Figure("sums of a skip in ResNet-34", "sums", lambda: count("resnet34", "add"), 16),
        ),
        quote="bottleneck 이라고도",
    ),
)
