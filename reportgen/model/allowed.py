"""What a model file may name: parts of Keras that compute on numbers and nothing else.

Left out on purpose are all that hold code (Lambda), call another program's model
(TFSMLayer, FlaxLayer, JaxLayer, TorchModuleWrapper), read files (StringLookup,
IntegerLookup, TextVectorization), wrap an operation by its name, or compute as long as
the file likes (SpectralNormalization). Left out as well are layers for sequences. Those
that change images at random while training are admitted where they hand images on as
they are to who predicts.
"""

NETWORKS = frozenset(
    {("keras", "Sequential"), ("keras.src.models.functional", "Functional")}
)
"""(module, class name) of a whole network, as Keras writes it."""

_DIMENSIONS = ("1D", "2D", "3D")

_LAYERS = {
    "Activation",
    "ActivityRegularization",
    "Add",
    "AlphaDropout",
    "Average",
    "BatchNormalization",
    "CenterCrop",
    "Concatenate",
    "Dense",
    "DepthwiseConv1D",
    "DepthwiseConv2D",
    "Dot",
    "Dropout",
    "ELU",
    "EinsumDense",
    "Flatten",
    "GaussianDropout",
    "GaussianNoise",
    "GroupNormalization",
    "Identity",
    "InputLayer",
    "LayerNormalization",
    "LeakyReLU",
    "Maximum",
    "Minimum",
    "Multiply",
    "Normalization",
    "PReLU",
    "Permute",
    "RMSNormalization",
    "ReLU",
    "RepeatVector",
    "Rescaling",
    "Reshape",
    "Resizing",
    "SeparableConv1D",
    "SeparableConv2D",
    "Softmax",
    "Subtract",
    "UnitNormalization",
}

_LAYERS_BY_DIMENSION = {
    "AdaptiveAveragePooling",
    "AdaptiveMaxPooling",
    "AveragePooling",
    "Conv",
    "Cropping",
    "GlobalAveragePooling",
    "GlobalMaxPooling",
    "MaxPooling",
    "SpatialDropout",
    "UpSampling",
    "ZeroPadding",
}

_RANDOM_LAYERS = {
    "RandomBrightness",
    "RandomColorDegeneration",
    "RandomColorJitter",
    "RandomContrast",
    "RandomErasing",
    "RandomFlip",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomHue",
    "RandomInvert",
    "RandomPerspective",
    "RandomPosterization",
    "RandomRotation",
    "RandomSaturation",
    "RandomSharpness",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
}
"""Not RandomCrop, whose cut depends on the size of what comes in."""

_OPERATIONS = {
    "keras.src.ops.nn": {
        "Elu",
        "Gelu",
        "HardSigmoid",
        "HardSilu",
        "LeakyRelu",
        "LogSoftmax",
        "Relu",
        "Relu6",
        "Sigmoid",
        "Silu",
        "Softmax",
        "Softplus",
    },
    "keras.src.ops.numpy": {
        "Absolute",
        "Add",
        "Divide",
        "Exp",
        "Log",
        "Maximum",
        "Minimum",
        "Multiply",
        "Negative",
        "Sqrt",
        "Square",
        "Subtract",
        "Tanh",
        "TrueDivide",
    },
}
"""What stands between the layers of a functional network where it was written as
arithmetic: value by value, on tensors and numbers."""

OPERATIONS = frozenset(
    (module, name) for module, names in _OPERATIONS.items() for name in names
)

_PARTS = {
    "keras": {"DTypePolicy"},
    "keras.constraints": {"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"},
    "keras.initializers": {
        "Constant",
        "GlorotNormal",
        "GlorotUniform",
        "HeNormal",
        "HeUniform",
        "Identity",
        "LecunNormal",
        "LecunUniform",
        "Ones",
        "Orthogonal",
        "RandomNormal",
        "RandomUniform",
        "TruncatedNormal",
        "VarianceScaling",
        "Zeros",
    },
    "keras.regularizers": {"L1", "L1L2", "L2", "OrthogonalRegularizer"},
}

ALLOWED = (
    NETWORKS
    | OPERATIONS
    | {("keras.layers", name) for name in _LAYERS | _RANDOM_LAYERS}
    | {
        ("keras.layers", f"{name}{suffix}")
        for name in _LAYERS_BY_DIMENSION
        for suffix in _DIMENSIONS
    }
    | {("keras.layers", f"Conv{suffix}Transpose") for suffix in _DIMENSIONS}
    | {(module, name) for module, names in _PARTS.items() for name in names}
)
"""(module, class name) of all that an admitted file may name."""

NAMED_BY = ("activation", "_constraint", "_initializer", "_regularizer")
"""How a setting's key ends whose text Keras looks up as a function or a class."""

_ACTIVATIONS = {
    "celu",
    "elu",
    "exponential",
    "gelu",
    "glu",
    "hard_shrink",
    "hard_sigmoid",
    "hard_silu",
    "hard_swish",
    "hard_tanh",
    "leaky_relu",
    "linear",
    "log_sigmoid",
    "log_softmax",
    "mish",
    "relu",
    "relu6",
    "selu",
    "sigmoid",
    "silu",
    "soft_shrink",
    "softmax",
    "softplus",
    "softsign",
    "sparse_plus",
    "sparse_sigmoid",
    "sparsemax",
    "squareplus",
    "swish",
    "tanh",
    "tanh_shrink",
    "threshold",
}

_SHORT = {
    "constant",
    "glorot_normal",
    "glorot_uniform",
    "he_normal",
    "he_uniform",
    "identity",
    "l1",
    "l1_l2",
    "l2",
    "lecun_normal",
    "lecun_uniform",
    "max_norm",
    "min_max_norm",
    "non_neg",
    "ones",
    "orthogonal",
    "orthogonal_regularizer",
    "random_normal",
    "random_uniform",
    "truncated_normal",
    "unit_norm",
    "variance_scaling",
    "zeros",
}
"""Other names of initializers, regularizers and constraints."""

WORDS = frozenset(_ACTIVATIONS | _SHORT | set().union(*_PARTS.values()))
"""What such a text may be."""
