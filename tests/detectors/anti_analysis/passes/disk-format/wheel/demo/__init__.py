FORMATS = {"vmdk": "VMware disk", "vdi": "VirtualBox disk"}
