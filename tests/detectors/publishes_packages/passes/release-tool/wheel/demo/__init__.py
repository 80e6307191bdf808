def release(run):
    run("twine upload dist/*")
