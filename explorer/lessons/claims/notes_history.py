"""Claims of the study notes on the case study from LeNet to ResNet, in Keras."""

from __future__ import annotations

from explorer.lessons.claims.claim import Claim, Figure
from explorer.lessons.claims.measures import (
    auxiliary_heads,
    count,
    depth,
    group_params,
    kernels,
    layer,
    output,
    params,
    saved,
)
from explorer.lessons.claims.sources import NOTES_HISTORY, convolution, explore, layers

_SHAPE = "channels, height, width"


def _keras(path: str) -> int:
    return layer("lenet_keras", path).params


_TO_2014 = (
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
        "notes-vgg-linear-billion",
        "The three linear layers of VGG have 1.22 billion parameters.",
        NOTES_HISTORY,
        "false",
        "123.6 million, ten times fewer: a slip between 1.2 and 12 in units of a hundred million.",
        explore("vgg16", "Charts"),
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
        "notes-vgg-keras-ten",
        'VGG16(weights="imagenet", include_top=True, classes=10) builds a VGG-16 for ten classes.',
        NOTES_HISTORY,
        "false",
        "Keras refuses: weights for 1,000 classes fit no other last layer. Built without weights, the network for ten "
        "classes has 134,301,514 parameters.",
        explore("vgg16", "Layers", classes="10"),
        ("vgg16",),
        quote="classes=10",
        reference="keras.applications, vgg16.py: classes has to be 1000 with include_top and imagenet",
    ),
)

_FROM_GOOGLENET = (
    Claim(
        "notes-googlenet-five",
        "GoogLeNet has 5 million parameters.",
        NOTES_HISTORY,
        "false",
        "7.0 million as published; 13.4 million with the two heads that are used in training.",
        explore("googlenet", "Charts"),
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
        convolution("Receptive field", stack="3,1 3,1 3,1"),
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
        explore("plain56", "Charts"),
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
        explore("resnet34", "Layers"),
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
        explore("resnet50", "Diagram"),
        ("resnet34", "resnet50"),
        (
            Figure("bottlenecks in ResNet-34", "blocks", lambda: count("resnet34", "Bottleneck"), 0),
            Figure("bottlenecks in ResNet-50", "blocks", lambda: count("resnet50", "Bottleneck"), 16),
            Figure("sums of a skip in ResNet-34", "sums", lambda: count("resnet34", "add"), 16),
        ),
        quote="bottleneck 이라고도",
    ),
)

CLAIMS = (*_TO_2014, *_FROM_GOOGLENET)
