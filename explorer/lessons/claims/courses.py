"""Claims of courses, books and software."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    BYTES,
    SLIDE_MODULE,
    adam_peak_over_params,
    group_params,
    inception_slide_macs,
    layer,
    macs,
    mebibytes,
    megabytes,
    params,
    sees,
    values_written,
)
from explorer.lessons.claims.sources import (
    CAFFE_ZOO,
    CALCULATOR,
    CS231N_NOTES,
    CS231N_SLIDES,
    D2L,
    DISTILL,
    SQUEEZENET_CODE,
    TORCHVISION,
    VISION_COURSE,
    block,
    compare,
    convolution,
    explore,
)

CLAIMS = (
    Claim(
        "cs231n-vgg-memory",
        "A picture in VGG-16 needs 24 million activation values, 93 MB.",
        CS231N_NOTES,
        "false",
        "The column that is said to add up to 24 million adds up to 15.2 million, 61 MB in float32.",
        explore("vgg16", "Charts", quantity="activation_bytes"),
        ("vgg16",),
        (
            Figure("values, with the picture", "values", lambda: values_written("vgg16"), 15_237_608, 24_000_000),
            Figure("in float32", "MB", lambda: BYTES * values_written("vgg16") / 1e6, 60.95, 93, 0.005),
            Figure("the same in MiB", "MiB", lambda: BYTES * values_written("vgg16") / 2**20, 58.13, None, 0.005),
        ),
        "case studies",
    ),
    Claim(
        "cs231n-vgg-linear",
        "Most parameters of VGG-16 are in its fully connected layers.",
        CS231N_NOTES,
        "true",
        "Three layers hold 89.4 % of 138 million; the first of them alone has 103 million.",
        explore("vgg16", "Charts", chart="areas"),
        ("vgg16",),
        (
            Figure(
                "share in linear layers",
                "%",
                lambda: 100 * group_params("vgg16", "linear") / params("vgg16"),
                89.36,
                None,
                0.005,
            ),
            Figure("linear layers", "parameters", lambda: group_params("vgg16", "linear"), 123_642_856),
            Figure(
                "first of them", "parameters", lambda: layer("vgg16", "classifier.0").params, 102_764_544, 102_760_448
            ),
        ),
        "case studies",
    ),
    Claim(
        "cs231n-googlenet-four",
        "GoogLeNet has 4 million parameters, against AlexNet's 60 million.",
        CS231N_NOTES,
        "false",
        "It has 7.0 million. AlexNet's 61 million are right.",
        compare("googlenet", "alexnet"),
        ("googlenet", "alexnet"),
        (
            Figure("parameters of GoogLeNet", "parameters", lambda: params("googlenet"), 6_998_552, 4_000_000),
            Figure("parameters of AlexNet", "parameters", lambda: params("alexnet"), 60_965_224, 60_000_000),
        ),
        "case studies",
    ),
    Claim(
        "cs231n-inception-naive",
        "A naive Inception module on 28x28x256 costs 854 million operations.",
        CS231N_SLIDES,
        "true",
        "Each of its three convolutions reads all 256 channels.",
        block("inception", naive="true", **SLIDE_MODULE),
        ("googlenet_naive",),
        (Figure("naive module", "MACs", lambda: inception_slide_macs(naive=True), 854_196_224, 854_000_000),),
        "GoogLeNet",
    ),
    Claim(
        "cs231n-inception-reduced",
        "With 1x1 reductions to 64 channels, the module costs 358 million operations in place of 854 million.",
        CS231N_SLIDES,
        "false",
        "The terms on the slide themselves add up to 271 million; the saving is larger than it says.",
        block("inception", **SLIDE_MODULE),
        ("googlenet",),
        (
            Figure(
                "module with reductions", "MACs", lambda: inception_slide_macs(naive=False), 271_351_808, 358_000_000
            ),
        ),
        "GoogLeNet",
    ),
    Claim(
        "d2l-alexnet-1gb",
        "The two large linear layers of AlexNet take nearly 1 GB.",
        D2L,
        "false",
        "In float32 they take 172 MB (164 MiB) in the network shown there, which feeds 6,400 values to the first, and "
        "218 MB (208 MiB) in the paper's, which feeds 9,216. Gradients and Adam's moments make it four times that.",
        explore("alexnet", "Charts"),
        ("alexnet", "alexnet_bn"),
        (
            Figure("from 6,400 inputs", "MB", lambda: _linear_megabytes("alexnet_bn"), 172.0, 1000, 0.005),
            Figure("from 9,216 inputs, as published", "MB", lambda: _linear_megabytes("alexnet"), 218.14, 1000, 0.005),
        ),
        "section 8.1.2",
    ),
    Claim(
        "course-googlenet-ratios",
        "GoogLeNet is nine times smaller than AlexNet and 22 times smaller than VGG-16.",
        VISION_COURSE,
        "roughly",
        "8.7 and 19.8 times as published; 9.2 and 20.9 times with torchvision's smaller GoogLeNet.",
        compare("googlenet", "alexnet", "vgg16", "googlenet_tv"),
        ("googlenet", "alexnet", "vgg16", "googlenet_tv"),
        (
            Figure("VGG-16 over GoogLeNet", "times", lambda: params("vgg16") / params("googlenet"), 19.77, 22, 0.005),
            Figure("AlexNet over GoogLeNet", "times", lambda: params("alexnet") / params("googlenet"), 8.71, 9, 0.005),
            Figure(
                "VGG-16 over torchvision's", "times", lambda: params("vgg16") / params("googlenet_tv"), 20.88, 22, 0.005
            ),
            Figure(
                "AlexNet over torchvision's", "times", lambda: params("alexnet") / params("googlenet_tv"), 9.2, 9, 0.005
            ),
        ),
    ),
    Claim(
        "distill-vgg-field",
        "One unit of VGG-16's last maps sees 212 pixels, one of ResNet-50's 483.",
        DISTILL,
        "true",
        "The same to the pixel. 483 is more than twice the picture: the rest of it is padding.",
        convolution("Receptive field", network="vgg16"),
        ("vgg16", "resnet50"),
        (
            Figure("VGG-16", "pixels", lambda: sees("vgg16"), 212, 212),
            Figure("ResNet-50", "pixels", lambda: sees("resnet50"), 483, 483),
        ),
        "table of networks",
    ),
    Claim(
        "distill-deep-fields",
        "One unit of ResNet-152's last maps sees 1,507 pixels, one of Inception-v3's 1,311, one of MobileNet's 315.",
        DISTILL,
        "true",
        "The same to the pixel, though the pictures have 224 and 299.",
        convolution("Receptive field", network="resnet152"),
        ("resnet152", "inception_v3", "mobilenet_v1"),
        (
            Figure("ResNet-152", "pixels", lambda: sees("resnet152"), 1507, 1507),
            Figure("Inception-v3", "pixels", lambda: sees("inception_v3"), 1311, 1311),
            Figure("MobileNet", "pixels", lambda: sees("mobilenet_v1"), 315, 315),
        ),
        "table of networks",
    ),
    Claim(
        "calculator-adam",
        "Training with Adam takes four times the memory of the parameters.",
        CALCULATOR,
        "false",
        "Parameters, gradients and two moments are four times; activations come on top. At batch 8 the peak is 5.0 "
        "times the parameters for VGG-16, 9.9 times for ResNet-50 and 17 times for GoogLeNet; it grows with the batch.",
        explore("resnet50", "Memory", batch="8"),
        ("vgg16", "resnet50", "googlenet"),
        (
            Figure(
                "ResNet-50, peak over weights", "times", lambda: adam_peak_over_params("resnet50", 8), 9.94, 4, 0.01
            ),
            Figure("VGG-16", "times", lambda: adam_peak_over_params("vgg16", 8), 5.01, 4, 0.01),
            Figure("GoogLeNet", "times", lambda: adam_peak_over_params("googlenet", 8), 17.09, 4, 0.01),
        ),
    ),
    Claim(
        "nin-29-mb",
        "Network in Network takes 29 MB, an eighth of AlexNet's 230 MB.",
        CAFFE_ZOO,
        "true",
        "29.0 and 232.6 MiB: global average pooling replaces the linear layers.",
        compare("nin", "alexnet"),
        ("nin", "alexnet"),
        (
            Figure("weights of NIN", "MiB", lambda: mebibytes("nin"), 28.97, 29, 0.005, "MB"),
            Figure("weights of AlexNet", "MiB", lambda: mebibytes("alexnet"), 232.56, 230, 0.005, "MB"),
        ),
    ),
    Claim(
        "squeezenet-1-1",
        "SqueezeNet 1.1 needs 2.4 times less computation than 1.0, with slightly fewer parameters.",
        SQUEEZENET_CODE,
        "true",
        "2.35 times less, with 1 % fewer parameters: the first kernels are smaller and pooling comes earlier.",
        compare("squeezenet1_0", "squeezenet1_1"),
        ("squeezenet1_0", "squeezenet1_1"),
        (
            Figure("1.0 over 1.1", "times", lambda: macs("squeezenet1_0") / macs("squeezenet1_1"), 2.35, 2.4, 0.005),
            Figure("parameters of 1.0", "parameters", lambda: params("squeezenet1_0"), 1_248_424),
            Figure("parameters of 1.1", "parameters", lambda: params("squeezenet1_1"), 1_235_496),
        ),
    ),
    Claim(
        "torchvision-vgg-file",
        "The weights of VGG-16 are a file of 527.8 MB.",
        TORCHVISION,
        "depends",
        "527.8 MiB, counted in units of 1,024; a file manager that counts in thousands shows 553.4 MB.",
        explore("vgg16", "Layers"),
        ("vgg16",),
        (
            Figure("weights", "MB", lambda: megabytes("vgg16"), 553.43, 527.8, 0.005),
            Figure("the same in MiB", "MiB", lambda: mebibytes("vgg16"), 527.79, None, 0.005),
        ),
        "VGG16_Weights",
    ),
)


def _linear_megabytes(network: str) -> float:
    return BYTES * sum(layer(network, path).params for path in ("fc6", "fc7")) / 1e6
