𝗽𝗿𝗶𝗻𝘁("abcd")
𝗽𝗿𝗶𝗻𝘁("abcde")
𝗽𝗿𝗶𝗻𝘁("abcdef")
