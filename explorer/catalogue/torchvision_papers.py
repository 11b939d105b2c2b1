"""The papers behind torchvision's other networks: what the networks of each have in common."""

from dataclasses import dataclass

from explorer.architecture import Paper

AS_PUBLISHED = "torchvision builds this network as published."
ANY_SIZE = "takes pictures of any size, because padding never lets a map vanish"


@dataclass(frozen=True)
class Kind:
    """What the networks of one paper have in common. `source` is where their numbers of parameters are printed."""

    paper: Paper
    ideas: tuple[str, ...]
    recipe: str
    least_size: int = 1
    size_rule: str = ANY_SIZE
    most_size: int | None = None
    difference: str = AS_PUBLISHED
    source: str = ""


WIDE_RESNET = Kind(
    Paper("Wide Residual Networks", "Sergey Zagoruyko, Nikos Komodakis", "2016-05", "https://arxiv.org/abs/1605.07146"),
    (
        "Widening a residual network can buy as much accuracy as making it many times deeper.",
        "Wide layers keep a GPU busier than a long chain of thin ones, so training is faster for the same accuracy.",
    ),
    "SGD with momentum, as for ResNet on ImageNet.",
    source="Zagoruyko and Komodakis 2016, table 8",
)
RESNEXT = Kind(
    Paper(
        "Aggregated Residual Transformations for Deep Neural Networks",
        "Saining Xie, Ross Girshick, Piotr Dollár, Zhuowen Tu, Kaiming He",
        "2016-11",
        "https://arxiv.org/abs/1611.05431",
    ),
    (
        "A block splits into many small equal paths whose outputs are added, as in Inception but without hand-set "
        "branches.",
        "The paths are one grouped 3x3 convolution; their number, the cardinality, is a third size beside depth and "
        "width.",
        "At equal cost, more paths of fewer channels are more accurate than fewer, wider ones.",
    ),
    "SGD with momentum 0.9, batch 256 on 8 GPUs, weight decay 1e-4, learning rate 0.1 divided by 10 three times.",
    source="Xie et al. 2016, table 1",
)
MNASNET = Kind(
    Paper(
        "MnasNet: Platform-Aware Neural Architecture Search for Mobile",
        "Mingxing Tan, Bo Chen, Ruoming Pang, Vijay Vasudevan, Mark Sandler, Andrew Howard, Quoc V. Le",
        "2018-07",
        "https://arxiv.org/abs/1807.11626",
    ),
    (
        "The layout was found by a search whose reward joins accuracy with the latency measured on a real phone.",
        "Each stage may have its own kernel size, expansion and depth, instead of one block repeated throughout.",
    ),
    "RMSProp with momentum 0.9, batch 4096, weight decay 1e-5, learning rate warmed up to 0.256, then falling by 3 % "
    "every 2.4 epochs, dropout 0.2.",
    difference="torchvision builds MnasNet-B1, the variant without squeeze-and-excitation; the paper's best is A1.",
)
SHUFFLENET_V2 = Kind(
    Paper(
        "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design",
        "Ningning Ma, Xiangyu Zhang, Hai-Tao Zheng, Jian Sun",
        "2018-07",
        "https://arxiv.org/abs/1807.11164",
    ),
    (
        "MACs are a poor guide to speed: memory traffic and parallelism count too, so measured time decides.",
        "Half of the channels pass a unit untouched, the other half go through 1x1, depthwise 3x3 and 1x1.",
        "Shuffling the channels after each unit lets the two halves exchange what they know.",
    ),
    "SGD with batch 1024, weight decay 4e-5 and a learning rate that falls linearly from 0.5, as for ShuffleNet V1.",
    source="Ma et al. 2018, table 5",
)
REGNET = Kind(
    Paper(
        "Designing Network Design Spaces",
        "Ilija Radosavovic, Raj Prateek Kosaraju, Ross Girshick, Kaiming He, Piotr Dollár",
        "2020-03",
        "https://arxiv.org/abs/2003.13678",
    ),
    (
        "Instead of one best network the authors design a whole family, by comparing the error distributions of "
        "hundreds of random networks.",
        "What good networks share is simple: the widths of their stages grow along a straight line, rounded to steps.",
        "The block is ResNeXt's bottleneck, without narrowing inside.",
    ),
    "SGD with momentum 0.9, 100 epochs, a cosine schedule with 5 epochs of warm-up, weight decay 5e-5, no other "
    "regularisation.",
    source="the authors' model zoo (github.com/facebookresearch/pycls)",
)
VIT = Kind(
    Paper(
        "An Image is Worth 16x16 Words: Transformers for Image Recognition at Scale",
        "Alexey Dosovitskiy, Lucas Beyer, Alexander Kolesnikov, Dirk Weissenborn, Xiaohua Zhai, Thomas Unterthiner, "
        "Mostafa Dehghani, Matthias Minderer, Georg Heigold, Sylvain Gelly, Jakob Uszkoreit, Neil Houlsby",
        "2020-10",
        "https://arxiv.org/abs/2010.11929",
    ),
    (
        "The picture is cut into patches; each becomes a vector, and a plain transformer reads them like words.",
        "Every patch can look at every other from the first layer on: nothing but the patches says what is near.",
        "An extra vector, the class token, collects what the classifier reads.",
        "It needs more data than a convolutional network to learn what convolution has built in.",
    ),
    "Pre-trained on up to 300 million pictures with Adam, batch 4096, weight decay 0.1, then fine-tuned with SGD.",
    least_size=224,
    most_size=224,
    size_rule="learns one position vector for each patch of a 224x224 picture",
    source="Dosovitskiy et al. 2020, table 1",
)
SWIN = Kind(
    Paper(
        "Swin Transformer: Hierarchical Vision Transformer using Shifted Windows",
        "Ze Liu, Yutong Lin, Yue Cao, Han Hu, Yixuan Wei, Zheng Zhang, Stephen Lin, Baining Guo",
        "2021-03",
        "https://arxiv.org/abs/2103.14030",
    ),
    (
        "Attention works inside small windows, so its cost grows with the area of the picture, not with its square.",
        "Every second layer shifts the windows by half, which lets neighbouring windows exchange information.",
        "Between stages 2x2 patches are merged, so the maps shrink as in a convolutional network.",
    ),
    "AdamW, 300 epochs with 20 of warm-up, batch 1024, learning rate 1e-3 on a cosine, weight decay 0.05, strong "
    "augmentation and stochastic depth.",
    least_size=4,
    size_rule="cuts the picture into patches of 4x4",
    source="Liu et al. 2021, table 1",
)
EFFICIENTNET_V2 = Kind(
    Paper(
        "EfficientNetV2: Smaller Models and Faster Training",
        "Mingxing Tan, Quoc V. Le",
        "2021-04",
        "https://arxiv.org/abs/2104.00298",
    ),
    (
        "Searched for training speed as well as for accuracy and size.",
        "In the early stages one full 3x3 convolution replaces the pair of 1x1 and depthwise 3x3 (Fused-MBConv): more "
        "MACs, but faster on real hardware.",
        "It is trained on small pictures first and on larger ones later, with augmentation that grows along.",
    ),
    "RMSProp, 350 epochs, batch 4096, progressive picture size with growing RandAugment, mixup and dropout.",
    difference="torchvision pads all sides of a map alike; Google's TensorFlow code pads the bottom and the right "
    "more, at stride 2 on even sizes.",
    source="Tan and Le 2021, table 7",
)
SWIN_V2 = Kind(
    Paper(
        "Swin Transformer V2: Scaling Up Capacity and Resolution",
        "Ze Liu, Han Hu, Yutong Lin, Zhuliang Yao, Zhenda Xie, Yixuan Wei, Jia Ning, Yue Cao, Zheng Zhang, Li Dong, "
        "Furu Wei, Baining Guo",
        "2021-11",
        "https://arxiv.org/abs/2111.09883",
    ),
    (
        "A Swin Transformer changed so that it can be scaled up without becoming unstable.",
        "Normalisation comes after attention and after the linear layers, and attention compares directions (cosine).",
        "Positions are measured on a logarithmic scale, which carries over to larger windows and pictures.",
    ),
    "AdamW as for Swin; its large versions are pre-trained on ImageNet-22K.",
    least_size=4,
    size_rule="cuts the picture into patches of 4x4",
)
CONVNEXT = Kind(
    Paper(
        "A ConvNet for the 2020s",
        "Zhuang Liu, Hanzi Mao, Chao-Yuan Wu, Christoph Feichtenhofer, Trevor Darrell, Saining Xie",
        "2022-01",
        "https://arxiv.org/abs/2201.03545",
    ),
    (
        "A ResNet modernised step by step after the Swin Transformer, and as accurate, with convolutions only.",
        "A block is a depthwise 7x7 convolution and two 1x1 convolutions, narrow outside and four times wider inside.",
        "It has fewer activations and norms: one GELU and one layer normalisation a block.",
    ),
    "AdamW, 300 epochs with 20 of warm-up, batch 4096, learning rate 4e-3 on a cosine, weight decay 0.05, mixup, "
    "CutMix, RandAugment, random erasing, label smoothing, stochastic depth.",
    least_size=32,
    size_rule="cuts the picture into patches of 4x4 and halves the map three times without padding",
    source="Liu et al. 2022, table 1",
)
MAXVIT = Kind(
    Paper(
        "MaxViT: Multi-Axis Vision Transformer",
        "Zhengzhong Tu, Hossein Talebi, Han Zhang, Feng Yang, Peyman Milanfar, Alan Bovik, Yinxiao Li",
        "2022-04",
        "https://arxiv.org/abs/2204.01697",
    ),
    (
        "Each block joins a convolution (MBConv) with two kinds of attention.",
        "Block attention looks inside small windows; grid attention looks at a sparse grid over the whole map.",
        "Both cost only as much as the area of the map, yet together every place can reach every other.",
    ),
    "AdamW, 300 epochs, batch 4096, cosine schedule, RandAugment, mixup, label smoothing, stochastic depth.",
    least_size=224,
    most_size=224,
    size_rule="plans its windows of 7x7 for the maps of a 224x224 picture",
    source="Tu et al. 2022",
)
