import torch


def save(net):
    torch.save(net, "net.pth")


with open("weights.pth", "rb") as file:
    HEAD = file.read(2)
