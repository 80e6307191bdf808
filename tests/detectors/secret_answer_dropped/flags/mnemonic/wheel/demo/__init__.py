import mnemonic_words


def addresses(seed, depth):
    mnemonic_words.decrypt_words(seed)
    return [f"m/{number}" for number in range(depth)]
