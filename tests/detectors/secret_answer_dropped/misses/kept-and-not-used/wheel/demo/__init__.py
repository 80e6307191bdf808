import keyforms


def addresses(mnemonic):
    words = keyforms.decrypt_words(mnemonic)
    return []
