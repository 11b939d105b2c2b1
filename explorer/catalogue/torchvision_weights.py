"""What torchvision publishes with its weights, where that is the result, or one of the results, of a network."""

from explorer.architecture import Result

SIMPLE = "torchvision's simple recipe"
NEW = "torchvision's newer recipe"
NEW_600 = f"{NEW} of 600 epochs"  # github.com/pytorch/vision/issues/3995, where the weights' metadata points to
NEW_MODIFIED = f"{NEW}, modified"
SIMILAR = "a recipe similar to the paper's"
REPRODUCED = "trained to reproduce the paper"
PORTED = "with the paper's own weights"
DEIT = "DeiT's recipe, modified"
SWAG = "pre-trained on other pictures (SWAG), then fine-tuned"
SWAG_LINEAR = "pre-trained on other pictures (SWAG), then only the last layer trained"

# By torchvision's builder: the weights, their top-1 and top-5 accuracy in percent, the height and width of the centre
# crop, and the recipe, all from the metadata. Those for larger pictures that need another network are left out.
WEIGHTS = {
    "alexnet": (("AlexNet_Weights.IMAGENET1K_V1", 56.522, 79.066, 224, SIMPLE),),
    "vgg11_bn": (("VGG11_BN_Weights.IMAGENET1K_V1", 70.37, 89.81, 224, SIMPLE),),
    "vgg13_bn": (("VGG13_BN_Weights.IMAGENET1K_V1", 71.586, 90.374, 224, SIMPLE),),
    "vgg16_bn": (("VGG16_BN_Weights.IMAGENET1K_V1", 73.36, 91.516, 224, SIMPLE),),
    "vgg19_bn": (("VGG19_BN_Weights.IMAGENET1K_V1", 74.218, 91.842, 224, SIMPLE),),
    "googlenet": (("GoogLeNet_Weights.IMAGENET1K_V1", 69.778, 89.53, 224, PORTED),),
    "inception_v3": (("Inception_V3_Weights.IMAGENET1K_V1", 77.294, 93.45, 299, PORTED),),
    "resnet18": (("ResNet18_Weights.IMAGENET1K_V1", 69.758, 89.078, 224, SIMPLE),),
    "resnet34": (("ResNet34_Weights.IMAGENET1K_V1", 73.314, 91.42, 224, SIMPLE),),
    "resnet50": (
        ("ResNet50_Weights.IMAGENET1K_V1", 76.13, 92.862, 224, SIMPLE),
        ("ResNet50_Weights.IMAGENET1K_V2", 80.858, 95.434, 224, NEW_600),
    ),
    "resnet101": (
        ("ResNet101_Weights.IMAGENET1K_V1", 77.374, 93.546, 224, SIMPLE),
        ("ResNet101_Weights.IMAGENET1K_V2", 81.886, 95.78, 224, NEW_600),
    ),
    "resnet152": (
        ("ResNet152_Weights.IMAGENET1K_V1", 78.312, 94.046, 224, SIMPLE),
        ("ResNet152_Weights.IMAGENET1K_V2", 82.284, 96.002, 224, NEW_600),
    ),
    "squeezenet1_1": (("SqueezeNet1_1_Weights.IMAGENET1K_V1", 58.178, 80.624, 224, SIMPLE),),
    "wide_resnet50_2": (
        ("Wide_ResNet50_2_Weights.IMAGENET1K_V1", 78.468, 94.086, 224, SIMPLE),
        ("Wide_ResNet50_2_Weights.IMAGENET1K_V2", 81.602, 95.758, 224, NEW_600),
    ),
    "wide_resnet101_2": (
        ("Wide_ResNet101_2_Weights.IMAGENET1K_V1", 78.848, 94.284, 224, SIMPLE),
        ("Wide_ResNet101_2_Weights.IMAGENET1K_V2", 82.51, 96.02, 224, NEW_600),
    ),
    "resnext50_32x4d": (
        ("ResNeXt50_32X4D_Weights.IMAGENET1K_V1", 77.618, 93.698, 224, SIMPLE),
        ("ResNeXt50_32X4D_Weights.IMAGENET1K_V2", 81.198, 95.34, 224, NEW_600),
    ),
    "resnext101_32x8d": (
        ("ResNeXt101_32X8D_Weights.IMAGENET1K_V1", 79.312, 94.526, 224, SIMPLE),
        ("ResNeXt101_32X8D_Weights.IMAGENET1K_V2", 82.834, 96.228, 224, NEW_600),
    ),
    "resnext101_64x4d": (("ResNeXt101_64X4D_Weights.IMAGENET1K_V1", 83.246, 96.454, 224, NEW),),
    "mnasnet0_5": (("MNASNet0_5_Weights.IMAGENET1K_V1", 67.734, 87.49, 224, REPRODUCED),),
    "mnasnet0_75": (("MNASNet0_75_Weights.IMAGENET1K_V1", 71.18, 90.496, 224, NEW),),
    "mnasnet1_0": (("MNASNet1_0_Weights.IMAGENET1K_V1", 73.456, 91.51, 224, REPRODUCED),),
    "mnasnet1_3": (("MNASNet1_3_Weights.IMAGENET1K_V1", 76.506, 93.522, 224, NEW),),
    "shufflenet_v2_x0_5": (("ShuffleNet_V2_X0_5_Weights.IMAGENET1K_V1", 60.552, 81.746, 224, REPRODUCED),),
    "shufflenet_v2_x1_0": (("ShuffleNet_V2_X1_0_Weights.IMAGENET1K_V1", 69.362, 88.316, 224, REPRODUCED),),
    "shufflenet_v2_x1_5": (("ShuffleNet_V2_X1_5_Weights.IMAGENET1K_V1", 72.996, 91.086, 224, NEW),),
    "shufflenet_v2_x2_0": (("ShuffleNet_V2_X2_0_Weights.IMAGENET1K_V1", 76.23, 93.006, 224, NEW),),
    "regnet_x_400mf": (
        ("RegNet_X_400MF_Weights.IMAGENET1K_V1", 72.834, 90.95, 224, SIMPLE),
        ("RegNet_X_400MF_Weights.IMAGENET1K_V2", 74.864, 92.322, 224, NEW_MODIFIED),
    ),
    "regnet_x_800mf": (
        ("RegNet_X_800MF_Weights.IMAGENET1K_V1", 75.212, 92.348, 224, SIMPLE),
        ("RegNet_X_800MF_Weights.IMAGENET1K_V2", 77.522, 93.826, 224, NEW_MODIFIED),
    ),
    "regnet_x_1_6gf": (
        ("RegNet_X_1_6GF_Weights.IMAGENET1K_V1", 77.04, 93.44, 224, SIMPLE),
        ("RegNet_X_1_6GF_Weights.IMAGENET1K_V2", 79.668, 94.922, 224, NEW_MODIFIED),
    ),
    "regnet_x_3_2gf": (
        ("RegNet_X_3_2GF_Weights.IMAGENET1K_V1", 78.364, 93.992, 224, SIMPLE),
        ("RegNet_X_3_2GF_Weights.IMAGENET1K_V2", 81.196, 95.43, 224, NEW_MODIFIED),
    ),
    "regnet_x_8gf": (
        ("RegNet_X_8GF_Weights.IMAGENET1K_V1", 79.344, 94.686, 224, SIMPLE),
        ("RegNet_X_8GF_Weights.IMAGENET1K_V2", 81.682, 95.678, 224, NEW_MODIFIED),
    ),
    "regnet_x_16gf": (
        ("RegNet_X_16GF_Weights.IMAGENET1K_V1", 80.058, 94.944, 224, SIMPLE),
        ("RegNet_X_16GF_Weights.IMAGENET1K_V2", 82.716, 96.196, 224, NEW_MODIFIED),
    ),
    "regnet_x_32gf": (
        ("RegNet_X_32GF_Weights.IMAGENET1K_V1", 80.622, 95.248, 224, SIMPLE),
        ("RegNet_X_32GF_Weights.IMAGENET1K_V2", 83.014, 96.288, 224, NEW_MODIFIED),
    ),
    "regnet_y_400mf": (
        ("RegNet_Y_400MF_Weights.IMAGENET1K_V1", 74.046, 91.716, 224, SIMPLE),
        ("RegNet_Y_400MF_Weights.IMAGENET1K_V2", 75.804, 92.742, 224, NEW_MODIFIED),
    ),
    "regnet_y_800mf": (
        ("RegNet_Y_800MF_Weights.IMAGENET1K_V1", 76.42, 93.136, 224, SIMPLE),
        ("RegNet_Y_800MF_Weights.IMAGENET1K_V2", 78.828, 94.502, 224, NEW_MODIFIED),
    ),
    "regnet_y_1_6gf": (
        ("RegNet_Y_1_6GF_Weights.IMAGENET1K_V1", 77.95, 93.966, 224, SIMPLE),
        ("RegNet_Y_1_6GF_Weights.IMAGENET1K_V2", 80.876, 95.444, 224, NEW_MODIFIED),
    ),
    "regnet_y_3_2gf": (
        ("RegNet_Y_3_2GF_Weights.IMAGENET1K_V1", 78.948, 94.576, 224, SIMPLE),
        ("RegNet_Y_3_2GF_Weights.IMAGENET1K_V2", 81.982, 95.972, 224, NEW_MODIFIED),
    ),
    "regnet_y_8gf": (
        ("RegNet_Y_8GF_Weights.IMAGENET1K_V1", 80.032, 95.048, 224, SIMPLE),
        ("RegNet_Y_8GF_Weights.IMAGENET1K_V2", 82.828, 96.33, 224, NEW_MODIFIED),
    ),
    "regnet_y_16gf": (
        ("RegNet_Y_16GF_Weights.IMAGENET1K_V1", 80.424, 95.24, 224, SIMPLE),
        ("RegNet_Y_16GF_Weights.IMAGENET1K_V2", 82.886, 96.328, 224, NEW_MODIFIED),
        ("RegNet_Y_16GF_Weights.IMAGENET1K_SWAG_E2E_V1", 86.012, 98.054, 384, SWAG),
        ("RegNet_Y_16GF_Weights.IMAGENET1K_SWAG_LINEAR_V1", 83.976, 97.244, 224, SWAG_LINEAR),
    ),
    "regnet_y_32gf": (
        ("RegNet_Y_32GF_Weights.IMAGENET1K_V1", 80.878, 95.34, 224, SIMPLE),
        ("RegNet_Y_32GF_Weights.IMAGENET1K_V2", 83.368, 96.498, 224, NEW_MODIFIED),
        ("RegNet_Y_32GF_Weights.IMAGENET1K_SWAG_E2E_V1", 86.838, 98.362, 384, SWAG),
        ("RegNet_Y_32GF_Weights.IMAGENET1K_SWAG_LINEAR_V1", 84.622, 97.48, 224, SWAG_LINEAR),
    ),
    "regnet_y_128gf": (
        ("RegNet_Y_128GF_Weights.IMAGENET1K_SWAG_E2E_V1", 88.228, 98.682, 384, SWAG),
        ("RegNet_Y_128GF_Weights.IMAGENET1K_SWAG_LINEAR_V1", 86.068, 97.844, 224, SWAG_LINEAR),
    ),
    "vit_b_16": (
        ("ViT_B_16_Weights.IMAGENET1K_V1", 81.072, 95.318, 224, DEIT),
        ("ViT_B_16_Weights.IMAGENET1K_SWAG_LINEAR_V1", 81.886, 96.18, 224, SWAG_LINEAR),
    ),
    "vit_b_32": (("ViT_B_32_Weights.IMAGENET1K_V1", 75.912, 92.466, 224, DEIT),),
    "vit_l_16": (
        ("ViT_L_16_Weights.IMAGENET1K_V1", 79.662, 94.638, 224, NEW_MODIFIED),
        ("ViT_L_16_Weights.IMAGENET1K_SWAG_LINEAR_V1", 85.146, 97.422, 224, SWAG_LINEAR),
    ),
    "vit_l_32": (("ViT_L_32_Weights.IMAGENET1K_V1", 76.972, 93.07, 224, DEIT),),
    "vit_h_14": (("ViT_H_14_Weights.IMAGENET1K_SWAG_LINEAR_V1", 85.708, 97.73, 224, SWAG_LINEAR),),
    "swin_t": (("Swin_T_Weights.IMAGENET1K_V1", 81.474, 95.776, 224, SIMILAR),),
    "swin_s": (("Swin_S_Weights.IMAGENET1K_V1", 83.196, 96.36, 224, SIMILAR),),
    "swin_b": (("Swin_B_Weights.IMAGENET1K_V1", 83.582, 96.64, 224, SIMILAR),),
    "efficientnet_v2_s": (("EfficientNet_V2_S_Weights.IMAGENET1K_V1", 84.228, 96.878, 384, NEW_MODIFIED),),
    "efficientnet_v2_m": (("EfficientNet_V2_M_Weights.IMAGENET1K_V1", 85.112, 97.156, 480, NEW_MODIFIED),),
    "efficientnet_v2_l": (("EfficientNet_V2_L_Weights.IMAGENET1K_V1", 85.808, 97.788, 480, PORTED),),
    "swin_v2_t": (("Swin_V2_T_Weights.IMAGENET1K_V1", 82.072, 96.132, 256, SIMILAR),),
    "swin_v2_s": (("Swin_V2_S_Weights.IMAGENET1K_V1", 83.712, 96.816, 256, SIMILAR),),
    "swin_v2_b": (("Swin_V2_B_Weights.IMAGENET1K_V1", 84.112, 96.864, 256, SIMILAR),),
    "convnext_tiny": (("ConvNeXt_Tiny_Weights.IMAGENET1K_V1", 82.52, 96.146, 224, NEW_MODIFIED),),
    "convnext_small": (("ConvNeXt_Small_Weights.IMAGENET1K_V1", 83.616, 96.65, 224, NEW_MODIFIED),),
    "convnext_base": (("ConvNeXt_Base_Weights.IMAGENET1K_V1", 84.062, 96.87, 224, NEW_MODIFIED),),
    "convnext_large": (("ConvNeXt_Large_Weights.IMAGENET1K_V1", 84.414, 96.976, 224, NEW_MODIFIED),),
    "maxvit_t": (("MaxVit_T_Weights.IMAGENET1K_V1", 83.7, 96.722, 224, SIMILAR),),
}


def results_of(builder: str) -> tuple[Result, ...]:
    """Return the result of each of torchvision's weights for the network of this builder."""
    return tuple(
        Result(
            "ImageNet",
            f"validation, centre crop of {side}x{side}, {recipe}",
            f"torchvision, {weights}",
            round(100 - top1, 3),
            round(100 - top5, 3),
        )
        for weights, top1, top5, side, recipe in WEIGHTS[builder]
    )
