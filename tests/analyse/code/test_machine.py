"""Decoders written by hand: what Python would make of constants is known, whatever way it takes."""

from __future__ import annotations

import zlib

import pytest

from tests.support.code import argument_of

_PLAIN = "import os; x = 1"

#: Bits as digits, as blanks of two kinds, and as two letters.
_BITS = " ".join(f"{ord(c):08b}" for c in _PLAIN)
_BLANK = _BITS.replace(" ", "-").replace("1", "\t").replace("0", "\xa0").replace("-", " ")
_LETTERS = _BITS.replace(" ", "").replace("1", "l").replace("0", "I")
_CASES = {
    # Containers that statements change.
    "append stmts": ("p = []\np.append('import os')\np.append('; x = 1')\nuse(''.join(p))"),
    "extend": ("p = ['import os']\np.extend(['; x', ' = 1'])\nuse(''.join(p))"),
    "list setitem": ("p = ['a','b']\np[0]='import os'\np[1]='; x = 1'\nuse(''.join(p))"),
    "dict setitem": ("p = {}\np['a']='import os'\np['b']='; x = 1'\nuse(p['a']+p['b'])"),
    "dict update": ("p = {}\np.update({'a':'import os'})\np.update(b='; x = 1')\nuse(p['a']+p['b'])"),
    "list reverse": ("p = ['; x = 1','import os']\np.reverse()\nuse(''.join(p))"),
    "list insert/pop": ("p = ['; x = 1','zz']\np.pop()\np.insert(0,'import os')\nuse(''.join(p))"),
    "bytearray": (
        "b = bytearray(b\"njwhus'ht<'\\x7f':'6\")\n"
        "for i in range(len(b)):\n"
        "    b[i] ^= 7\n"
        "use(bytes(b).decode())"
    ),
    "del": ("x=['a','import os','; x = 1']\ndel x[0]\nuse(''.join(x))"),
    "for enumerate mut": (
        "d=list('jnqpsu!pt<!y!>!2')\nfor i,c in enumerate(d):\n  d[i]=chr(ord(c)-1)\nuse(''.join(d))"
    ),
    # Loops.
    "while": (
        "s=b\"njwhus'ht<'\\x7f':'6\"\no=''\ni=0\nwhile i < len(s):\n    o += chr(s[i]^7)\n    i += 1\nuse(o)"
    ),
    "while True break": (
        "s=b\"njwhus'ht<'\\x7f':'6\"\n"
        "o=''\n"
        "i=0\n"
        "while True:\n"
        "    if i >= len(s):\n"
        "        break\n"
        "    o += chr(s[i]^7)\n"
        "    i += 1\n"
        "use(o)"
    ),
    "while in func": (
        "def d(s):\n"
        "  o=[]\n"
        "  i=0\n"
        "  while i<len(s):\n"
        "    o.append(chr(s[i]^7)); i+=1\n"
        "  return ''.join(o)\n"
        "use(d(b\"njwhus'ht<'\\x7f':'6\"))"
    ),
    "range len": ("s=b\"njwhus'ht<'\\x7f':'6\"\nuse(''.join([chr(s[i]^7) for i in range(len(s))]))"),
    "range step": ("s='ixmxpxoxrxtx xoxsx;x xxx x=x x1x'\nuse(''.join(s[i] for i in range(0,len(s),2)))"),
    "for tuple": ("o=''\nfor a,b in [('import os','; x'),(' ','= 1')]:\n  o+=a+b\nuse(o)"),
    "for nested": ("o=''\nfor a in ['import os','; x = 1']:\n  for c in a:\n    o+=c\nuse(o)"),
    "for if continue": ("o=''\nfor c in 'i#mport o#s; x = 1':\n  if c=='#':\n    continue\n  o+=c\nuse(o)"),
    "for call helper": (
        "def k(c): return chr(ord(c)-1)\no=''\nfor c in 'jnqpsu!pt<!y!>!2':\n  o+=k(c)\nuse(o)"
    ),
    "for dict items": ("o=''\nfor k,v in {'import os':'; x','':' = 1'}.items():\n  o+=k+v\nuse(o)"),
    "int divmod loop": (
        "n=140137180374619790623166465272438399025\no=''\nwhile n:\n  n,r=divmod(n,256)\n  o=chr(r)+o\nuse(o)"
    ),
    "rc4": (
        "def rc4(key, data):\n"
        "    S = list(range(256))\n"
        "    j = 0\n"
        "    for i in range(256):\n"
        "        j = (j + S[i] + key[i % len(key)]) % 256\n"
        "        S[i], S[j] = S[j], S[i]\n"
        "    i = j = 0\n"
        "    out = []\n"
        "    for ch in data:\n"
        "        i = (i + 1) % 256\n"
        "        j = (j + S[i]) % 256\n"
        "        S[i], S[j] = S[j], S[i]\n"
        "        out.append(ch ^ S[(S[i] + S[j]) % 256])\n"
        "    return bytes(out)\n"
        "use(rc4(b'key', bytes.fromhex('6201448256fb5b253b702803366032cc')).decode())"
    ),
    "caesar alpha": (
        "def d(t, k):\n"
        "    r = ''\n"
        "    for ch in t:\n"
        "        if ch.isalpha():\n"
        "            base = 97 if ch.islower() else 65\n"
        "            r += chr((ord(ch) - base - k) % 26 + base)\n"
        "        else:\n"
        "            r += ch\n"
        "    return r\n"
        "use(d('lpsruw rv; a = 1', 3))"
    ),
    # Helpers.
    "nested helper": (
        "def d(s,k):\n"
        "  def one(c):\n"
        "    return chr(ord(c)-k)\n"
        "  return ''.join(one(c) for c in s)\n"
        "use(d('jnqpsu!pt<!y!>!2',1))"
    ),
    "helper of helper": (
        "def one(c,k=1):\n"
        "  return chr(ord(c)-k)\n"
        "def d(s):\n"
        "  o=''\n"
        "  for c in s:\n"
        "    o=o+one(c)\n"
        "  return o\n"
        "use(d('jnqpsu!pt<!y!>!2'))"
    ),
    "map helper": ("def one(c):\n  return chr(ord(c)-1)\nuse(''.join(map(one,'jnqpsu!pt<!y!>!2')))"),
    "map 2": ("import operator\nuse(bytes(map(operator.xor, b\"njwhus'ht<'\\x7f':'6\", [7]*16)).decode())"),
    "zip cycle": (
        "import itertools\n"
        "use(''.join(chr(a^b) for a,b in zip(b\"njwhus'ht<'\\x7f':'6\", itertools.cycle([7]))))"
    ),
    "from cycle": (
        "from itertools import cycle\n"
        "k='\\x07'\n"
        "use(''.join(chr(a^ord(b)) for a,b in zip(b\"njwhus'ht<'\\x7f':'6\", cycle(k))))"
    ),
    "enumerate key": (
        "k=b'\\x07\\x07'\n"
        "use(bytes(c ^ k[i%len(k)] for i,c in enumerate(b\"njwhus'ht<'\\x7f':'6\")).decode())"
    ),
    "default arg": ("def f(s='1 = x ;so tropmi'):\n  return s[::-1]\nuse(f())"),
    "kwonly": ("def f(*, s):\n  return s[::-1]\nuse(f(s='1 = x ;so tropmi'))"),
    "vararg": ("def f(*a):\n  return ''.join(a)\nuse(f('import os','; x = 1'))"),
    "kwarg": ("def f(**a):\n  return a['p']+a['q']\nuse(f(p='import os',q='; x = 1'))"),
    "generator func": ("def g():\n  yield 'import os'\n  yield '; x = 1'\nuse(''.join(g()))"),
    "generator loop": (
        "def g(s):\n  for c in s:\n    yield chr(ord(c)-1)\nuse(''.join(g('jnqpsu!pt<!y!>!2')))"
    ),
    "try in func": (
        "def d(s):\n"
        "  try:\n"
        "    return s[::-1]\n"
        "  except Exception:\n"
        "    return ''\n"
        "use(d('1 = x ;so tropmi'))"
    ),
    "import in func": (
        "def d(s):\n"
        "  import base64\n"
        "  return base64.b64decode(s).decode()\n"
        "use(d('aW1wb3J0IG9zOyB4ID0gMQ=='))"
    ),
    "from import in func": (
        "def d(s):\n"
        "  from base64 import b64decode as q\n"
        "  x=q(s)\n"
        "  return x.decode()\n"
        "use(d('aW1wb3J0IG9zOyB4ID0gMQ=='))"
    ),
    "tuple return": ("def d():\n  return 'import os','; x = 1'\na,b=d()\nuse(a+b)"),
    "recursion": (
        "def r(s):\n  if not s:\n    return ''\n  return r(s[1:])+s[0]\nuse(r('1 = x ;so tropmi'))"
    ),
    "closure": (
        "def mk(k):\n"
        "  def d(s):\n"
        "    return ''.join(chr(ord(c)-k) for c in s)\n"
        "  return d\n"
        "d=mk(1)\n"
        "use(d('jnqpsu!pt<!y!>!2'))"
    ),
    "decorator": (
        "def deco(f):\n"
        "  def w(s):\n"
        "    return f(s[::-1])\n"
        "  return w\n"
        "@deco\n"
        "def i(s):\n"
        "  return s\n"
        "use(i('1 = x ;so tropmi'))"
    ),
    "ifexp func": ("def f(a):\n  return 'import os; x = 1' if a else ''\nuse(f(True))"),
    "global table": ("T={}\ndef init():\n  global T\n  T={'a':'import os; x = 1'}\ninit()\nuse(T['a'])"),
    # Lambdas.
    "lambda wrap": ("d=lambda s: s[::-1]\ne=lambda s: d(s)\nuse(e('1 = x ;so tropmi'))"),
    "compose": (
        "c=lambda f,g: lambda x: f(g(x))\nd=c(lambda s: s[::-1], lambda s: s+'i')\nuse(d('1 = x ;so tropm'))"
    ),
    "lambda star": ("f=lambda *a: ''.join(a)\nuse(f('import os','; x = 1'))"),
    "lambda default": ("f=lambda s,k=1: ''.join(chr(ord(c)-k) for c in s)\nuse(f('jnqpsu!pt<!y!>!2'))"),
    "reduce": (
        "from functools import reduce\nuse(reduce(lambda a,c: a+chr(ord(c)-1),'jnqpsu!pt<!y!>!2',''))"
    ),
    "filter": "use(''.join(filter(lambda c: c!='#','im#port os; x = 1')))",
    "sorted key": "use(''.join(b for a,b in sorted([(2,'; x = 1'),(1,'import os')])))",
    "sorted key lambda": "use(''.join(sorted(['; x = 1','import os'],key=lambda s:-len(s))))",
    "chain": ("from itertools import chain\nuse(''.join(chain(['import os'],['; x = 1'])))"),
    "partial": ("from functools import partial\nd=partial(str.replace,'imQport os; x = 1','Q')\nuse(d(''))"),
    "itemgetter": ("import operator\nuse(operator.itemgetter(1)(['a','import os; x = 1']))"),
    "operator methods": ("import operator\nuse(operator.methodcaller('decode')(b'import os; x = 1'))"),
    # Classes.
    "class method": ("class K:\n  def d(self,s):\n    return s[::-1]\nuse(K().d('1 = x ;so tropmi'))"),
    "instance method": (
        "class K:\n"
        "  def d(self,s):\n"
        "    return ''.join(chr(ord(c)-1) for c in s)\n"
        "k=K()\n"
        "use(k.d('jnqpsu!pt<!y!>!2'))"
    ),
    "static method": (
        "class K:\n"
        "  @staticmethod\n"
        "  def d(s):\n"
        "    return ''.join(chr(ord(c)-1) for c in s)\n"
        "use(K.d('jnqpsu!pt<!y!>!2'))"
    ),
    "class meth": (
        "class K:\n"
        "  @classmethod\n"
        "  def d(cls,s):\n"
        "    return ''.join(chr(ord(c)-1) for c in s)\n"
        "use(K.d('jnqpsu!pt<!y!>!2'))"
    ),
    "self.key": (
        "class K:\n"
        "  def __init__(self,k):\n"
        "    self.k=k\n"
        "  def d(self,s):\n"
        "    return ''.join(chr(ord(c)-self.k) for c in s)\n"
        "use(K(1).d('jnqpsu!pt<!y!>!2'))"
    ),
    "self.key const": (
        "class K:\n"
        "  def __init__(self):\n"
        "    self.k=1\n"
        "    self.s='jnqpsu!pt<!y!>!2'\n"
        "  def d(self):\n"
        "    return ''.join(chr(ord(c)-self.k) for c in self.s)\n"
        "  def go(self):\n"
        "    use(self.d())"
    ),
    "class lambda": ("class K:\n  d=lambda s: s[::-1]\nuse(K.d('1 = x ;so tropmi'))"),
    "unbound meth": ("class K:\n  def d(s):\n    return s[::-1]\nuse(K.d('1 = x ;so tropmi'))"),
    "property": ("class K:\n  @property\n  def d(self):\n    return 'import os; x = 1'\nuse(K().d)"),
    "class with loop": (
        "class D:\n"
        "    KEY = 7\n"
        "    def __init__(self, blob):\n"
        "        self.blob = blob\n"
        "        self.out = bytearray()\n"
        "    def run(self):\n"
        "        for c in self.blob:\n"
        "            self.out.append(c ^ self.KEY)\n"
        "        return self.out.decode()\n"
        "use(D(b\"njwhus'ht<'\\x7f':'6\").run())"
    ),
    "inner class inst": (
        "class K:\n"
        "  def __init__(self):\n"
        "    self.t={'a':'import os','b':'; x = 1'}\n"
        "  def g(self,k):\n"
        "    return self.t[k]\n"
        "k=K()\n"
        "use(k.g('a')+k.g('b'))"
    ),
    "list comp in class": ("class K:\n  P=[105,109]\n  S=''.join(map(chr,P))\nuse(K.S+'port os; x = 1')"),
    # Indirections.
    "builtins getattr": ("import builtins\nuse(getattr(builtins,'chr')(105)+'mport os; x = 1')"),
    "globals": "use(globals()['__builtins__'].chr(105)+'mport os; x = 1')",
    "__builtins__ getattr": "use(getattr(__builtins__,'c'+'hr')(105)+'mport os; x = 1')",
    "vars builtins": ("import builtins\nuse(vars(builtins)['chr'](105)+'mport os; x = 1')"),
    "builtins __dict__": "use(__builtins__.__dict__['chr'](105)+'mport os; x = 1')",
    "import_module": (
        "import importlib\n"
        "use(importlib.import_module('base64').b64decode('aW1wb3J0IG9zOyB4ID0gMQ==').decode())"
    ),
    "__import__ getattr": "use(getattr(__import__('base'+'64'),'b64'+'decode')('aW1wb3J0IG9zOyB4ID0gMQ==').decode())",
    "eval getattr": (
        "g=eval('getattr')\n"
        "i=eval('__import__')\n"
        "use(g(i('base64'),'b64decode')('aW1wb3J0IG9zOyB4ID0gMQ==').decode())"
    ),
    "eval of eval bytes": ("e=eval(bytes([101,118,97,108]).decode())\nuse(e(\"'import os' + '; x = 1'\"))"),
    "globals func": ("def d(s): return s[::-1]\nuse(globals()['d']('1 = x ;so tropmi'))"),
    "globals set": ("globals()['zz']='import os; x = 1'\nuse(zz)"),
    "setattr": ("class K: pass\nsetattr(K,'a','import os; x = 1')\nuse(K.a)"),
    "getattr str": "use(getattr('1 = x ;so tropmi','replace')('#','')[::-1])",
    "getattr bytes decode": "use(getattr(b'import os; x = 1','dec'+'ode')())",
    "__getitem__": "use('import os; x = 1zz'.__getitem__(slice(0,16)))",
    "str.join unbound": "use(str.join('',['import os','; x = 1']))",
    "bytes.decode unbound": "use(bytes.decode(b'import os; x = 1'))",
    "name from list for exec": (
        "n=['base64','b64decode']\nuse(getattr(__import__(n[0]),n[1])('aW1wb3J0IG9zOyB4ID0gMQ==').decode())"
    ),
    "sys.modules": (
        "import sys,base64\nuse(sys.modules['base64'].b64decode('aW1wb3J0IG9zOyB4ID0gMQ==').decode())"
    ),
    "compile eval": "use(eval(compile(\"'import os; x = 1'\",'',eval.__name__)))",
    "int.__add__": "use(chr((100).__add__(5))+'mport os; x = 1')",
    # Hidden data.
    "whitespace stego": (
        f"w={_BLANK!r}\n"
        "use(''.join(chr(int(x.replace('\\t','1').replace('\\xa0','0'),2)) for x in w.split(' ')))"
    ),
    "two letter": (
        f"w={_LETTERS!r}\n"
        "b=w.replace('l','1').replace('I','0')\n"
        "use(''.join(chr(int(b[i:i+8],2)) for i in range(0,len(b),8)))"
    ),
    "module doc": ("'''import os; x = 1'''\nuse(__doc__)"),
    "func doc": ("def f():\n  '''import os; x = 1'''\nuse(f.__doc__)"),
    "class doc": ("class K:\n  '''import os; x = 1'''\nuse(K.__doc__)"),
    "int to bytes": (
        "n=140137180374619790623166465272438399025\nuse(n.to_bytes((n.bit_length()+7)//8,'big').decode())"
    ),
    "int base2": (f"b={_BITS!r}\nuse(''.join(chr(int(x,2)) for x in b.split()))"),
    "dict lookup": ("m={'A':'import os','B':'; x = 1'}\nuse(''.join(m[c] for c in 'AB'))"),
    "dict get": ("m={'A':'import os','B':'; x = 1'}\nuse(''.join(m.get(c,c) for c in 'AB'))"),
    "reversed table": ("t=['1','= ','x ','; ','os','import ']\nuse(''.join(t[::-1]))"),
    "codecs getdecoder": ("import codecs\nuse(codecs.getdecoder('rot13')('vzcbeg bf; k = 1')[0])"),
    "codecs getencoder": ("import codecs\nuse(codecs.getencoder('utf-8')('import os; x = 1')[0].decode())"),
    "struct": (
        "import struct\nuse(b''.join(struct.pack('B',c) for c in [105,109]).decode()+'port os; x = 1')"
    ),
    "re.sub": ("import re\nuse(re.sub('#','','im#port os; x = 1'))"),
    "re.findall": (
        "import re\nuse(''.join(chr(int(h,16)) for h in re.findall('..','696d706f7274206f733b2078203d2031')))"
    ),
    "textwrap.dedent": ("import textwrap\nuse(textwrap.dedent('   import os; x = 1'))"),
    "py2 decode": "use('aW1wb3J0IG9zOyB4ID0gMQ=='.decode('base64'))",
    "unicode unichr": "use(unicode('').join([unichr(ord(c)-1) for c in u'jnqpsu!pt<!y!>!2']))",
    "with closing": ("import io\nuse(io.BytesIO(b'import os; x = 1').read().decode())"),
    "decompressobj": (
        f"import zlib\nuse(zlib.decompressobj().decompress({zlib.compress(_PLAIN.encode())!r}).decode())"
    ),
    # Choices.
    "boolop": "use('' or 'import os; x = 1')",
    "boolop and": "use(1 and 'import os; x = 1')",
    "chained compare": "use('import os; x = 1' if 1 < 2 < 3 else '')",
    "if const": ("if 1 > 2:\n  s='no'\nelse:\n  s='import os; x = 1'\nuse(s)"),
    "star unpack": ("a,*b='import os','; x',' = 1'\nuse(a+''.join(b))"),
    "nested unpack": ("(a,(b,c))=('import os',('; x',' = 1'))\nuse(a+b+c)"),
}


@pytest.mark.parametrize("text", _CASES.values(), ids=_CASES)
def test_a_decoder_is_followed(text: str) -> None:
    value = argument_of(text)
    assert value.known and value.const in (_PLAIN, _PLAIN.encode())


@pytest.mark.parametrize(
    ("text", "steps"),
    [
        (_CASES["while"], ("xor", "chr")),
        (_CASES["getattr bytes decode"], ()),
        (_CASES["re.sub"], ("replace",)),
        (_CASES["caesar alpha"], ("chr",)),
    ],
)
def test_what_a_run_undoes_is_told(text: str, steps: tuple[str, ...]) -> None:
    assert argument_of(text).steps == steps


@pytest.mark.parametrize(
    "text",
    [
        "import struct\nuse(struct.pack('262B', 1))",
        "import struct\nuse(struct.pack('!z', 1))",
        "import struct\nuse(struct.unpack('!z', b'1'))",
        "import re\nuse(re.sub('(', '', 'a'))",
    ],
)
def test_a_step_that_fails_is_unknown_rather_than_a_crash(text: str) -> None:
    assert not argument_of(text).known
