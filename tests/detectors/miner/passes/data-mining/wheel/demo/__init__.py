TEXT = "a miner of frequent patterns; stratum by stratum"
