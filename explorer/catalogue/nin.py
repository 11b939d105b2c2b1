"""What is known about Network in Network."""

from explorer.architecture import Architecture, Option, Paper, Reference, Result

PAPER = Paper(
    title="Network In Network",
    authors="Min Lin, Qiang Chen, Shuicheng Yan",
    published="2013-12",
    url="https://arxiv.org/abs/1312.4400",
)
IDEAS = (
    "A plain convolution is a linear model of its patch; here a small perceptron slides over the picture instead.",
    "That perceptron is a convolution followed by two of 1x1, each with ReLU: 1x1 convolutions mix the maps at one "
    "position, an idea that GoogLeNet and ResNet live on.",
    "Global average pooling replaces the linear layers: the last convolution has one map for each class, and its mean "
    "is the class's score.",
)
NOT_IN_TORCHVISION = "torchvision has no Network in Network."

ARCHITECTURES = (
    Architecture(
        name="nin_cifar",
        title="Network in Network for CIFAR-10",
        family="NIN",
        paper=PAPER,
        builder="nin:nin_cifar",
        input_size=(3, 32, 32),
        least_size=4,
        size_rule="pools twice with windows of 3x3 and stride 2",
        classes=10,
        options=(
            Option("dropout", 0.5, "The share of values silenced behind the first two poolings.", (), 0, 0.9, 0.05),
        ),
        ideas=(
            *IDEAS,
            "Those means have no weights, so they cannot overfit, and the maps show where each class was seen.",
            "Dropout stands between the mlpconv layers and lowered the error on CIFAR-10 from 14.51 to 10.41 %.",
        ),
        recipe="SGD with batches of 128, weight decay, and starting values set by hand; the learning rate is divided "
        "by ten when training accuracy stops rising, twice in all. Pictures get global contrast normalisation and ZCA "
        "whitening; the better result adds shifts and mirror images.",
        results=(
            Result("CIFAR-10", "test set, no augmentation", "Lin et al. 2013, table 1", top1_error=10.41),
            Result("CIFAR-10", "test set, with augmentation", "Lin et al. 2013, table 1", top1_error=8.81),
        ),
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference(
                "params",
                966_986,
                "by hand: 14,592 + 30,880 + 15,456 + 460,992 + 37,056 + 37,056 + 331,968 + 37,056 + 1,930",
            ),
            Reference("depth", 9, "three mlpconv layers of three convolutions"),
        ),
    ),
    Architecture(
        name="nin",
        title="Network in Network for ImageNet",
        family="NIN",
        paper=PAPER,
        builder="nin:nin",
        input_size=(3, 224, 224),
        least_size=39,
        size_rule="shrinks the picture 32 times with windows of 11x11 and 3x3",
        options=(Option("dropout", 0.5, "The share of values silenced behind the last pooling.", (), 0, 0.9, 0.05),),
        ideas=(
            *IDEAS,
            "With no linear layers it takes 29 MiB, an eighth of AlexNet's file, at about AlexNet's accuracy.",
            "The paper has no ImageNet network; this is the one that its author released for Caffe.",
        ),
        recipe="The author's Caffe solver: SGD with momentum 0.9, weight decay 5e-4 and batches of 64; learning rate "
        "0.01, divided by ten every 200,000 of 450,000 steps; random crops of 224x224 and mirror images; four to five "
        "days on a GTX Titan.",
        results=(
            Result(
                "ImageNet 2012",
                "validation set, one crop",
                "Caffe model zoo, Network in Network Imagenet Model: 59.36 % right",
                top1_error=40.64,
            ),
        ),
        differences=(NOT_IN_TORCHVISION,),
        references=(
            Reference(
                "params",
                7_595_176,
                "by hand: 34,944 + 2 * 9,312 + 614,656 + 2 * 65,792 + 885,120 + 2 * 147,840 + 3,539,968 + 1,049,600 "
                "+ 1,025,000",
            ),
            Reference("depth", 12, "four mlpconv layers of three convolutions"),
        ),
    ),
)
