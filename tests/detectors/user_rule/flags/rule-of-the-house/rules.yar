rule house_word {
  meta:
    description = "a word that our house looks for"
  strings:
    $a = "xyzzy-plugh"
  condition:
    $a
}
