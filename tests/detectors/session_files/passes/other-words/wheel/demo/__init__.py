NAMES = ["traindata", "testdata", "tdata"]
