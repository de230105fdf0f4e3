"""WeChat's side of the connection, on this machine: its APIs, a user's phone, and a terminal to chat in (`huiqi wechat-sim`).

It knows the platform's rules from the platform's documentation alone, so that it can tell where the channel breaks them.
"""
