"""What a model file may name: parts of Keras that compute on numbers and nothing else.

Left out on purpose are all that hold code (Lambda), call another program's model
(TFSMLayer, FlaxLayer, JaxLayer, TorchModuleWrapper), read files (StringLookup,
IntegerLookup, TextVectorization), or wrap an operation by its name.
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

_PARTS = {
    "keras": {"DTypePolicy"},
    "keras.constraints": {"MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"},
    "keras.initializers": {
        "Constant",
        "GlorotNormal",
        "GlorotUniform",
        "HeNormal",
        "HeUniform",
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
    | {("keras.layers", name) for name in _LAYERS}
    | {
        ("keras.layers", f"{name}{suffix}")
        for name in _LAYERS_BY_DIMENSION
        for suffix in _DIMENSIONS
    }
    | {("keras.layers", f"Conv{suffix}Transpose") for suffix in _DIMENSIONS}
    | {(module, name) for module, names in _PARTS.items() for name in names}
)
"""(module, class name) of all that an admitted file may name."""
