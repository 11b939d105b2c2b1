"""What is known about the MobileNets."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER_V1 = Paper(
    title="MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
    authors="Andrew G. Howard, Menglong Zhu, Bo Chen, Dmitry Kalenichenko, Weijun Wang, Tobias Weyand, "
    "Marco Andreetto, Hartwig Adam",
    published="2017-04",
    url="https://arxiv.org/abs/1704.04861",
)
PAPER_V2 = Paper(
    title="MobileNetV2: Inverted Residuals and Linear Bottlenecks",
    authors="Mark Sandler, Andrew Howard, Menglong Zhu, Andrey Zhmoginov, Liang-Chieh Chen",
    published="2018-01",
    url="https://arxiv.org/abs/1801.04381",
)
PAPER_V3 = Paper(
    title="Searching for MobileNetV3",
    authors="Andrew Howard, Mark Sandler, Grace Chu, Liang-Chieh Chen, Bo Chen, Mingxing Tan, Weijun Wang, Yukun Zhu, "
    "Ruoming Pang, Vijay Vasudevan, Quoc V. Le, Hartwig Adam",
    published="2019-05",
    url="https://arxiv.org/abs/1905.02244",
)
FAMILY = "MobileNet"
TORCHVISION = "torchvision_zoo:torchvision_network"
ANY_SIZE = "takes pictures of any size, because padding never lets a map vanish"
DROPOUT = Option(
    "dropout", 0.2, "Share of the features dropped before the last layer in training.", least=0, most=0.9, step=0.1
)
WIDTH = Option("width", 1.0, "Every layer's number of channels, times this.", least=0.25, most=1, step=0.25)
# Howard et al. 2017, table 6: MACs and parameters in millions at each width.
WIDTHS = ((1.0, 569, 4.2), (0.75, 325, 2.6), (0.5, 149, 1.3), (0.25, 41, 0.5))
PADDING = (
    "torchvision pads all sides of a map alike; Google's TensorFlow code pads the bottom and the right more, at "
    "stride 2 on even sizes."
)
V3_IDEAS = (
    "The layout was found by search on a real phone: first block by block for latency, then layer by layer (NetAdapt).",
    "Some blocks squeeze the whole map to one number a channel and weigh the channels by it (squeeze-and-excitation).",
    "Hard swish, x ReLU6(x + 3) / 6, stands in for swish in the deeper half: nearly as good and cheap without "
    "exponentials.",
    "The last stage pools first and widens after, on a 1x1 map, which saves time at no loss of accuracy.",
)
V3_RECIPE = (
    "RMSProp with momentum 0.9, batch 4096 on a 4x4 TPU Pod, learning rate 0.1 that falls by 1 % every 3 epochs, "
    "dropout, weight decay 1e-5, averaged weights."
)

ARCHITECTURES = (
    Architecture(
        name="mobilenet_v1",
        title="MobileNet",
        family=FAMILY,
        paper=PAPER_V1,
        builder="mobilenet:MobileNetV1",
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(WIDTH,),
        ideas=(
            "Nearly every convolution is split in two: a 3x3 filter for each channel alone (depthwise), then a 1x1 "
            "convolution that mixes the channels (pointwise).",
            "With 3x3 kernels this takes eight to nine times less computation than a full convolution, and in the "
            "paper it loses one point of accuracy on ImageNet.",
            "Three quarters of its parameters and 95 % of its computation are in the 1x1 convolutions.",
            "One number, the width, thins every layer: parameters and computation fall with about its square, so a "
            "network can be fitted to a device.",
        ),
        recipe="RMSProp with asynchronous gradient descent in TensorFlow, little augmentation, no label smoothing, "
        "little or no weight decay on the depthwise filters.",
        results=(Result("ImageNet", "validation set, width 1", "Howard et al. 2017, table 4", top1_error=29.4),),
        differences=("torchvision has no MobileNet of the first version.",),
        references=(
            Reference("depth", 28, "Howard et al. 2017, section 3.2: depthwise and pointwise counted apart"),
            *(
                Reference("macs", macs * 1e6, "Howard et al. 2017, table 6", 0.5e6, (("width", width),))
                for width, macs, _ in WIDTHS
            ),
            *(
                Reference("params", params * 1e6, "Howard et al. 2017, table 6", 0.05e6, (("width", width),))
                for width, _, params in WIDTHS
            ),
        ),
    ),
    Architecture(
        name="mobilenet_v2",
        title="MobileNetV2",
        family=FAMILY,
        paper=PAPER_V2,
        builder=TORCHVISION,
        arguments=(("name", "mobilenet_v2"),),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(DROPOUT,),
        ideas=(
            "An inverted residual is narrow outside and wide inside: 1x1 to six times the channels, a depthwise 3x3, "
            "1x1 back, and a shortcut between the narrow ends.",
            "The last 1x1 has no activation: in few channels ReLU would throw away information that nothing can "
            "restore.",
            "Only the narrow tensors live long, which keeps the memory small at inference.",
            "ReLU6 stops at 6, which survives arithmetic with few bits.",
        ),
        recipe="RMSProp with momentum 0.9, batch 96 on each of 16 asynchronous GPU workers, learning rate 0.045 that "
        "falls by 2 % an epoch, weight decay 4e-5.",
        results=(Result("ImageNet", "validation set", "Sandler et al. 2018, table 4", top1_error=28.0),),
        differences=(PADDING, "The paper prints 3.4 M parameters; the layers of its table 2 have 3.50 M."),
        torchvision="mobilenet_v2",
    ),
    Architecture(
        name="mobilenet_v3_small",
        title="MobileNetV3-Small",
        family=FAMILY,
        paper=PAPER_V3,
        builder=TORCHVISION,
        arguments=(("name", "mobilenet_v3_small"),),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(DROPOUT,),
        ideas=(*V3_IDEAS, "Small is the layout for the slowest phones: eleven blocks and 57 M MACs."),
        recipe=V3_RECIPE,
        results=(Result("ImageNet", "validation set", "Howard et al. 2019, table 3", top1_error=32.6),),
        differences=(PADDING,),
        references=(Reference("params", 2.5e6, "Howard et al. 2019, table 3", 0.05e6),),
        torchvision="mobilenet_v3_small",
    ),
    Architecture(
        name="mobilenet_v3_large",
        title="MobileNetV3-Large",
        family=FAMILY,
        paper=PAPER_V3,
        builder=TORCHVISION,
        arguments=(("name", "mobilenet_v3_large"),),
        input_size=(3, 224, 224),
        least_size=1,
        size_rule=ANY_SIZE,
        options=(DROPOUT,),
        ideas=(*V3_IDEAS, "Large has fifteen blocks; nearly half of its parameters are in the last two linear layers."),
        recipe=V3_RECIPE,
        results=(Result("ImageNet", "validation set", "Howard et al. 2019, table 3", top1_error=24.8),),
        differences=(PADDING, "The paper prints 5.4 M parameters; the layers of its table 1 have 5.48 M."),
        torchvision="mobilenet_v3_large",
    ),
)
