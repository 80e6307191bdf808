from demo.start import begin

begin()
