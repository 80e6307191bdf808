class Row(tuple):
    def __repr__(self):
        return "Row" + tuple.__repr__(self) + str.__str__("")
