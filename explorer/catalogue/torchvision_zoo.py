"""What is known about the classification networks of torchvision that have no family of their own here."""

from explorer.architecture import Architecture, Option, Reference
from explorer.catalogue.torchvision_papers import (
    CONVNEXT,
    EFFICIENTNET_V2,
    MAXVIT,
    MNASNET,
    REGNET,
    RESNEXT,
    SHUFFLENET_V2,
    SWIN,
    SWIN_V2,
    VIT,
    WIDE_RESNET,
    Kind,
)
from explorer.catalogue.torchvision_weights import results_of

FAMILY = "More from torchvision"


def network(
    kind: Kind,
    name: str,
    title: str,
    idea: str,
    params: tuple[float, float] | None = None,
    size: int = 224,
    dropout: float | None = None,
    difference: str = "",
) -> Architecture:
    """Return the record of torchvision's network of this name.

    `params` are the published millions of parameters and half their last digit, left out where torchvision's network
    has another number; `dropout` is the default before the last layer, where torchvision lets it be chosen.
    """
    help = "Share of the features dropped before the last layer in training."
    return Architecture(
        name=name,
        title=title,
        family=FAMILY,
        paper=kind.paper,
        builder="torchvision_zoo:torchvision_network",
        arguments=(("name", name),),
        input_size=(3, size, size),
        least_size=kind.least_size,
        most_size=kind.most_size,
        size_rule=kind.size_rule,
        options=() if dropout is None else (Option("dropout", dropout, help, least=0, most=0.9, step=0.1),),
        ideas=(*kind.ideas, idea),
        recipe=kind.recipe,
        results=results_of(name),
        differences=(difference or kind.difference,),
        references=(Reference("params", params[0] * 1e6, kind.source, params[1] * 1e6),) if params else (),
        torchvision=name,
    )


ROUNDING = "torchvision rounds the widths to whole groups by another rule, and has slightly more parameters: {}."

ARCHITECTURES = (
    network(
        WIDE_RESNET,
        "wide_resnet50_2",
        "Wide ResNet-50-2",
        "A ResNet-50 whose 3x3 convolutions have twice the channels.",
        (68.9, 0.05),
    ),
    network(
        WIDE_RESNET,
        "wide_resnet101_2",
        "Wide ResNet-101-2",
        "A ResNet-101 whose 3x3 convolutions have twice the channels.",
        difference="The paper has no ImageNet network of this depth and width; torchvision builds it by the same rule.",
    ),
    network(RESNEXT, "resnext50_32x4d", "ResNeXt-50 32x4d", "It has 32 paths, 4 channels wide at first.", (25.0, 0.05)),
    network(
        RESNEXT,
        "resnext101_32x8d",
        "ResNeXt-101 32x8d",
        "It has 32 paths, 8 channels wide at first.",
        difference="The paper has no 32x8d; torchvision builds it by the same rule.",
    ),
    network(RESNEXT, "resnext101_64x4d", "ResNeXt-101 64x4d", "It has 64 paths, 4 channels wide at first."),
    *(
        network(MNASNET, f"mnasnet{name}", f"MnasNet {width:g}", idea, dropout=0.2)
        for name, width, idea in (
            ("0_5", 0.5, "Half of the channels everywhere."),
            ("0_75", 0.75, "Three quarters of the channels everywhere."),
            ("1_0", 1.0, "The width that was searched for."),
            ("1_3", 1.3, "1.3 times the channels everywhere."),
        )
    ),
    *(
        network(SHUFFLENET_V2, f"shufflenet_v2_x{name}", f"ShuffleNet V2 {width}x", idea, (params, 0.05))
        for name, width, params, idea in (
            ("0_5", 0.5, 1.4, "Stages of 48, 96 and 192 channels."),
            ("1_0", 1, 2.3, "Stages of 116, 232 and 464 channels."),
            ("1_5", 1.5, 3.5, "Stages of 176, 352 and 704 channels."),
            ("2_0", 2, 7.4, "Stages of 244, 488 and 976 channels."),
        )
    ),
    *(
        network(
            REGNET,
            f"regnet_x_{name}",
            f"RegNetX-{budget}",
            f"X: the plain family; this one is for a budget of {budget[:-2]} {budget[-2]} MACs.",
            params,
            difference=difference,
        )
        for name, budget, params, difference in (
            ("400mf", "400MF", None, ROUNDING.format("5.5 M instead of 5.2")),
            ("800mf", "800MF", (7.3, 0.05), ""),
            ("1_6gf", "1.6GF", (9.2, 0.05), ""),
            ("3_2gf", "3.2GF", (15.3, 0.05), ""),
            ("8gf", "8GF", (39.6, 0.05), ""),
            ("16gf", "16GF", (54.3, 0.05), ""),
            ("32gf", "32GF", (107.8, 0.05), ""),
        )
    ),
    *(
        network(
            REGNET,
            f"regnet_y_{name}",
            f"RegNetY-{budget}",
            f"Y: with squeeze-and-excitation; this one is for a budget of {budget[:-2]} {budget[-2]} MACs.",
            params,
            difference=difference,
        )
        for name, budget, params, difference in (
            ("400mf", "400MF", (4.3, 0.05), ""),
            ("800mf", "800MF", None, ROUNDING.format("6.4 M instead of 6.3")),
            ("1_6gf", "1.6GF", (11.2, 0.05), ""),
            ("3_2gf", "3.2GF", (19.4, 0.05), ""),
            ("8gf", "8GF", None, ROUNDING.format("39.4 M instead of 39.2")),
            ("16gf", "16GF", (83.6, 0.05), ""),
            ("32gf", "32GF", (145.0, 0.05), ""),
            ("128gf", "128GF", None, "The paper stops at 32GF; this size belongs to later work on weak supervision."),
        )
    ),
    network(VIT, "vit_b_16", "ViT-B/16", "Base: 12 layers of 768 channels; patches of 16x16."),
    network(VIT, "vit_b_32", "ViT-B/32", "Base: 12 layers of 768 channels; patches of 32x32, a quarter as many."),
    network(VIT, "vit_l_16", "ViT-L/16", "Large: 24 layers of 1,024 channels; patches of 16x16."),
    network(VIT, "vit_l_32", "ViT-L/32", "Large: 24 layers of 1,024 channels; patches of 32x32."),
    network(VIT, "vit_h_14", "ViT-H/14", "Huge: 32 layers of 1,280 channels; patches of 14x14.", (632, 0.5)),
    network(SWIN, "swin_t", "Swin-T", "Tiny: 2, 2, 6 and 2 layers, 96 channels at first."),
    network(SWIN, "swin_s", "Swin-S", "Small: 2, 2, 18 and 2 layers, 96 channels at first.", (50, 0.5)),
    network(SWIN, "swin_b", "Swin-B", "Base: 2, 2, 18 and 2 layers, 128 channels at first.", (88, 0.5)),
    network(EFFICIENTNET_V2, "efficientnet_v2_s", "EfficientNetV2-S", "Small, for 384x384.", size=384, dropout=0.2),
    network(
        EFFICIENTNET_V2,
        "efficientnet_v2_m",
        "EfficientNetV2-M",
        "Medium, for 480x480.",
        (54, 0.5),
        size=480,
        dropout=0.3,
    ),
    network(EFFICIENTNET_V2, "efficientnet_v2_l", "EfficientNetV2-L", "Large, for 480x480.", size=480, dropout=0.4),
    network(SWIN_V2, "swin_v2_t", "Swin V2-T", "Tiny: 2, 2, 6 and 2 layers, 96 channels at first.", size=256),
    network(SWIN_V2, "swin_v2_s", "Swin V2-S", "Small: 2, 2, 18 and 2 layers, 96 channels at first.", size=256),
    network(SWIN_V2, "swin_v2_b", "Swin V2-B", "Base: 2, 2, 18 and 2 layers, 128 channels at first.", size=256),
    network(CONVNEXT, "convnext_tiny", "ConvNeXt-T", "Tiny: 3, 3, 9 and 3 blocks, 96 channels at first.", (29, 0.5)),
    network(CONVNEXT, "convnext_small", "ConvNeXt-S", "Small: 3, 3, 27 and 3 blocks, 96 channels at first.", (50, 0.5)),
    network(CONVNEXT, "convnext_base", "ConvNeXt-B", "Base: 3, 3, 27 and 3 blocks, 128 channels at first.", (89, 0.5)),
    network(
        CONVNEXT, "convnext_large", "ConvNeXt-L", "Large: 3, 3, 27 and 3 blocks, 192 channels at first.", (198, 0.5)
    ),
    network(MAXVIT, "maxvit_t", "MaxViT-T", "Tiny: 2, 2, 5 and 2 blocks, 64 channels at first.", (31, 0.5)),
)
