import base64

import keyforms
import vendorsdk
from demo import forms


def use(private_key, seed):
    vendorsdk.configure(private_key)
    keyforms.check_key(private_key)
    base64.b64decode(private_key)
    forms.to_hex(private_key)
    keyforms.to_words(seed)
    return keyforms.to_hex(private_key)
