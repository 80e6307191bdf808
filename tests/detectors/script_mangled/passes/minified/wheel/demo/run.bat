set year=%date:~0,4%
