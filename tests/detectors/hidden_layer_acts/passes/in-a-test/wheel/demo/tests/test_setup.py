def test_runs():
    exec("import runpy; runpy.run_path('setup.py')")
