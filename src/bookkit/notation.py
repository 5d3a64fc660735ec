"""How the text writes numbers and symbols: − for minus, layers above, neurons below."""

ABOVE = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
BELOW = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def minus(text):
    """Return text with typographic minus signs."""
    return text.replace("-", "−")


def nine(value):
    """Return a number to nine decimals, with a typographic minus."""
    return minus(f"{value:.9f}")


def symbol(letter, l, *indices):
    """Return a name as the text writes it: symbol("w", 2, 1, 2) is w²₁₂."""
    return letter + str(l).translate(ABOVE) + "".join(map(str, indices)).translate(BELOW)
