"""Expressions for the base's corpus: drawing them, reducing them step by step, and spoiling one step."""
import random
import re

LIMIT = 10**7  # larger values are drawn again
MASK64 = (1 << 64) - 1


def hash_text(text):
    """hash_text of src/base/random.cpp."""
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = ((value ^ byte) * 0x100000001B3) & MASK64
    value = ((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9) & MASK64
    value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & MASK64
    return value ^ (value >> 31)


def in_train_split(expression):
    return hash_text(expression + " =") % 100 < 80


def value(tree):
    if isinstance(tree, int):
        return tree
    left, operation, right = value(tree[0]), tree[1], value(tree[2])
    return left + right if operation == "+" else left - right if operation == "-" else left * right


def show(tree):
    return str(tree) if isinstance(tree, int) else f"({show(tree[0])} {tree[1]} {show(tree[2])})"


def flat(numbers, operations):
    return "(" + " ".join(str(x) for pair in zip(numbers, operations + [""]) for x in pair).rstrip() + ")"


def grouped(numbers, operations):
    """The tree of a flat chain under the usual precedence."""
    terms, signs = [numbers[0]], []
    for operation, number in zip(operations, numbers[1:]):
        if operation == "*":
            terms[-1] = (terms[-1], "*", number)
        else:
            terms.append(number)
            signs.append(operation)
    tree = terms[0]
    for sign, term in zip(signs, terms[1:]):
        tree = (tree, sign, term)
    return tree


INNERMOST = re.compile(r"\((-?\d+) ([-+*]) (-?\d+)\)")


def reduction(text):
    """The texts after each reduction of an innermost bracket, left to right, round by round."""
    steps = []
    while True:
        found = [(m.group(0), value((int(m.group(1)), m.group(2), int(m.group(3))))) for m in INNERMOST.finditer(text)]
        if not found:
            return steps
        for bracket, result in found:
            text = text.replace(bracket, str(result))
            steps.append(text)


def draw_number(rng, digits):
    return rng.choice((-1, 1)) * rng.randint(0 if digits == 1 else 10 ** (digits - 1), 10**digits - 1)


def draw_leaf(rng, length):
    while True:
        numbers = [rng.randint(-9, 9) for _ in range(length)]
        operations = [rng.choice("+-*") for _ in range(length - 1)]
        if abs(value(grouped(numbers, operations))) < LIMIT:
            return numbers, operations


def leaf_value(rng):
    return value(grouped(*draw_leaf(rng, rng.choice((2, 3, 3, 4, 4, 5)))))


def draw_tree(rng, leaves, draw):
    if leaves == 1:
        return draw()
    left = leaves // 2 if rng.random() < 0.8 else rng.randint(1, leaves - 1)
    return (draw_tree(rng, left, draw), rng.choice("+-*"), draw_tree(rng, leaves - left, draw))


def chain_of_leaf(rng, length=None):
    """[flat, grouped, ..., value] of one bracket group."""
    numbers, operations = draw_leaf(rng, length or rng.choice((2, 3, 3, 3, 4, 4, 4, 5, 5, 6, 6)))
    tree = show(grouped(numbers, operations))
    return [flat(numbers, operations), tree] + reduction(tree)


def chain_of_tree(rng, leaves=None):
    while True:
        tree = draw_tree(rng, leaves or rng.choice((2, 2, 3, 4, 4, 5, 6, 8)), lambda: leaf_value(rng))
        steps = reduction(show(tree))
        if all(abs(int(n)) < LIMIT for n in re.findall(r"-?\d+", steps[-1])) and len(show(tree)) < 150:
            return [show(tree)] + steps


def wrong_number(rng, number):
    text = str(abs(number))
    kind = rng.random()
    if kind < 0.35:
        return -number if number else 1
    if kind < 0.75:
        place = rng.randrange(len(text))
        digit = (int(text[place]) + rng.choice((1, 1, 2, 8, 9, 9, rng.randint(1, 9)))) % 10
        changed = int(text[:place] + str(digit) + text[place + 1:])
    else:
        changed = abs(number) + rng.choice((-10, -2, -1, 1, 2, 10))
    changed = abs(changed) * (-1 if number < 0 else 1)
    return changed if changed != number else number + 1


def change_number(rng, text):
    places = list(re.finditer(r"(?<![\d])-?\d+", text))
    place = rng.choice(places)
    return text[:place.start()] + str(wrong_number(rng, int(place.group(0)))) + text[place.end():]


def slip_in_chain(rng, chain):
    """(chain with one slip, the wrong part), or None where no change matters: x * 0, say. What follows the slip is carried
    on from it. A chain that opens with names gets its slip in what was put in their place."""
    for _ in range(20):
        at = 1 if re.search("[A-Z]", chain[0]) else rng.randrange(1, len(chain))
        wrong, shown = spoil(rng, chain[at])
        if not shown:  # a bracket is gone: nothing can be carried on
            return chain[:at] + [wrong] + chain[at + 1:], wrong
        if final_value(wrong) != int(chain[-1]):
            return chain[:at] + [wrong] + reduction(wrong), f"{chain[at - 1]} = {wrong}"
    return None


def spoil(rng, text):
    """(text with one change, whether it can still be worked out)."""
    kind = rng.random()
    if kind < 0.1 and text.count("(") > 1:
        bracket = rng.choice([i for i, c in enumerate(text) if c in "()"])
        return text[:bracket] + text[bracket + 1:], False
    if kind < 0.2 and "(" in text:
        operation = rng.choice(list(re.finditer(r" ([-+*]) ", text)))
        other = rng.choice([o for o in "+-*" if o != operation.group(1)])
        return text[:operation.start(1)] + other + text[operation.end(1):], True
    return change_number(rng, text), True


def final_value(text):
    if text.count("(") == 1:  # a flat group, as in a question
        parts = text.strip("()").split(" ")
        return value(grouped([int(n) for n in parts[0::2]], parts[1::2]))
    steps = reduction(text)
    return int(steps[-1] if steps else text)
