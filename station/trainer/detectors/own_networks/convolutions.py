"""The layers of which the networks of this room are made."""

from torch import nn

_SLOPE = 0.1


def convolved(before: int, after: int, *, kernel: int = 3, stride: int = 1, dilation: int = 1) -> tuple[nn.Module, ...]:
    """Return a convolution that keeps the size of the picture, or divides it by the stride, and what follows it.

    Args:
        before: Channels that come in.
        after: Channels that go out.
        kernel: Side of the kernel, odd.
        stride: Divides the size.
        dilation: How far apart the places lie that are looked at.
    """
    convolution = nn.Conv2d(before, after, kernel, stride, dilation * (kernel // 2), dilation)
    return convolution, nn.LeakyReLU(_SLOPE)


def enlarged(before: int, after: int) -> tuple[nn.Module, ...]:
    """Return the layers that double the size of the picture."""
    return nn.Upsample(scale_factor=2, mode="nearest"), *convolved(before, after)
