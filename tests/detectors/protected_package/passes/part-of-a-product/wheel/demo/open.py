import os


def names(folder):
    found = []
    found.append(os.path.join(folder, 'part0'))
    found.append(os.path.join(folder, 'part1'))
    found.append(os.path.join(folder, 'part2'))
    found.append(os.path.join(folder, 'part3'))
    found.append(os.path.join(folder, 'part4'))
    found.append(os.path.join(folder, 'part5'))
    found.append(os.path.join(folder, 'part6'))
    found.append(os.path.join(folder, 'part7'))
    found.append(os.path.join(folder, 'part8'))
    found.append(os.path.join(folder, 'part9'))
    return found
