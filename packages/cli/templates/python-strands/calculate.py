import re


def calculate(expression: str) -> str:
    """One operation on two numbers, as in 6 * 7."""
    found = re.fullmatch(r"\s*(-?[\d.]+)\s*([-+*/])\s*(-?[\d.]+)\s*", expression)
    if not found:
        return f"cannot calculate {expression}"
    left, right = float(found[1]), float(found[3])
    results = {"+": lambda: left + right, "-": lambda: left - right, "*": lambda: left * right, "/": lambda: left / right}
    return f"{results[found[2]]():g}"
