def undo(text, turn):
    out = []
    for char in text:
        out.append(turn(char))
    return "".join(out)


def run(turn):
    exec(undo("qsjou)*", turn))
