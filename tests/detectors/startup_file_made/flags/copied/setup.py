import shutil
import sysconfig

shutil.copy("a.txt", sysconfig.get_path("purelib") + "/usercustomize.py")
