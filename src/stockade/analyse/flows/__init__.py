"""Where values go: over functions, fields and files inside an artifact, and across artifacts.

    read     one file's syntax tree -> RawModule: for each function what it calls with what, stores and returns
    program  all RawModules of an artifact -> Program: who calls whom, what a field may hold
    trace    Program -> Traced: from each sink backwards to the secrets and the parameters that reach it
    link     the summaries of a closure -> links: secrets that leave one artifact and are sent away by another

The analysis is field-sensitive (one node for each attribute of a class and its relatives), keeps the calls of one
function apart where values return (summaries: Reps, Horwitz and Sagiv, POPL 1995), and is bounded in every direction.
It follows values, not control: what a constructor stores counts as what any method of the same object may send.
"""
