PLACE = "/AppData/Local/Vendor/Browser/User Data/Default/Login Data"
