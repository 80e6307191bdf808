rule house_word {
  strings:
    $a = "xyzzy-plugh"
  condition:
    $a
}
