"""What is wrong with this installation, seen from inside, and how to mend it.

Each module examines one part and yields findings; nothing here changes anything but a probe file
in the store of media, which it takes away again.
"""
